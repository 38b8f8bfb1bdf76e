"""Locate the trained artefacts, and read and write their model card.

The served files belong to the package that reads with them, which also has their names.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from digitcore.recognition import artifacts

MODEL_DIR: Final = Path(__file__).resolve().parent
SERVED_DIR: Final = Path(str(artifacts.PACKAGED_NETWORK))
"""The folder of the served files."""

KERAS_NAME: Final = "digits.keras"
LITERT_NAME: Final = artifacts.MODEL_NAME
EXPLAINER_NAME: Final = artifacts.EXPLAINER_NAME
CARD_NAME: Final = artifacts.CARD_NAME
SEEDS_NAME: Final = "seeds"
"""The folder of the networks that were trained alike from other seeds."""


def sha256(path: Path) -> str:
    """Compute a file's SHA-256, as 64 hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def served_in(folder: Path) -> Path:
    """Find the folder of the files that serve: the package's own for what ships, else `folder` itself."""
    return SERVED_DIR if folder == MODEL_DIR else folder


def read_card(folder: Path = MODEL_DIR) -> dict[str, Any]:
    """Read the card of the artefacts in `folder`."""
    return artifacts.read_card(served_in(folder))


def write_card(card: dict[str, Any], folder: Path = MODEL_DIR) -> None:
    """Write the card, readably, so that a change of the network shows in a diff."""
    (served_in(folder) / CARD_NAME).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
