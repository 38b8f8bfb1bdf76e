import pytest

from model import artefacts


@pytest.fixture(scope="module")
def layers(architecture, export):
    return export.describe_layers(architecture.build_network())


def test_every_layer_is_described_in_order(layers):
    assert [layer["kind"] for layer in layers] == [
        "input",
        "convolution",
        "max_pooling",
        "convolution",
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


def test_branches_carry_the_names_that_the_explainer_knows(architecture, export, layers):
    described = [f"{layer['name']}/{branch['name']}" for layer in layers for branch in layer.get("branches", [])]
    assert described == export.branch_names(architecture.build_network())
    widths = architecture.FINE_BLOCKS[0]
    five = layers[4]["branches"][2]["layers"]
    assert [(step["window_px"], step["output_shape"][-1]) for step in five] == [(1, widths.five_reduce), (5, widths.five)]


def test_a_layer_that_nobody_knows_is_refused(keras, export):
    inputs = keras.layers.Input((4, 4, 1))
    with pytest.raises(ValueError, match="Flatten"):
        export.describe_layers(keras.Model(inputs, keras.layers.Flatten()(inputs)))


def test_the_shipped_card_describes_the_shipped_network(architecture, export):
    card, network = artefacts.read_card(), architecture.load_network(artefacts.MODEL_DIR / artefacts.KERAS_NAME)
    assert card["model"]["layers"] == export.describe_layers(network)
    assert sum(layer["parameters"] for layer in card["model"]["layers"]) == card["model"]["parameters"]
