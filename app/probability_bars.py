"""Bars of probabilities as HTML, large enough for a projector; `app.charts` has the charts."""

from collections.abc import Iterable
from html import escape

from app.language import confidence


def bar_list(items: Iterable[str]) -> str:
    """Return the HTML of a list, each of whose items is one bar or several.

    Args:
        items: the HTML of `bar`, joined if there are several in one item.
    """
    return f'<ul class="digit-bars">{"".join(f"<li>{item}</li>" for item in items)}</ul>'


def bar(name: str, share: float) -> str:
    """Return the HTML of one bar.

    Args:
        name: of the class.
        share: its probability.
    """
    return f'<div><b>{name}</b><i><s style="width:{share:.1%}"></s></i><span>{escape(confidence(share))}</span></div>'
