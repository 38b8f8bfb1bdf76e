"""What lies over the canvas without being ink: an invitation to write, later a box with its digit around each mark."""

import base64
from collections.abc import Sequence
from html import escape
from typing import Final

from app.language import _
from app.mark_labels import shown_label
from digitcore import Digit

_MAX_BOXES: Final = 60

_INVITING_STROKE: Final = """
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 100">
<style>
path { fill: none; stroke: #8a949e; stroke-width: 7; stroke-linecap: round; stroke-dasharray: 1; animation: write 4s ease-in-out infinite }
@keyframes write { from { stroke-dashoffset: 1 } 45%, 80% { stroke-dashoffset: 0; opacity: 1 } to { stroke-dashoffset: 0; opacity: 0 } }
@media (prefers-reduced-motion: reduce) { path { animation: none } }
</style>
<path pathLength="1" d="M20 36 C22 4 62 6 60 34 C58 58 28 70 18 90 L64 90"/>
</svg>
"""
"""A 2 that is written again and again; it stands still for visitors who prefer that."""

_INVITING_STROKE_URL: Final = f"data:image/svg+xml;base64,{base64.b64encode(_INVITING_STROKE.encode()).decode()}"


def invitation() -> str:
    """Return the HTML of the words and the stroke on an empty sheet. The style sheet hides them at the first touch."""
    words = escape(_("Write here"))
    return f'<div class="sheet-invitation" aria-hidden="true"><img src="{_INVITING_STROKE_URL}" alt=""><span>{words}</span></div>'


def boxes(digits: Sequence[Digit], size_wh: tuple[int, int]) -> str:
    """Return the HTML of a box around each mark, for an area that is as large as the sheet.

    Args:
        digits: the marks; unsure and rejected ones are marked.
        size_wh: width and height of the sheet in pixels.
    """
    return f'<div class="sheet-boxes" aria-hidden="true">{"".join(_box(digit, size_wh) for digit in digits[:_MAX_BOXES])}</div>'


def _box(digit: Digit, size_wh: tuple[int, int]) -> str:
    x, y, width, height = digit.box_xywh
    shares = (x / size_wh[0], y / size_wh[1], width / size_wh[0], height / size_wh[1])
    place = ";".join(f"{name}:{share:.2%}" for name, share in zip(("left", "top", "width", "height"), shares, strict=True))
    kind = "separator" if digit.separator else "unsure" if digit.reason or not digit.accepted else "sure"
    return f'<div class="{kind}" style="{place}"><b>{shown_label(digit)}</b></div>'
