"""Synthetic samples, drawn once: pictures are kept as PNG files, together with the ground truth of hard pages."""

import hashlib
import json
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from digitcore.io.strokes import Stroke
from digitcore.types import Box
from synthetic.hard_pages import HardPage, Mark, Truth, hard_page, hard_page_without_digits
from synthetic.hard_pages.pages import FIRST_WRITER
from synthetic.numbers import write_number
from synthetic.pages import Page, page, page_of_numbers, page_without_digits
from synthetic.writers import make_writer
from tuning.samples import Sample

ROOT: Final = Path(__file__).resolve().parents[1]
FIRST_SEED: Final = 9_000
"""Seed of the first picture of each set; no other measurement and no test uses the seeds from here on."""

PICTURES: Final[dict[str, Callable[[int], Page]]] = {
    "hard pages": hard_page,
    "plain pages": page,
    "numbers": lambda seed: page_of_numbers(seed, make_writer(FIRST_WRITER + seed)),
    "hard pages without digits": hard_page_without_digits,
    "plain pages without digits": page_without_digits,
}
"""Functions that draw the pictures of a set by their seed."""

DRAWINGS: Final = "synthetic drawings"
WRITTEN: Final = frozenset({"numbers"})
"""Sets in which separators count."""

_DRAWING_SIZE_WH: Final = (900, 280)
_DRAWING_DIGIT_PX: Final = 130
_DRAWING_PEN_PX: Final = 16


@dataclass(frozen=True, slots=True)
class _Label:
    """What a picture in the cache shows."""

    name: str
    expected: str


def synthetic_samples(set_name: str, count: int, cache: Path) -> list[Sample]:
    """Draw the samples of a set, or load those that were drawn before by the same code.

    Args:
        set_name: one of `PICTURES`, or `DRAWINGS`.
        count: how many.
        cache: folder of the drawn pictures.

    Returns:
        The samples; each seed is a source of its own.
    """
    seeds = range(FIRST_SEED, FIRST_SEED + count)
    if set_name == DRAWINGS:
        return [_drawing(seed) for seed in seeds]
    folder = cache / f"pictures-{_fingerprint()}" / set_name.replace(" ", "-")
    folder.mkdir(parents=True, exist_ok=True)
    missing = [seed for seed in seeds if not _label_path(folder, seed).exists()]
    if missing:
        with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
            list(pool.map(partial(_draw, set_name, folder), missing))
    labels = [_Label(**json.loads(_label_path(folder, seed).read_text(encoding="utf-8"))) for seed in seeds]
    return [
        Sample(set_name, label.name, label.name, label.expected, set_name in WRITTEN, str(folder / f"{label.name}.png")) for label in labels
    ]


def load_truth(picture: Path) -> Truth:
    """Load the ground truth of a hard page.

    Args:
        picture: path of its picture in the cache.

    Returns:
        What `hard_page` returned with it.
    """
    with np.load(picture.with_suffix(".npz")) as arrays:
        known = json.loads(str(arrays["marks"]))
        digits, others = (tuple(Mark(text, line, Box(*box)) for text, line, box in known[kind]) for kind in ("digits", "other_marks"))
        return Truth(arrays["sheet_corners"], known["is_light_ink"], arrays["ink_mask"], arrays["ruling_mask"], digits, others)


def _draw(set_name: str, folder: Path, seed: int) -> None:
    """Draw one picture into the cache; its label last, which tells that it is complete."""
    drawn = PICTURES[set_name](seed)
    _, png = cv2.imencode(".png", cv2.cvtColor(drawn.picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 1])
    (folder / f"{seed}.png").write_bytes(png.tobytes())
    if isinstance(drawn, HardPage):
        _save_truth(folder / f"{seed}.npz", drawn.truth)
    expected = " / ".join(drawn.lines) if set_name in WRITTEN else drawn.text
    _label_path(folder, seed).write_text(json.dumps(asdict(_Label(str(seed), expected))), encoding="utf-8")


def _save_truth(path: Path, truth: Truth) -> None:
    marks: dict[str, Any] = {
        kind: [(each.text, each.line, each.box) for each in getattr(truth, kind)] for kind in ("digits", "other_marks")
    }
    text = np.array(json.dumps(marks | {"is_light_ink": bool(truth.is_light_ink)}))
    np.savez_compressed(path, sheet_corners=truth.sheet_corners, ink_mask=truth.ink_mask, ruling_mask=truth.ruling_mask, marks=text)


def _label_path(folder: Path, seed: int) -> Path:
    return folder / f"{seed}.json"


def _drawing(seed: int) -> Sample:
    """Write a number of a few digits on a canvas."""
    rng = np.random.default_rng((seed, 1))
    text = "".join(str(digit) for digit in rng.integers(0, 10, rng.integers(1, 5)))
    writer = make_writer(FIRST_WRITER + seed)
    paths = write_number(writer, text, rng)
    strokes = tuple(Stroke(path * _DRAWING_DIGIT_PX + np.array([40.0, 75.0]), pen_px=_DRAWING_PEN_PX) for path in paths)
    return Sample(DRAWINGS, str(seed), str(seed), text, strokes=strokes, size_wh=_DRAWING_SIZE_WH)


def _fingerprint() -> str:
    """Hash the code that draws: a change of it draws everything again."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "synthetic").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
