"""Export a trained network to LiteRT: the classifier and the explainer.

`python -m model.export` exports `digits.keras` again and updates the model card.
"""

import tempfile
from pathlib import Path
from typing import Any

import keras

from model import artefacts
from model.architecture import ConvBlock, InceptionBlock, load_network


def export(folder: Path) -> dict[str, Any]:
    """Export the network in `folder` to two LiteRT files, the classifier and the explainer, with batch normalisation folded in.

    Returns:
        The entry `model` of the model card: names, sizes and hashes of the files, and the layers.
    """
    keras_path, served = folder / artefacts.KERAS_NAME, artefacts.served_in(folder)
    litert, explainer = served / artefacts.LITERT_NAME, served / artefacts.EXPLAINER_NAME
    network = load_network(keras_path)
    export_litert(build_classifier(network), litert)
    export_litert(build_explainer(network), explainer)
    return {
        "file": litert.name,
        "sha256": artefacts.sha256(litert),
        "size_bytes": litert.stat().st_size,
        "keras_file": keras_path.name,
        "keras_sha256": artefacts.sha256(keras_path),
        "explainer_file": explainer.name,
        "explainer_sha256": artefacts.sha256(explainer),
        "parameters": network.count_params(),
        "branches": branch_names(network),
        "layers": describe_layers(network),
    }


def export_litert(network: keras.Model, path: Path) -> Path:
    """Export a network to a LiteRT file, and return its path."""
    network.export(path, format="litert", verbose=False)
    return path


def served_model(path: Path) -> bytes:
    """Convert a saved network, a `.keras` file, to LiteRT, and return the contents of the LiteRT file."""
    with tempfile.TemporaryDirectory() as folder:
        return export_litert(build_classifier(load_network(path)), Path(folder) / artefacts.LITERT_NAME).read_bytes()


def build_classifier(network: keras.Model) -> keras.Model:
    """Build the served network: the same, with the pooled features before the dense layer as a second output."""
    *_, average, dense = network.layers
    return keras.Model(network.input, [dense.output, average.output], name="classifier")


def build_explainer(network: keras.Model) -> keras.Model:
    """Build the explainer: the same network with the class activation maps and the outputs of each Inception branch as its outputs.

    With global average pooling and one dense layer as the head, the map of a class is the sum of the last feature maps, weighted by the
    weights of that class, and the mean of the map plus the bias is the logit of the class (Zhou et al. 2016).
    """
    *body, _, dense = network.layers
    x = body[0].output
    branches = []
    for layer in body[1:]:
        if isinstance(layer, InceptionBlock):
            outputs = list(layer.branch_outputs(x, training=False).values())
            branches += outputs
            x = keras.layers.Concatenate()(outputs)
        else:
            x = layer(x)
    kernel, _ = dense.weights
    maps = keras.layers.Conv2D(kernel.shape[1], 1, use_bias=False, name="class_maps")
    class_maps = maps(x)
    maps.set_weights([kernel.numpy()[None, None]])
    return keras.Model(body[0].output, [class_maps, *branches], name="explainer")


def branch_names(network: keras.Model) -> list[str]:
    """List the names of the branches as `block/branch`, in the order of the outputs of the explainer."""
    return [f"{layer.name}/{branch}" for layer in network.layers if isinstance(layer, InceptionBlock) for branch in layer.branches]


def describe_layers(network: keras.Model) -> list[dict[str, Any]]:
    """Describe the layers in order, so that they can be drawn without loading the network.

    Returns:
        For each layer its `name`, its `kind` (`input`, `convolution`, `max_pooling`, `inception`, `average`, `dense`), the side of its
        window `window_px` where it has one, its `output_shape` as `[height, width, channels]` or `[channels]`, and the number of its
        `parameters`; an Inception block also has `branches`, each with `name` and `layers`.
    """
    shape, described = network.input_shape, []
    for layer in network.layers:
        branches = {"branches": _branches(layer, shape)} if isinstance(layer, InceptionBlock) else {}
        described.append({"name": layer.name, **_described(layer, shape), **branches})
        shape = layer.output.shape
    return described


def _branches(block: InceptionBlock, input_shape: tuple[int | None, ...]) -> list[dict[str, Any]]:
    """Describe the branches of a block: the name and the layers of each."""
    described = []
    for name, branch in block.branches.items():
        shape, steps = input_shape, []
        for layer in branch:
            steps.append(_described(layer, shape))
            shape = layer.compute_output_shape(shape)
        described.append({"name": name, "layers": steps})
    return described


def _described(layer: keras.Layer, input_shape: tuple[int | None, ...]) -> dict[str, Any]:
    """Describe a layer, without its name."""
    kind, window_px = _kind(layer)
    shape = input_shape if kind == "input" else layer.compute_output_shape(input_shape)
    return {
        "kind": kind,
        **({"window_px": window_px} if window_px else {}),
        "output_shape": list(shape[1:]),
        "parameters": layer.count_params(),
    }


def _kind(layer: keras.Layer) -> tuple[str, int | None]:
    """Return the kind of a layer, and the side of its window in pixels; None where it has no window."""
    match layer:
        case keras.layers.InputLayer():
            return "input", None
        case ConvBlock():
            return "convolution", layer.kernel_px
        case keras.layers.MaxPooling2D():
            return "max_pooling", layer.pool_size[0]
        case InceptionBlock():
            return "inception", None
        case keras.layers.GlobalAveragePooling2D():
            return "average", None
        case keras.layers.Dense():
            return "dense", None
    raise ValueError(f"expected a layer that `build_network` makes, received {layer!r}.")


def main() -> None:
    """Export `digits.keras` again and update the model card."""
    artefacts.write_card({**artefacts.read_card(), "model": export(artefacts.MODEL_DIR)})


if __name__ == "__main__":
    main()
