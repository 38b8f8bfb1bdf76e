"""Writes a trained network for serving and for explaining: `python -m model.export` exports `digits.keras` again."""

import tempfile
from pathlib import Path
from typing import Any

import keras

from model import artefacts
from model.architecture import ConvBlock, InceptionBlock, load_network


def export(folder: Path) -> dict[str, Any]:
    """Write the network in `folder` for LiteRT, batch normalisation folded in: to answer, and to explain.

    Returns:
        What the card says of the files: names, sizes, hashes.
    """
    keras_path, served = folder / artefacts.KERAS_NAME, artefacts.served_in(folder)
    litert, explainer = served / artefacts.LITERT_NAME, served / artefacts.EXPLAINER_NAME
    network = load_network(keras_path)
    export_litert(network, litert)
    export_litert(explaining(network), explainer)
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
    """Write any network for LiteRT, and return where."""
    network.export(path, format="litert", verbose=False)
    return path


def served_model(path: Path) -> bytes:
    """Convert a saved network to LiteRT in memory."""
    with tempfile.TemporaryDirectory() as folder:
        return export_litert(load_network(path), Path(folder) / artefacts.LITERT_NAME).read_bytes()


def explaining(network: keras.Model) -> keras.Model:
    """Give the network other outputs: the class activation maps, then the activations of each Inception branch.

    With an average and one dense layer for a head, a class's map is the last feature maps weighed by that class's row of
    weights, and the mean of the map plus the bias is the logit (Zhou et al. 2016): the map is the answer, spread out.
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
    """List the branches in the order of the explainer's outputs, as `block/branch`."""
    return [f"{layer.name}/{branch}" for layer in network.layers if isinstance(layer, InceptionBlock) for branch in layer.branches]


def describe_layers(network: keras.Model) -> list[dict[str, Any]]:
    """Describe the network's layers in order, so that they can be drawn without loading it.

    Returns:
        For each its name, kind (`input`, `convolution`, `max_pooling`, `inception`, `average`, `dense`), window in pixels where
        it has one, output shape `[height, width, channels]` or `[channels]`, and parameters; a block also its branches, each a
        name and its layers.
    """
    shape, described = network.input_shape, []
    for layer in network.layers:
        branches = {"branches": _branches(layer, shape)} if isinstance(layer, InceptionBlock) else {}
        described.append({"name": layer.name, **_described(layer, shape), **branches})
        shape = layer.output.shape
    return described


def _branches(block: InceptionBlock, input_shape: tuple[int | None, ...]) -> list[dict[str, Any]]:
    described = []
    for name, branch in block.branches.items():
        shape, steps = input_shape, []
        for layer in branch:
            steps.append(_described(layer, shape))
            shape = layer.compute_output_shape(shape)
        described.append({"name": name, "layers": steps})
    return described


def _described(layer: keras.Layer, input_shape: tuple[int | None, ...]) -> dict[str, Any]:
    """Describe a layer, its name apart."""
    kind, window_px = _kind(layer)
    shape = input_shape if kind == "input" else layer.compute_output_shape(input_shape)
    return {
        "kind": kind,
        **({"window_px": window_px} if window_px else {}),
        "output_shape": list(shape[1:]),
        "parameters": layer.count_params(),
    }


def _kind(layer: keras.Layer) -> tuple[str, int | None]:
    """Return a layer's kind, and the side of its window in pixels if it has one."""
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
    """Export `digits.keras` again and put the files' hashes into the card."""
    artefacts.write_card({**artefacts.read_card(), "model": export(artefacts.MODEL_DIR)})


if __name__ == "__main__":
    main()
