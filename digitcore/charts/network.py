"""The network as a picture, and its speed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import altair as alt

from digitcore.charts.palette import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, SKY, YELLOW, stacked, table
from digitcore.messages import Translate

Layer = Mapping[str, Any]
Row = dict[str, Any]

_UNIT_PX: Final = 34
"""Height of a box."""

_GAP: Final = 0.55
"""Between boxes, for an arrow; in heights of a box, as all that is vertical here."""

_INSET: Final = 0.012
"""Between branches, in widths of the whole picture."""

_MARGIN: Final = 0.2
"""Below a block's branches."""

_BAR_PX: Final = 40
_AXIS_PX: Final = 60

_COLOURS: Final = {
    "input": GREY,
    "convolution": SKY,
    "max_pooling": YELLOW,
    "inception": GREEN,
    "average": PURPLE,
    "dense": ORANGE,
}


def network_chart(layers: Sequence[Layer], _: Translate = str, number: Callable[[float], str] = "{:,}".format) -> alt.LayerChart:
    """Draw the layers from top to bottom as boxes with arrows; the branches of Inception blocks are side by side.

    Args:
        layers: as the card describes them: `kind`, `window_px`, `output_shape`, `parameters`, `branches`.
        _: gives the titles in another language.
        number: writes a number as that language does.
    """
    boxes, frames, arrows, height = _lay_out(layers)
    titles = layer_titles(_)
    for box in boxes:
        _name(box, titles[box["kind"]], number)
    at = _Grid(height)
    framed = alt.Chart(table(frames)).mark_rect(fill=GREEN, fillOpacity=0.1, stroke=GREEN, strokeWidth=1.5, cornerRadius=6)
    return stacked(
        framed.encode(x=at.x("x"), x2="x2:Q", y=at.y("y"), y2="y2:Q"),
        _filled(boxes, at, _),
        *_words(boxes, at),
        *_arrows(arrows, at),
        height_px=round(height * _UNIT_PX),
        description=_("The network's layers from top to bottom, each with the shape of what it puts out and its parameters."),
    )


class _Grid:
    """Where things stand, without axes: from 0 to 1 across, from the top down in heights of a box."""

    def __init__(self, height: float) -> None:
        self._down = alt.Scale(domain=[0, height], reverse=True, nice=False, zero=False)
        self._across = alt.Scale(domain=[0, 1], nice=False, zero=False)

    def x(self, field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=self._across, axis=None)

    def y(self, field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=self._down, axis=None)


def _name(box: Row, title: str, number: Callable[[float], str]) -> None:
    """Give a box its words."""
    shape, weights = "×".join(map(str, box["shape"])), number(box["parameters"])
    window = f"{box['window_px']}×{box['window_px']}" if box["window_px"] else ""
    box |= {"title": title, "size": shape, "weights": weights}
    box["text"] = f"{window} → {box['shape'][-1]}" if box["narrow"] else f"{window} {title}".strip()
    box["note"] = f"{shape} · {weights}" if box["parameters"] else shape


def layer_titles(_: Translate = str) -> dict[str, str]:
    """Return the titles of the card's kinds of layers."""
    return {
        "input": _("the digit"),
        "convolution": _("convolution"),
        "max_pooling": _("max pooling"),
        "inception": _("Inception block"),
        "average": _("average of each map"),
        "dense": _("ten answers"),
    }


def _filled(boxes: list[Row], at: _Grid, _: Translate) -> alt.Chart:
    """Draw the boxes without their texts."""
    colour = alt.Color("kind:N", scale=alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values())), legend=None)
    tooltip = [
        alt.Tooltip("title:N", title=_("Layer")),
        alt.Tooltip("name:N", title=_("Name")),
        alt.Tooltip("size:N", title=_("Output")),
        alt.Tooltip("weights:N", title=_("Parameters")),
    ]
    chart: alt.Chart = (
        alt.Chart(table(boxes))
        .mark_rect(cornerRadius=5)
        .encode(x=at.x("x"), x2="x2:Q", y=at.y("y"), y2="y2:Q", color=colour, tooltip=tooltip)
    )
    return chart


