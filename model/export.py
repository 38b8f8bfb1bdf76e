"""Writes a trained network for serving and for explaining: `python -m model.export` exports `digits.keras` again."""

from pathlib import Path
from typing import Any

import keras

from model import artefacts
from model.architecture import InceptionBlock, load_network


def export(folder: Path) -> dict[str, Any]:
    """Write the network in `folder` for LiteRT, batch normalisation folded in: to answer, and to explain.

    Returns:
        What the card says of the files: names, sizes, hashes.
    """
    keras_path, litert, explainer = (folder / name for name in (artefacts.KERAS_NAME, artefacts.LITERT_NAME, artefacts.EXPLAINER_NAME))
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
    }


def export_litert(network: keras.Model, path: Path) -> Path:
    """Write any network for LiteRT, and return where."""
    network.export(path, format="litert", verbose=False)
    return path


def explaining(network: keras.Model) -> keras.Model:
    """The same network with other outputs: the class activation maps, then what each Inception branch makes of the picture.

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
    """The branches in the explainer's order, as `block/branch`."""
    return [f"{layer.name}/{branch}" for layer in network.layers if isinstance(layer, InceptionBlock) for branch in layer.branches]


def main() -> None:
    """Export `digits.keras` again and put the files' hashes into the card."""
    artefacts.write_card({**artefacts.read_card(), "model": export(artefacts.MODEL_DIR)})


if __name__ == "__main__":
    main()
