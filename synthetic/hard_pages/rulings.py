"""Ruled lines on a sheet: lines and squares of exercise books, tables and forms."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from digitcore.types import Box, UInt8Array
from synthetic.hard_pages.prints import printed, sentence, text_mask, writing_box
from synthetic.hard_pages.surfaces import Surface, SurfaceEffect
from synthetic.paper import Rgb

_LINE_RGB: Final[tuple[Rgb, ...]] = ((150, 180, 220), (170, 170, 175), (120, 130, 190), (200, 150, 160))
_MARGIN_RGB: Final = (215, 110, 120)


def _print_lines(surface: Surface, mask: UInt8Array, rgb: Rgb, strength: float) -> Surface:
    """Print lines, a mask of uint8 `(H, W)`, in a colour, with a coverage from 0 to 1."""
    coverage = strength * mask.astype(np.float32)[..., np.newaxis] / 255
    mixed = surface.rgb * (1 - coverage) + np.array(rgb, np.float32) * coverage
    ruling = np.maximum(surface.ruling_mask, np.where(mask > 60, np.uint8(255), np.uint8(0)))
    return replace(surface, rgb=np.asarray(mixed, np.float32), ruling_mask=ruling)


def _grid(size_wh: tuple[int, int], xs: Sequence[float], ys: Sequence[float], line_px: float, box: Box | None = None) -> UInt8Array:
    """Draw upright and level lines at `xs` and `ys` across a box, or across the sheet: uint8 `(H, W)`, white on black."""
    mask = np.zeros((size_wh[1], size_wh[0]), np.uint8)
    left, top, width, height = box or (0, 0, *size_wh)
    segments = [((x, top), (x, top + height)) for x in xs] + [((left, y), (left + width, y)) for y in ys]
    for start, end in segments:
        fixed = [tuple(round(16 * value) for value in point) for point in (start, end)]
        cv2.line(mask, fixed[0], fixed[1], 255, max(round(line_px), 1), cv2.LINE_AA, 4)
    return mask


def _line_px(surface: Surface, severity: float) -> float:
    return min(surface.size_wh) * (0.0012 + 0.0016 * severity)


def squared(surface: Surface, severity: float, rng: np.random.Generator) -> Surface:
    """Rule the sheet in squares; the more severe, the darker and broader the lines. Some have a red line along a margin."""
    width, height = surface.size_wh
    step = min(width, height) * rng.uniform(0.03, 0.065)
    mask = _grid(
        (width, height), list(np.arange(step / 2, width, step)), list(np.arange(step / 2, height, step)), _line_px(surface, severity)
    )
    return _with_margin_line(_print_lines(surface, mask, _LINE_RGB[rng.integers(4)], 0.45 + 0.55 * severity), rng)


def ruled(surface: Surface, severity: float, rng: np.random.Generator) -> Surface:
    """Rule the sheet in lines, which the writing need not follow."""
    width, height = surface.size_wh
    step = min(width, height) * rng.uniform(0.05, 0.1)
    mask = _grid((width, height), [], list(np.arange(step, height, step)), _line_px(surface, severity))
    return _with_margin_line(_print_lines(surface, mask, _LINE_RGB[rng.integers(4)], 0.45 + 0.55 * severity), rng)


def _with_margin_line(surface: Surface, rng: np.random.Generator) -> Surface:
    if rng.random() < 0.5:
        return surface
    x = surface.size_wh[0] * (rng.uniform(0.07, 0.12) if rng.random() < 0.5 else rng.uniform(0.88, 0.93))
    return _print_lines(surface, _grid(surface.size_wh, [x], [], 1.2 * _line_px(surface, 0.5)), _MARGIN_RGB, 0.9)


def table(surface: Surface, severity: float, rng: np.random.Generator) -> Surface:
    """Draw a table around the writing: a line between any two rows, and upright ones where no mark is in the way."""
    box = writing_box(surface, rng.uniform(0.15, 0.5))
    ys = [float(box.y), *_row_borders(surface, box), float(box.y + box.height)]
    taken = np.zeros(surface.size_wh[0], bool)
    for mark in surface.marks:
        taken[max(mark.corner_xy[0] - 2, 0) : mark.corner_xy[0] + mark.ink.shape[1] + 2] = True
    free = np.flatnonzero(~taken[box.x : box.x + box.width]) + box.x
    inner = sorted(float(x) for x in rng.choice(free, min(len(free), int(rng.integers(0, 5))), replace=False))
    xs = [float(box.x), *inner, float(box.x + box.width)]
    mask = _grid(surface.size_wh, xs, ys, _line_px(surface, severity) * rng.uniform(1, 1.8), box)
    return _print_lines(surface, mask, (60, 60, 66), 0.35 + 0.65 * severity)


def _row_borders(surface: Surface, box: Box) -> list[float]:
    """Return the y halfway between neighbouring rows, for an empty table every eighth of its height."""
    lines = sorted({mark.line for mark in surface.marks})
    if not lines:
        return [box.y + box.height * part / 8 for part in range(1, 8)]
    middles = [
        float(np.median([mark.corner_xy[1] + mark.ink.shape[0] / 2 for mark in surface.marks if mark.line == line])) for line in lines
    ]
    return [(above + below) / 2 for above, below in pairwise(middles)]


def form(surface: Surface, severity: float, rng: np.random.Generator) -> Surface:
    """Print a box around each mark, as on forms, and a caption above the first row."""
    mask = np.zeros((surface.size_wh[1], surface.size_wh[0]), np.uint8)
    cells = _cells(surface, rng) if surface.marks else _empty_cells(surface, rng)
    line_px = max(round(_line_px(surface, severity)), 1)
    for cell in cells:
        cv2.rectangle(mask, (cell.x, cell.y), (cell.x + cell.width, cell.y + cell.height), 255, line_px)
    boxed = _print_lines(surface, mask, (90, 90, 96) if rng.random() < 0.6 else (200, 110, 90), 0.35 + 0.65 * severity)
    size = int(np.clip(0.3 * cells[0].height, 10, 0.04 * min(surface.size_wh)))
    top = round(cells[0].y - 1.5 * size)
    captions = text_mask(surface.size_wh, [((cells[0].x, top), sentence(rng, 2))], size)
    return printed(boxed, captions if top > 0 else np.zeros_like(captions), 0.75)


def _cells(surface: Surface, rng: np.random.Generator) -> list[Box]:
    """Return the box of a form for each mark: its sides lie halfway to the neighbours of its row, or nearer."""
    height = float(np.median([mark.ink.shape[0] for mark in surface.marks]))
    pad, cells = rng.uniform(0.15, 0.35) * height, []
    for line in sorted({mark.line for mark in surface.marks}):
        row = sorted((mark for mark in surface.marks if mark.line == line), key=lambda mark: mark.corner_xy[0])
        ends = [(mark.corner_xy[0], mark.corner_xy[0] + mark.ink.shape[1]) for mark in row]
        top = min(mark.corner_xy[1] for mark in row) - 0.6 * pad
        bottom = max(mark.corner_xy[1] + mark.ink.shape[0] for mark in row) + 0.6 * pad
        for index, (left, right) in enumerate(ends):
            start = max(left - pad, (ends[index - 1][1] + left) / 2 if index else -np.inf)
            stop = min(right + pad, (right + ends[index + 1][0]) / 2 if index + 1 < len(ends) else np.inf)
            cells.append(Box(round(start), round(top), round(stop - start), round(bottom - top)))
    return cells


def _empty_cells(surface: Surface, rng: np.random.Generator) -> list[Box]:
    """Return rows of cells of an empty form."""
    width, height = surface.size_wh
    side = round(min(width, height) * rng.uniform(0.06, 0.1))
    count = int(rng.integers(4, 9))
    return [
        Box(round(0.15 * width + 1.5 * side * column), round(y * height), side, round(1.3 * side))
        for y in (0.25, 0.45, 0.65)
        for column in range(count)
    ]


RULINGS: Final[dict[str, SurfaceEffect]] = {"squared": squared, "ruled": ruled, "table": table, "form": form}
"""Effects that rule lines, by name."""
