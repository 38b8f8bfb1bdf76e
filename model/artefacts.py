"""Where the trained artefacts lie, and how their card is read and written."""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

MODEL_DIR: Final = Path(__file__).resolve().parent
SERVED_DIR: Final = MODEL_DIR.parent / "digitcore" / "recognition" / "network"
"""Where the files that serve lie: inside of the package that reads with them."""

KERAS_NAME: Final = "digits.keras"
LITERT_NAME: Final = "digits.tflite"
EXPLAINER_NAME: Final = "explainer.tflite"
CARD_NAME: Final = "card.json"
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
    card: dict[str, Any] = json.loads((served_in(folder) / CARD_NAME).read_text(encoding="utf-8"))
    return card


def write_card(card: dict[str, Any], folder: Path = MODEL_DIR) -> None:
    """Write the card, readably, so that a change of the network shows in a diff."""
    (served_in(folder) / CARD_NAME).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
