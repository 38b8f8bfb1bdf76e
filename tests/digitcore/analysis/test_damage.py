import numpy as np
import pytest

from digitcore import Classifier
from digitcore.analysis.damage import Damage, DamageKind, NetworkWeights, apply_damage, compare_damaged
from digitcore.analysis.damage.damage import MAX_NOISE
from digitcore.recognition.artifacts import PACKAGED_NETWORK, read_model
from model.handwritten import many_handwritten

MODEL, CARD = read_model(PACKAGED_NETWORK)
DIGITS = many_handwritten(60, np.random.default_rng(7))


def logits(model):
    return Classifier(model, CARD).logits(DIGITS.images)


def own_weights():
    network = NetworkWeights(MODEL)
    return [*network.weights, *network.biases]


def test_a_network_that_is_written_again_answers_bit_for_bit_the_same():
    np.testing.assert_array_equal(logits(NetworkWeights(MODEL).to_bytes()), logits(MODEL))


def test_layers_are_those_of_three_blocks_with_four_branches_each():
    layers = NetworkWeights(MODEL).layers
    ends = sorted((layer.block, layer.branch) for layer in layers if layer.block is not None)
    assert ends == [(block, branch) for block in range(3) for branch in range(4)]
    assert {branch: {layer.kernel_px for layer in layers if layer.branch == branch} for branch in range(4)} == {
        0: {1},
        1: {3},
        2: {5},
        3: {1},
    }
    assert layers[-1].channels == 10


@pytest.mark.parametrize(
    "damage", [Damage(kind=DamageKind.NOISE, noise=0), Damage(kind=DamageKind.SEED)], ids=["no noise", "its own weights"]
)
def test_what_changes_no_weight_changes_no_answer(damage):
    np.testing.assert_array_equal(logits(apply_damage(MODEL, damage, own_weights())), logits(MODEL))


def test_noise_changes_the_answers_more_the_more_there_is():
    changes = [
        np.abs(logits(apply_damage(MODEL, Damage(kind=DamageKind.NOISE, noise=noise))) - logits(MODEL)).mean() for noise in (0.05, 0.2, 0.8)
    ]
    assert 0 < changes[0] < changes[1] < changes[2]


@pytest.mark.parametrize("block", range(3))
@pytest.mark.parametrize("branch", range(4))
def test_a_branch_that_is_switched_off_gives_only_zeros(block, branch):
    """The input of every later layer is unchanged by any input of the branch: its last weights and biases are zero."""
    damage = Damage(kind=DamageKind.BRANCH, block=block, branch=branch)
    before, after = NetworkWeights(MODEL), NetworkWeights(apply_damage(MODEL, damage))
    changed = [index for index, pair in enumerate(zip(before.weights, after.weights, strict=True)) if not np.array_equal(*pair)]
    assert [(before.layers[index].block, before.layers[index].branch) for index in changed] == [(block, branch)]
    assert not after.weights[changed[0]].any()
    assert not after.biases[changed[0]].any()


def test_a_layer_that_forgets_is_random_and_all_others_are_kept():
    after = NetworkWeights(apply_damage(MODEL, Damage(kind=DamageKind.LAYER, layer=4, seed=1)))
    other = NetworkWeights(apply_damage(MODEL, Damage(kind=DamageKind.LAYER, layer=4, seed=2)))
    before = NetworkWeights(MODEL)
    for index, weights in enumerate(before.weights):
        assert np.array_equal(weights, after.weights[index]) is (index != 4)
    assert not np.array_equal(after.weights[4], other.weights[4])
    assert after.weights[4].std() == pytest.approx(np.sqrt(2 / after.weights[4][0].size), rel=0.05)


def test_8_bits_keep_at_most_255_values_within_half_a_step():
    after = NetworkWeights(apply_damage(MODEL, Damage(kind=DamageKind.EIGHT_BITS)))
    for weights, rounded in zip(NetworkWeights(MODEL).weights, after.weights, strict=True):
        assert len(np.unique(rounded)) <= 255
        assert np.abs(weights - rounded).max() <= np.abs(weights).max() / 127 / 2 * 1.001


@pytest.mark.parametrize(
    "damage",
    [
        {"kind": DamageKind.BRANCH, "block": 3},
        {"kind": DamageKind.BRANCH, "branch": 4},
        {"kind": DamageKind.LAYER, "layer": 21},
        {"kind": DamageKind.LAYER, "layer": -1},
        {"kind": DamageKind.NOISE, "noise": MAX_NOISE + 0.1},
        {"kind": DamageKind.NOISE, "noise": float("nan")},
        {"kind": DamageKind.SEED},
    ],
)
def test_a_damage_that_cannot_be_done_is_an_error(damage):
    with pytest.raises(ValueError, match="expected"):
        apply_damage(MODEL, Damage(**damage))


def test_bytes_of_another_format_are_an_error():
    with pytest.raises(ValueError, match="expected a LiteRT model"):
        NetworkWeights(b"text of no model")


def test_both_networks_are_compared_on_the_same_digits():
    damage = Damage(kind=DamageKind.LAYER, layer=20)
    comparison = compare_damaged(damage, DIGITS.images, DIGITS.labels, DIGITS.images[0])
    expected = logits(apply_damage(MODEL, damage)).argmax(axis=1)
    np.testing.assert_array_equal(comparison.predictions, expected)
    assert comparison.damaged_accuracy == (expected == DIGITS.labels).mean()
    assert comparison.accuracy == (logits(MODEL).argmax(axis=1) == DIGITS.labels).mean() > comparison.damaged_accuracy
    assert comparison.probabilities.argmax() == logits(MODEL)[0].argmax()
    assert comparison.damaged_probabilities.argmax() == expected[0]
    assert comparison.probabilities.sum() == pytest.approx(1, abs=1e-5)
