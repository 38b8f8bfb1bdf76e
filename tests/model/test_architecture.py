import numpy as np
import pytest


@pytest.fixture(scope="module")
def network(keras, architecture):
    keras.utils.set_random_seed(1)
    return architecture.build_network()


def test_pictures_become_ten_logits(network):
    assert network.input_shape == (None, 28, 28, 1)
    assert network.output_shape == (None, 10)
    logits = network(np.zeros((3, 28, 28, 1), np.float32), training=False)
    assert logits.shape == (3, 10)


def test_the_head_is_an_average_and_one_dense_layer(keras, network):
    *_, average, dense = network.layers
    assert isinstance(average, keras.layers.GlobalAveragePooling2D)
    assert isinstance(dense, keras.layers.Dense)
    assert dense.activation is keras.activations.linear


def test_a_block_stacks_its_four_branches(architecture):
    block = architecture.InceptionBlock(architecture.BranchWidths(2, 3, 4, 5, 6, 7))
    x = np.random.default_rng(1).normal(size=(2, 9, 9, 5)).astype(np.float32)
    stacked = block(x)
    assert stacked.shape == (2, 9, 9, 2 + 4 + 6 + 7)
    assert block.compute_output_shape((None, 9, 9, 5)) == (None, 9, 9, 19)
    outputs = block.branch_outputs(x)
    assert list(outputs) == ["one", "three", "five", "pool"]
    assert np.allclose(np.concatenate([np.asarray(each) for each in outputs.values()], axis=-1), stacked)


def test_a_saved_network_answers_the_same_when_it_is_read_again(architecture, network, tmp_path):
    network.save(tmp_path / "network.keras")
    again = architecture.load_network(tmp_path / "network.keras")
    x = np.random.default_rng(2).random((4, 28, 28, 1), np.float32)
    assert np.allclose(network(x, training=False), again(x, training=False), atol=1e-6)


def test_a_block_is_made_again_from_its_configuration(architecture):
    block = architecture.InceptionBlock(architecture.BranchWidths(2, 3, 4, 5, 6, 7), name="here")
    again = architecture.InceptionBlock.from_config(block.get_config())
    assert (again.name, again.widths) == (block.name, block.widths)


def test_fused_normalisation_is_keras_own_but_for_its_speed(keras, architecture):
    x = np.random.default_rng(3).normal(2, 3, (64, 5, 5, 4)).astype(np.float32)
    fused, plain = architecture.FusedBatchNormalization(momentum=0.5), keras.layers.BatchNormalization(momentum=0.5)
    for _ in range(2):
        assert np.allclose(fused(x, training=True), plain(x, training=True), atol=1e-4)
    assert np.allclose(fused.moving_mean, plain.moving_mean, atol=1e-5)
    assert np.allclose(fused.moving_variance, plain.moving_variance, rtol=1e-3)  # of the sample, not of the batch
    assert np.allclose(fused(x, training=False), plain(x, training=False), atol=1e-2)
