"""Read the files of the network: the LiteRT model, its explainer and its model card, packaged or in a folder of the caller's."""

import hashlib
import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from digitcore.errors import ExplanationError, ModelError
from digitcore.messages import Message

PACKAGED_NETWORK: Final[Traversable] = files(__package__) / "network"
"""The folder of the network that ships with the package, in a checkout and in an installed wheel alike."""

MODEL_NAME: Final = "digits.tflite"
EXPLAINER_NAME: Final = "explainer.tflite"
CARD_NAME: Final = "card.json"

MODEL_REMEDY: Final = Message(
    "Reinstall the package, or in a checkout run `git checkout -- digitcore/recognition/network`, or train the network again "
    "with `make train`."
)
_EXPLAINER_REMEDY: Final = Message(
    "Digits are still read. Reinstall the package, or in a checkout run `git checkout -- digitcore/recognition/network`."
)


def read_model(folder: Traversable, name: str = MODEL_NAME) -> tuple[bytes, dict[str, Any]]:
    """Read a LiteRT model and the model card in the same folder, and compare their checksums.

    Args:
        folder: where both files are.
        name: the model's file name.

    Returns:
        The model's bytes, and the card as a JSON object.

    Raises:
        ModelError: a file is missing or damaged, or the model's SHA-256 isn't the one in its card.
    """
    model, card = _read_file(folder / name), read_card(folder)
    try:
        expected = card["model"]["sha256"]
    except (KeyError, TypeError) as error:
        raise damaged_network(name) from error
    if hashlib.sha256(model).hexdigest() != expected:
        raise ModelError(
            Message("The network `{name}` doesn't match the checksum in its model card. {remedy}", name=name, remedy=MODEL_REMEDY)
        )
    return model, card


def read_card(folder: Traversable) -> dict[str, Any]:
    """Read a model card.

    Args:
        folder: where `card.json` is.

    Returns:
        The card, a JSON object.

    Raises:
        ModelError: the card is missing or isn't a JSON object.
    """
    content = _read_file(folder / CARD_NAME)
    try:
        card = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _damaged_card() from error
    if not isinstance(card, dict):
        raise _damaged_card()
    return card


def read_explainer(card: dict[str, Any]) -> tuple[bytes, list[str]]:
    """Read the packaged explainer and compare its checksum with the one in the model card.

    Args:
        card: the card of the network that is to be explained.

    Returns:
        The explainer's bytes, and the names of the Inception branches in the order of its outputs.

    Raises:
        ExplanationError: the file is missing, damaged, or belongs to another network.
    """
    try:
        content = (PACKAGED_NETWORK / EXPLAINER_NAME).read_bytes()
    except OSError as error:
        missing = Message("`{name}` is missing, so this can't be explained. {remedy}", name=EXPLAINER_NAME, remedy=_EXPLAINER_REMEDY)
        raise ExplanationError(missing) from error
    branches = card["model"].get("branches")
    if hashlib.sha256(content).hexdigest() != card["model"].get("explainer_sha256") or not isinstance(branches, list):
        raise damaged_explainer()
    return content, branches


def damaged_explainer() -> ExplanationError:
    """Return the error for an explainer that is damaged or doesn't match the model card, to be raised."""
    return ExplanationError(
        Message(
            "`{name}` is damaged or belongs to another network, so this can't be explained. {remedy}",
            name=EXPLAINER_NAME,
            remedy=_EXPLAINER_REMEDY,
        )
    )


def damaged_network(name: str) -> ModelError:
    """Return the error for a model that can't be run or whose card lacks a field.

    Args:
        name: the model's file name.

    Returns:
        The error, to be raised.
    """
    return ModelError(Message("The network `{name}` or its model card is damaged. {remedy}", name=name, remedy=MODEL_REMEDY))


def _damaged_card() -> ModelError:
    return ModelError(Message("The model card `{name}` is damaged. {remedy}", name=CARD_NAME, remedy=MODEL_REMEDY))


def _read_file(file: Traversable) -> bytes:
    try:
        return file.read_bytes()
    except (OSError, ValueError) as error:  # a path may have a NUL
        raise ModelError(Message("The file `{name}` of the network is missing. {remedy}", name=file.name, remedy=MODEL_REMEDY)) from error
