"""The whole way measured: photographed pages of the factory, written with digits that no training saw, from pixels to text."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from digitcore import Classifier, read_image
from digitcore.types import UInt8Array
from model.data import LabelledDigits
from synthetic.pages import Page, page, page_without_digits, picture_glyphs

PAGES: Final = 200
EMPTY_PAGES: Final = 100
VARIED_PAGES: Final = 50
"""So many pages, from seed 0 on, are read; have no digit; are read again in other shapes."""

SCALE: Final = (0.5, 2.0)
TURN_DEG: Final = 8.0
SHIFT: Final = 0.04
"""How those are scaled, turned, and moved in shares of their sides."""


def measure_pages(classifier: Classifier, digits: LabelledDigits) -> dict[str, Any]:
    """Measure characters and whole pages read right, pages without a digit left unread, and variants read alike."""
    glyphs = picture_glyphs(digits.images, digits.labels)
    pages = [page(seed, glyphs) for seed in range(PAGES)]
    texts = [read_image(each.picture, classifier=classifier).text for each in pages]
    silent = [read_image(page_without_digits(seed).picture, classifier=classifier).text == "" for seed in range(EMPTY_PAGES)]
    return {
        "count": PAGES,
        "characters_pct": round(characters_pct(pages, texts), 2),
        "whole_pct": round(100 * float(np.mean([text == each.text for text, each in zip(texts, pages, strict=True)])), 1),
        "without_digits": {"count": EMPTY_PAGES, "silent_pct": round(100 * float(np.mean(silent)), 1)},
        "varied": {"count": VARIED_PAGES, "same_text_pct": same_text_pct(classifier, pages[:VARIED_PAGES], texts)},
    }


def characters_pct(pages: list[Page], texts: list[str]) -> float:
    """Compute one less the edit distance as a share of the true text, in percent; marks between lines don't count."""
    plain = [(each.text.replace("/", ""), text.replace("/", "")) for each, text in zip(pages, texts, strict=True)]
    edits = sum(Levenshtein.distance(true, found) for true, found in plain)
    return 100 * (1 - edits / sum(len(true) for true, _ in plain))


def same_text_pct(classifier: Classifier, pages: Sequence[Page], texts: Sequence[str]) -> dict[str, float]:
    """Compute in how many percent of the cases a page reads the same when it is moved, scaled, rotated or inverted."""
    same: dict[str, list[bool]] = {}
    for seed, (each, text) in enumerate(zip(pages, texts, strict=False)):
        for name, varied in variants(each.picture, np.random.default_rng(seed)):
            same.setdefault(name, []).append(read_image(varied, classifier=classifier).text == text)
    every = [each for cases in same.values() for each in cases]
    return {name: round(100 * float(np.mean(cases)), 1) for name, cases in (*same.items(), ("all", every))}


def variants(picture: UInt8Array, rng: np.random.Generator) -> Iterator[tuple[str, UInt8Array]]:
    """Transform one page in several ways, uint8 `(h, w, 3)` each; new area continues the picture's edge."""
    height, width = picture.shape[:2]
    yield "inverted", 255 - picture
    scale = rng.uniform(*SCALE)
    smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    yield "scaled", np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=smooth), np.uint8)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-TURN_DEG, TURN_DEG), 1)
    shift = np.array([[1, 0, rng.uniform(-SHIFT, SHIFT) * width], [0, 1, rng.uniform(-SHIFT, SHIFT) * height]])
    for name, change in (("turned", turn), ("moved", shift)):
        yield name, np.asarray(cv2.warpAffine(picture, change, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)
