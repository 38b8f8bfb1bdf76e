"""Locate the trained artefacts, and read and write their model card.

The served files are part of the package `digitcore`, which also defines their names.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from digitcore.recognition import artifacts

MODEL_DIR: Final = Path(__file__).resolve().parent
SERVED_DIR: Final = Path(str(artifacts.PACKAGED_NETWORK))
"""Folder of the served files."""

KERAS_NAME: Final = "digits.keras"
LITERT_NAME: Final = artifacts.MODEL_NAME
EXPLAINER_NAME: Final = artifacts.EXPLAINER_NAME
CARD_NAME: Final = artifacts.CARD_NAME
SEEDS_NAME: Final = "seeds"
"""Folder of the networks that were trained in the same way from other seeds."""


def sha256(path: Path) -> str:
    """Compute the SHA-256 of a file as 64 hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def served_in(folder: Path) -> Path:
    """Return the folder of the served files: that of `digitcore` for the shipped network, else `folder` itself."""
    return SERVED_DIR if folder == MODEL_DIR else folder


def read_card(folder: Path = MODEL_DIR) -> dict[str, Any]:
    """Read the card of the artefacts in `folder`."""
    return artifacts.read_card(served_in(folder))


def write_card(card: dict[str, Any], folder: Path = MODEL_DIR) -> None:
    """Write the card as indented JSON, so that a diff shows what changed."""
    (served_in(folder) / CARD_NAME).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