def _words(boxes: list[Row], at: _Grid) -> list[alt.Chart]:
    """Draw the texts of the boxes: kind on the left, shape and parameters on the right; in narrow ones the window alone."""
    wide, narrow = (alt.Chart(table([box for box in boxes if box["narrow"] is wanted])) for wanted in (False, True))
    return [
        wide.mark_text(align="left", fontSize=12, fontWeight="bold", dx=10, color=INK).encode(x=at.x("x"), y=at.y("line"), text="text:N"),
        wide.mark_text(align="right", fontSize=12, dx=-10, color=INK).encode(x=at.x("x2"), y=at.y("line"), text="note:N"),
        narrow.mark_text(fontSize=12, color=INK).encode(x=at.x("middle"), y=at.y("line"), text="text:N"),
    ]


def _arrows(arrows: list[Row], at: _Grid) -> list[alt.Chart]:
    base = alt.Chart(table(arrows))
    return [
        base.mark_rule(color=GREY, strokeWidth=1.5).encode(x=at.x("x"), y=at.y("y"), y2="y2:Q"),
        base.mark_point(shape="triangle-down", filled=True, color=GREY, size=45, opacity=1, yOffset=-3).encode(x=at.x("x"), y=at.y("y2")),
    ]


def _lay_out(layers: Sequence[Layer]) -> tuple[list[Row], list[Row], list[Row], float]:
    """Boxes, frames around blocks, arrows, and the height of it all."""
    boxes: list[Row] = []
    frames: list[Row] = []
    arrows: list[Row] = []
    y = 0.0
    for layer in layers:
        if y:
            arrows.append({"x": 0.5, "y": y - _GAP, "y2": y})
        steps = max((len(branch["layers"]) for branch in layer.get("branches", [])), default=0)
        height = 1 + steps * (1 + _GAP) + _MARGIN if steps else 1.0
        boxes.append(_box(layer, layer["name"], (0.0, 1.0), y))
        if steps:
            frames.append({"x": 0.0, "x2": 1.0, "y": y, "y2": y + height})
        for lane, branch in enumerate(layer.get("branches", [])):
            inside, between = _branch(branch, f"{layer['name']}/{branch['name']}", lane, len(layer["branches"]), y + 1, steps)
            boxes += inside
            arrows += between
        y += height + _GAP
    return boxes, frames, arrows, y - _GAP


def _branch(branch: Layer, name: str, lane: int, lanes: int, top: float, steps: int) -> tuple[list[Row], list[Row]]:
    """Lay out one branch, its last step in line with the other branches', and the arrows to each box."""
    span = (lane / lanes + _INSET, (lane + 1) / lanes - _INSET)
    first = steps - len(branch["layers"])
    boxes, arrows = [], []
    above = top
    for place, layer in enumerate(branch["layers"], first):
        y = top + place * (1 + _GAP) + _GAP
        arrows.append({"x": sum(span) / 2, "y": above, "y2": y})
        boxes.append({**_box(layer, name, span, y), "narrow": True})
        above = y + 1
    return boxes, arrows


def _box(layer: Layer, name: str, span: tuple[float, float], y: float) -> Row:
    return {
        "name": name,
        "kind": layer["kind"],
        "window_px": layer.get("window_px"),
        "shape": layer["output_shape"],
        "parameters": layer["parameters"],
        "narrow": False,
        "x": span[0],
        "x2": span[1],
        "middle": sum(span) / 2,
        "y": y,
        "y2": y + 1,
        "line": y + 0.5,
    }


def engine_chart(values: Mapping[str, float], title: str, described: str, _: Translate = str) -> alt.Chart:
    """Compare one measure of two or more engines as bars, the first in blue.

    Args:
        values: the measure by the engine's name.
        title: what is measured, and its unit.
        described: the same for those who can't see it.
        _: gives the other titles in another language.
    """
    names = list(values)
    rows = [{"engine": name, "value": value} for name, value in values.items()]
    colour = alt.Color("engine:N", scale=alt.Scale(domain=names, range=[BLUE, ORANGE][: len(names)]), legend=None)
    chart: alt.Chart = (
        alt.Chart(table(rows), height=_BAR_PX * len(rows) + _AXIS_PX, description=described)
        .mark_bar(cornerRadiusEnd=3, height=22)
        .encode(
            x=alt.X("value:Q", title=title, axis=alt.Axis(tickCount=3, labelFlush=True)),
            y=alt.Y("engine:N", title=None, sort=names),
            color=colour,
            tooltip=[alt.Tooltip("engine:N", title=_("Engine")), alt.Tooltip("value:Q", title=title, format=",.3~r")],
        )
    )
    return chart
