"""Measure how many separators of numbers are found, and how often one is read where none is written.

Synthetic writers who are held out of training write numbers with and without separators, as drawings and on photographed pages.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein

from digitcore import Classifier, Reading, Stroke, read_image, read_strokes
from model.handwritten import HELD_OUT_WRITERS
from synthetic.numbers import random_number, write_number
from synthetic.pages import page_of_numbers
from synthetic.writers import make_writer

DRAWINGS: Final = 500
"""Number of drawings, each of one number by another writer."""

PAGES: Final = 100
"""Number of photographed pages, each by another writer."""

HEIGHT_PX: Final = 110
"""Height of a digit of a drawing."""

MARGIN_PX: Final = 40
"""Around a drawing."""


class SeparatorCounts(NamedTuple):
    """What is counted in numbers of which both the text as written and as read are known."""

    written: int
    """The separators that are written."""

    found: int
    """Those that are read."""

    plain: int
    """The numbers that are written without separators, or, of a page, its lines."""

    invented: int
    """Those in which a separator is read."""


def measure_numbers(classifier: Classifier) -> dict[str, Any]:
    """Measure the separators on drawings and on photographed pages.

    Args:
        classifier: the network to use.

    Returns:
        The entry `numbers` of the model card: for drawings and pages the percentages of separators that are found, of numbers without
        one in which one is read, and of all numbers that are read without error.
    """
    drawings = [
        (text, written_text(reading)) for text, reading in read_drawings(classifier, range(HELD_OUT_WRITERS, HELD_OUT_WRITERS + DRAWINGS))
    ]
    pages = read_pages(classifier, range(HELD_OUT_WRITERS, HELD_OUT_WRITERS + PAGES))
    return {"drawings": summary(drawings), "pages": summary([pair for each in pages for pair in each])}


def read_drawings(classifier: Classifier, writers: Sequence[int]) -> Iterator[tuple[str, Reading]]:
    """Let each writer draw a number; yield what is written, and the reading."""
    for seed in writers:
        writer, rng = make_writer(seed), np.random.default_rng((seed, 5))
        text = random_number(rng)
        paths = [path * HEIGHT_PX for path in write_number(writer, text, rng)]
        least, most = np.min([path.min(axis=0) for path in paths], axis=0), np.max([path.max(axis=0) for path in paths], axis=0)
        width, height = np.ceil(most - least).astype(int) + 2 * MARGIN_PX
        strokes = [Stroke(path - least + MARGIN_PX, writer.pen * HEIGHT_PX) for path in paths]
        yield text, read_strokes(strokes, (int(width), int(height)), classifier=classifier)


def read_pages(classifier: Classifier, writers: Sequence[int]) -> Iterator[list[tuple[str, str]]]:
    """Let each writer write a page; yield what is written and read in each line, or all in one if other lines are read than are written."""
    for seed in writers:
        page = page_of_numbers(seed, make_writer(seed))
        reading = read_image(page.picture, classifier=classifier)
        lines = ["".join(number.text for number in line) for line in reading.numbers if line]
        if len(lines) == len(page.lines):
            yield list(zip(page.lines, lines, strict=True))
        else:
            yield [("".join(page.lines), "".join(lines))]


def written_text(reading: Reading) -> str:
    """Return all numbers of a drawing as they are written."""
    return "".join(number.text for line in reading.numbers for number in line)


def summary(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Summarize numbers, each as written and as read, in percent."""
    counts = [count_separators(written, read) for written, read in pairs]
    written, found, plain, invented = (sum(values) for values in zip(*counts, strict=True))
    return {
        "count": len(pairs),
        "separators": written,
        "found_pct": round(100 * found / max(written, 1), 2),
        "invented_pct": round(100 * invented / max(plain, 1), 2),
        "whole_pct": round(100 * float(np.mean([written == read for written, read in pairs])), 1),
    }


def count_separators(written: str, read: str) -> SeparatorCounts:
    """Count the separators of one number, after its texts are aligned by the fewest edits (Levenshtein 1966).

    Args:
        written: the number as it is written.
        read: as it is read.

    Examples:
        >>> count_separators("12.50", "12.60"), count_separators("125", "12.5")
        (SeparatorCounts(written=1, found=1, plain=0, invented=0), SeparatorCounts(written=0, found=0, plain=1, invented=1))
    """
    changed = {edit.src_pos for edit in Levenshtein.editops(written, read) if edit.tag != "insert"}
    separators = [index for index, character in enumerate(written) if not character.isdigit()]
    found = sum(index not in changed for index in separators)
    is_plain = not separators
    return SeparatorCounts(len(separators), found, int(is_plain), int(is_plain and any(character in ".,-/:" for character in read)))
