"""Draw the architecture of the network, and compare the speed of engines."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import altair as alt

from digitcore.charts.palette import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, SKY, YELLOW, stacked, table
from digitcore.messages import Translate

Layer = Mapping[str, Any]
"""A layer as the model card describes it."""

Row = dict[str, Any]
"""A row of a chart's data, by field name."""

_UNIT_PX: Final = 34
"""Height of a box in pixels, the unit of all vertical positions in this module."""

_GAP: Final = 0.55
"""Vertical space between two boxes for an arrow, in heights of a box."""

_INSET: Final = 0.012
"""Horizontal space on each side of a branch, as a share of the chart's width."""

_MARGIN: Final = 0.2
"""Vertical space below the branches of a block, in heights of a box."""

_BAR_PX: Final = 40
"""Height of a bar with its share of the space between bars, in pixels."""

_AXIS_PX: Final = 60
"""Height of the horizontal axis with its title, in pixels."""

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
        layers: the layers in order, as the model card describes them: mappings with `name`, `kind`, `output_shape`, `parameters` and, where
            the layer has them, `window_px` (side of the window in pixels) and `branches` (each with `name` and `layers`).
        _: translates titles and texts.
        number: formats a number by the rules of that language.

    Returns:
        A layered chart: frames around blocks, boxes, their texts, arrows.

    Raises:
        KeyError: a layer lacks one of these fields, or its kind is not among `layer_titles`.

    Examples:
        >>> layers = [
        ...     {"name": "digit", "kind": "input", "output_shape": [28, 28, 1], "parameters": 0},
        ...     {"name": "stem", "kind": "convolution", "window_px": 3, "output_shape": [28, 28, 16], "parameters": 208},
        ... ]
        >>> boxes = network_chart(layers).to_dict()["layer"][1]
        >>> boxes["mark"]["type"]
        'rect'
        >>> [box["note"] for box in boxes["data"]["values"]]
        ['28×28×1', '28×28×16 · 208']
    """
    boxes, frames, arrows, height = _lay_out(layers)
    titles = layer_titles(_)
    for box in boxes:
        _add_texts(box, titles[box["kind"]], number)
    grid = _Grid(height)
    framed = alt.Chart(table(frames)).mark_rect(fill=GREEN, fillOpacity=0.1, stroke=GREEN, strokeWidth=1.5, cornerRadius=6)
    return stacked(
        framed.encode(x=grid.x("x"), x2="x2:Q", y=grid.y("y"), y2="y2:Q"),
        _filled(boxes, grid, _),
        *_texts(boxes, grid),
        *_arrows(arrows, grid),
        height_px=round(height * _UNIT_PX),
        description=_("The network's layers from top to bottom, each with the shape of what it puts out and its parameters."),
    )


class _Grid:
    """The position scales, without axes: x from 0 to 1, y downwards from 0 in heights of a box.

    Args:
        height: height of the chart, in heights of a box.
    """

    def __init__(self, height: float) -> None:
        self._y_scale = alt.Scale(domain=[0, height], reverse=True, nice=False, zero=False)
        self._x_scale = alt.Scale(domain=[0, 1], nice=False, zero=False)

    def x(self, field: str) -> alt.X:
        """Encode a field as a horizontal position."""
        return alt.X(f"{field}:Q", scale=self._x_scale, axis=None)

    def y(self, field: str) -> alt.Y:
        """Encode a field as a vertical position."""
        return alt.Y(f"{field}:Q", scale=self._y_scale, axis=None)


def _add_texts(box: Row, title: str, number: Callable[[float], str]) -> None:
    """Add the texts of a box and of its tooltip to its row."""
    shape, weights = "×".join(map(str, box["shape"])), number(box["parameters"])
    window = f"{box['window_px']}×{box['window_px']}" if box["window_px"] else ""
    box |= {"title": title, "size": shape, "weights": weights}
    box["text"] = f"{window} → {box['shape'][-1]}" if box["narrow"] else f"{window} {title}".strip()
    box["note"] = f"{shape} · {weights}" if box["parameters"] else shape


def layer_titles(_: Translate = str) -> dict[str, str]:
    """Return the titles of the kinds of layers.

    Args:
        _: translates the titles.

    Returns:
        The title by the kind's name in the model card.

    Examples:
        >>> layer_titles()["max_pooling"]
        'max pooling'
    """
    return {
        "input": _("the digit"),
        "convolution": _("convolution"),
        "max_pooling": _("max pooling"),
        "inception": _("Inception block"),
        "average": _("average of each map"),
        "dense": _("ten answers"),
    }


def _filled(boxes: list[Row], grid: _Grid, _: Translate) -> alt.Chart:
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
        .encode(x=grid.x("x"), x2="x2:Q", y=grid.y("y"), y2="y2:Q", color=colour, tooltip=tooltip)
    )
    return chart


def _texts(boxes: list[Row], grid: _Grid) -> list[alt.Chart]:
    """Draw the texts of the boxes: the kind on the left, shape and parameters on the right; in narrow boxes only the window."""
    wide, narrow = (alt.Chart(table([box for box in boxes if box["narrow"] is is_narrow])) for is_narrow in (False, True))
    return [
        wide.mark_text(align="left", fontSize=12, fontWeight="bold", dx=10, color=INK).encode(
            x=grid.x("x"), y=grid.y("line"), text="text:N"
        ),
        wide.mark_text(align="right", fontSize=12, dx=-10, color=INK).encode(x=grid.x("x2"), y=grid.y("line"), text="note:N"),
        narrow.mark_text(fontSize=12, color=INK).encode(x=grid.x("middle"), y=grid.y("line"), text="text:N"),
    ]


def _arrows(arrows: list[Row], grid: _Grid) -> list[alt.Chart]:
    """Draw the arrows as vertical lines with a triangle at the lower end."""
    base = alt.Chart(table(arrows))
    return [
        base.mark_rule(color=GREY, strokeWidth=1.5).encode(x=grid.x("x"), y=grid.y("y"), y2="y2:Q"),
        base.mark_point(shape="triangle-down", filled=True, color=GREY, size=45, opacity=1, yOffset=-3).encode(
            x=grid.x("x"), y=grid.y("y2")
        ),
    ]


def _lay_out(layers: Sequence[Layer]) -> tuple[list[Row], list[Row], list[Row], float]:
    """Compute the positions of boxes, frames around blocks, and arrows, and the total height, in heights of a box."""
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
        for index, branch in enumerate(layer.get("branches", [])):
            name = f"{layer['name']}/{branch['name']}"
            branch_boxes, branch_arrows = _branch(branch, name, index, len(layer["branches"]), y + 1, steps)
            boxes += branch_boxes
            arrows += branch_arrows
        y += height + _GAP
    return boxes, frames, arrows, y - _GAP


def _branch(branch: Layer, name: str, index: int, count: int, top: float, steps: int) -> tuple[list[Row], list[Row]]:
    """Compute the boxes of one of `count` branches, aligned at the last of `steps` steps, and the arrow above each box."""
    span = (index / count + _INSET, (index + 1) / count - _INSET)
    first = steps - len(branch["layers"])
    boxes, arrows = [], []
    previous_bottom = top
    for step, layer in enumerate(branch["layers"], first):
        y = top + step * (1 + _GAP) + _GAP
        arrows.append({"x": sum(span) / 2, "y": previous_bottom, "y2": y})
        boxes.append({**_box(layer, name, span, y), "narrow": True})
        previous_bottom = y + 1
    return boxes, arrows


def _box(layer: Layer, name: str, span: tuple[float, float], y: float) -> Row:
    """Make the row of a box from its horizontal span and its upper edge."""
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


def engine_chart(values: Mapping[str, float], title: str, description: str, _: Translate = str) -> alt.Chart:
    """Compare one measure of several engines as horizontal bars, the first in blue.

    Args:
        values: the measure by the engine's name, in the order of the bars.
        title: title of the axis: what is measured, and its unit.
        description: alternative text for screen readers.
        _: translates the titles of the tooltip.

    Returns:
        A bar chart.

    Examples:
        >>> chart = engine_chart({"LiteRT": 0.5, "TensorFlow": 60.0}, "Milliseconds", "Median time of one image.")
        >>> spec = chart.to_dict()
        >>> spec["mark"]["type"], spec["encoding"]["y"]["sort"]
        ('bar', ['LiteRT', 'TensorFlow'])
    """
    names = list(values)
    rows = [{"engine": name, "value": value} for name, value in values.items()]
    colour = alt.Color("engine:N", scale=alt.Scale(domain=names, range=[BLUE, ORANGE][: len(names)]), legend=None)
    chart: alt.Chart = (
        alt.Chart(table(rows), height=_BAR_PX * len(rows) + _AXIS_PX, description=description)
        .mark_bar(cornerRadiusEnd=3, height=22)
        .encode(
            x=alt.X("value:Q", title=title, axis=alt.Axis(tickCount=3, labelFlush=True)),
            y=alt.Y("engine:N", title=None, sort=names),
            color=colour,
            tooltip=[alt.Tooltip("engine:N", title=_("Engine")), alt.Tooltip("value:Q", title=title, format=",.3~r")],
        )
    )
    return chart
