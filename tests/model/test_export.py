import keras
import pytest

from model import artefacts
from model.architecture import FINE_BLOCKS, build_network, load_network
from model.export import branch_names, describe_layers


@pytest.fixture(scope="module")
def layers():
    return describe_layers(build_network())


def test_every_layer_is_described_in_order(layers):
    assert [layer["kind"] for layer in layers] == [
        "input",
        "convolution",
        "max_pooling",
        "convolution",
        "inception",
        "inception",
        "max_pooling",
        "inception",
        "inception",
        "average",
        "dense",
    ]
    assert (layers[0]["output_shape"], layers[-1]["output_shape"]) == ([28, 28, 1], [10])
    assert layers[1] == {"name": "stem_fine", "kind": "convolution", "window_px": 3, "output_shape": [28, 28, 16], "parameters": 208}


def test_a_blocks_branches_add_up_to_it(layers):
    for block in (layer for layer in layers if layer["kind"] == "inception"):
        last = [branch["layers"][-1] for branch in block["branches"]]
        assert sum(step["output_shape"][-1] for step in last) == block["output_shape"][-1]
        assert {tuple(step["output_shape"][:2]) for step in last} == {tuple(block["output_shape"][:2])}
        assert sum(step["parameters"] for branch in block["branches"] for step in branch["layers"]) == block["parameters"]


def test_branches_carry_the_names_that_the_explainer_knows(layers):
    described = [f"{layer['name']}/{branch['name']}" for layer in layers for branch in layer.get("branches", [])]
    assert described == branch_names(build_network())
    five = layers[4]["branches"][2]["layers"]
    assert [(step["window_px"], step["output_shape"][-1]) for step in five] == [(1, FINE_BLOCKS[0].five_reduce), (5, FINE_BLOCKS[0].five)]


def test_a_layer_that_nobody_knows_is_refused():
    inputs = keras.layers.Input((4, 4, 1))
    with pytest.raises(ValueError, match="Flatten"):
        describe_layers(keras.Model(inputs, keras.layers.Flatten()(inputs)))


def test_the_shipped_card_describes_the_shipped_network():
    card, network = artefacts.read_card(), load_network(artefacts.MODEL_DIR / artefacts.KERAS_NAME)
    assert card["model"]["layers"] == describe_layers(network)
    assert sum(layer["parameters"] for layer in card["model"]["layers"]) == card["model"]["parameters"]
