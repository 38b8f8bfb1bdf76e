"""Draw a segmentation lattice as SVG: the segments of touching digits, the candidates between cuts with their costs, and what is read."""

from collections.abc import Sequence
from html import escape
from typing import Final

import numpy as np

from app.image_urls import data_url
from app.language import _, number
from digitcore.analysis.lattice_trace import LatticeArc, LatticeTrace
from digitcore.charts.palette import BLUE, GREY, ORANGE, SKY
from digitcore.types import UInt8Array

MAX_SEGMENTS: Final = 9
"""Lattices of more segments have too many arcs to be distinguished."""

_WIDTH: Final = 1_200
_PICTURE_HEIGHT: Final = 300
_NODES_Y: Final = 370
_LEVEL_HEIGHT: Final = 70
"""How much further down an arc reaches for each segment that it is longer."""

_HEIGHT: Final = _NODES_Y + 5 * _LEVEL_HEIGHT + 10
_MARGIN: Final = 40
"""Lengths in units of the drawing."""

_SEGMENT_RGB: Final = np.array([(0, 0, 0), (86, 180, 233), (240, 228, 66)], np.uint8)
"""Black, and two colours in turn."""


def choose_trace(traces: Sequence[LatticeTrace]) -> LatticeTrace | None:
    """Return the lattice with the most segments that can still be drawn; None if there is none."""
    drawable = [trace for trace in traces if len(trace.nodes) - 1 <= MAX_SEGMENTS]
    return max(drawable, key=lambda trace: len(trace.nodes), default=None)


def lattice_svg(trace: LatticeTrace) -> str:
    """Return the SVG of a lattice, with a text alternative."""
    height, width = trace.segments.shape
    scale = min(_PICTURE_HEIGHT / height, _WIDTH / width)
    left = (_WIDTH - scale * width) / 2
    nodes = np.linspace(_MARGIN, _WIDTH - _MARGIN, len(trace.nodes)).tolist()
    place = f'x="{left:.1f}" y="{_PICTURE_HEIGHT - scale * height:.1f}" width="{scale * width:.1f}" height="{scale * height:.1f}"'
    parts = [f'<image href="{data_url(_coloured(trace.segments))}" {place}/>']
    for x, node in zip(trace.nodes, nodes, strict=True):
        cut = f"M{left + scale * x:.1f} {_PICTURE_HEIGHT - scale * height:.1f}V{_PICTURE_HEIGHT}L{node:.1f} {_NODES_Y}"
        parts.append(f'<path d="{cut}" fill="none" stroke="{GREY}" stroke-width="2" stroke-dasharray="4 5"/>')
    ordered = sorted(trace.arcs, key=lambda arc: arc.is_read)  # what is read lies on top
    parts += [_arc(arc, nodes[arc.first], nodes[arc.after]) for arc in ordered]
    parts += [f'<circle cx="{x:.1f}" cy="{_NODES_Y}" r="7" fill="{BLUE}"/>' for x in nodes]
    label = escape(lattice_note(trace))
    return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def lattice_note(trace: LatticeTrace) -> str:
    """Return what a lattice shows, in one sentence."""
    read = sorted((arc for arc in trace.arcs if arc.is_read), key=lambda arc: arc.first)
    text = _("{candidates} candidates between {places} places to cut. The path of least cost is read, {label}: {cost}.")
    labels = " ".join(arc.name or "–" for arc in read)
    candidates = sum(arc.name is not None for arc in trace.arcs)
    return text.format(candidates=number(candidates), places=number(len(trace.nodes) - 2), label=labels, cost=number(trace.cost, 1))


def _coloured(segments: UInt8Array) -> UInt8Array:
    """Colour neighbouring segments differently: uint8 `(h, w, 3)` RGB."""
    return _SEGMENT_RGB[np.where(segments > 0, 1 + segments % 2, 0)]


def _arc(arc: LatticeArc, start_x: float, end_x: float) -> str:
    """Draw one candidate below the nodes, with its digit and its cost."""
    top, depth = _NODES_Y, _LEVEL_HEIGHT * (arc.after - arc.first)
    colour, stroke_width, opacity = (ORANGE, 7, 1.0) if arc.is_read else (SKY, 2.5, 0.7)
    middle = (start_x + end_x) / 2
    curve = f"M{start_x:.1f} {top}C{start_x:.1f} {top + depth} {end_x:.1f} {top + depth} {end_x:.1f} {top}"
    path = f'<path d="{curve}" fill="none" stroke="{colour}" stroke-width="{stroke_width}" opacity="{opacity}"/>'
    label = arc.name or "–"
    text = f'<tspan font-weight="700">{label}</tspan> <tspan font-size="17">{escape(number(arc.cost, 1))}</tspan>'
    below = 20 if arc.name is not None else 44  # a segment that is left over may be a digit, too
    place = f'x="{middle:.1f}" y="{top + 0.75 * depth + below:.1f}" text-anchor="middle"'
    return f'{path}<text {place} font-size="24" fill="currentColor" opacity="{opacity}">{text}</text>'
