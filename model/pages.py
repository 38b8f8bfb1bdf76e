"""Measure the whole reading pipeline on synthetic photographs of pages, written with digits of the MNIST test set."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from digitcore import Classifier, read_image
from digitcore.types import UInt8Array
from model.data import LabelledDigits
from synthetic.hard_pages import hard_page, hard_page_without_digits
from synthetic.pages import Page, page, page_without_digits, picture_glyphs
from synthetic.sheet import Glyphs

PAGES: Final = 200
"""Number of pages with digits, whose seeds start at 0."""

EMPTY_PAGES: Final = 100
"""Number of pages without digits, whose seeds start at 0."""

HARD_PAGES: Final = 100
"""Number of pages as hard as real photographs, whose seeds start at 0; synthetic writers write every other one."""

HARD_EMPTY_PAGES: Final = 50
"""Number of such pictures without digits, whose seeds start at 0."""

VARIED_PAGES: Final = 50
"""Number of pages that are also read inverted, scaled, rotated and translated."""

SCALE_RANGE: Final = (0.5, 2.0)
"""Least and greatest factor of scaling."""

MAX_ROTATION_DEG: Final = 8.0
"""Greatest angle of rotation to either side."""

MAX_SHIFT: Final = 0.04
"""Greatest translation along each axis, as a share of that side."""


def measure_pages(classifier: Classifier, digits: LabelledDigits) -> dict[str, Any]:
    """Measure the pipeline on synthetic pages.

    Args:
        classifier: the network to use.
        digits: MNIST digits to write the pages with, none of which is in the training set.

    Returns:
        The entry `pages` of the model card: in percent, the correct characters, the correct pages, the pages without digits on which
        nothing is read, the same of hard pages, and the transformed pages that are read like the original.
    """
    glyphs = picture_glyphs(digits.images, digits.labels)
    pages = [page(seed, glyphs) for seed in range(PAGES)]
    texts = [read_image(each.picture, classifier=classifier).text for each in pages]
    empty = (page_without_digits(seed) for seed in range(EMPTY_PAGES))
    return {
        **_accuracy(pages, texts),
        "without_digits": _silence(classifier, empty),
        "hard": measure_hard_pages(classifier, glyphs),
        "varied": {"count": VARIED_PAGES, "same_text_pct": same_text_pct(classifier, pages[:VARIED_PAGES], texts)},
    }


def measure_hard_pages(classifier: Classifier, glyphs: Glyphs) -> dict[str, Any]:
    """Measure the pipeline on synthetic pages as hard as real photographs.

    Args:
        classifier: the network to use.
        glyphs: function that draws the digits of every other page; a synthetic writer, another one for each page, writes the others.

    Returns:
        In percent, the correct characters and pages, and the pictures without digits on which nothing is read.
    """
    pages: list[Page] = []
    texts = []
    for seed in range(HARD_PAGES):
        each = hard_page(seed, glyphs if seed % 2 else None)
        texts.append(read_image(each.picture, classifier=classifier).text)
        pages.append(Page(np.zeros((1, 1, 3), np.uint8), each.lines, each.traits))  # a hundred pictures would take 0.3 GB
    empty = (hard_page_without_digits(seed) for seed in range(HARD_EMPTY_PAGES))
    return {**_accuracy(pages, texts), "without_digits": _silence(classifier, empty)}


def _accuracy(pages: Sequence[Page], texts: Sequence[str]) -> dict[str, Any]:
    """Return the number of pages, and in percent the correct characters and the correct pages."""
    is_right = [text == each.text for text, each in zip(texts, pages, strict=True)]
    return {
        "count": len(pages),
        "characters_pct": round(characters_pct(pages, texts), 2),
        "whole_pct": round(100 * float(np.mean(is_right)), 1),
    }


def _silence(classifier: Classifier, pages: Iterable[Page]) -> dict[str, Any]:
    """Return the number of pages without digits, and the percentage of those on which nothing is read."""
    is_silent = [read_image(each.picture, classifier=classifier).text == "" for each in pages]
    return {"count": len(is_silent), "silent_pct": round(100 * float(np.mean(is_silent)), 1)}


def characters_pct(pages: Sequence[Page], texts: Sequence[str]) -> float:
    """Compute the character accuracy: one minus the edit distance relative to the true length, in percent, without line separators."""
    pairs = [(each.text.replace("/", ""), text.replace("/", "")) for each, text in zip(pages, texts, strict=True)]
    edits = sum(Levenshtein.distance(true, predicted) for true, predicted in pairs)
    return 100 * (1 - edits / sum(len(true) for true, _ in pairs))


def same_text_pct(classifier: Classifier, pages: Sequence[Page], texts: Sequence[str]) -> dict[str, float]:
    """Compute for each transformation, and for all, the percentage of pages that are read as the same text after it."""
    same: dict[str, list[bool]] = {}
    for seed, (each, text) in enumerate(zip(pages, texts, strict=False)):
        for name, varied in variants(each.picture, np.random.default_rng(seed)):
            same.setdefault(name, []).append(read_image(varied, classifier=classifier).text == text)
    all_cases = [is_same for cases in same.values() for is_same in cases]
    return {name: round(100 * float(np.mean(cases)), 1) for name, cases in (*same.items(), ("all", all_cases))}


def variants(picture: UInt8Array, rng: np.random.Generator) -> Iterator[tuple[str, UInt8Array]]:
    """Yield the name and the picture, uint8 `(H, W, 3)`, of the page inverted, scaled, rotated and translated; edges are replicated."""
    height, width = picture.shape[:2]
    yield "inverted", 255 - picture
    scale = rng.uniform(*SCALE_RANGE)
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    yield "scaled", np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=interpolation), np.uint8)
    rotation = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-MAX_ROTATION_DEG, MAX_ROTATION_DEG), 1)
    shift = np.array([[1, 0, rng.uniform(-MAX_SHIFT, MAX_SHIFT) * width], [0, 1, rng.uniform(-MAX_SHIFT, MAX_SHIFT) * height]])
    for name, matrix in (("turned", rotation), ("moved", shift)):
        yield name, np.asarray(cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)
