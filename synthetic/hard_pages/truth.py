"""Hard pages with their ground truth: corners of the sheet, masks of ink and of ruled lines, and a box for each digit and other mark."""

from dataclasses import dataclass

from digitcore.types import Box, Float64Array, UInt8Array
from synthetic.pages import Page


@dataclass(frozen=True, slots=True)
class Mark:
    """A digit, sign, letter or stroke in the picture."""

    text: str
    """The digit, sign or letter; a name for another mark, such as "crossed out"."""

    line: int
    """Index of its line of writing, from the top."""

    box: Box
    """The smallest box that contains its ink, in pixels of the picture; cut off at the picture's border."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What can be known of a picture besides the digits; masks are uint8 `(H, W)`, 255 where it applies and 0 elsewhere."""

    sheet_corners: Float64Array
    """Corners of the sheet, float64 `(4, 2)`: x and y in pixels, clockwise from its upper left one; outside a picture that it fills."""

    is_light_ink: bool
    """Whether the ink is lighter than the sheet, as chalk is."""

    ink_mask: UInt8Array
    """Handwriting, of digits and of other marks."""

    ruling_mask: UInt8Array
    """Ruled lines of the sheet, and those of tables and forms."""

    digits: tuple[Mark, ...]
    """From left to right in each line, and the lines from top to bottom."""

    other_marks: tuple[Mark, ...]
    """Handwritten signs, letters, crossed-out digits and lines, in the same order."""


@dataclass(frozen=True, slots=True, eq=False)
class HardPage(Page):
    """A photograph with its numbers and the whole ground truth."""

    truth: Truth
