"""What the panel of what was read shows, for tests of pages."""

import html
import json
import re


def read_text(app):
    """Return the digits that were read, lines separated by spaces; empty if the page shows no panel."""
    bodies = _bodies(app, "digits-alone") or _bodies(app, "written-text")
    return _plain(bodies[0]) if bodies else ""


def shown_text(app):
    """Return the big text of the page's only panel, what is struck through after a minus and its correction after a plus."""
    (value,) = _bodies(app, "written-text")
    return _plain(value.replace("<del>", "-").replace("<ins>", "+"))


def cards(app):
    """Return the cards of the page's only panel, as the script gets them."""
    return [card for line in _component(app)["lines"] for card in line["cards"]]


def labels(app):
    """Return the label of each card."""
    return [card["label"] for card in cards(app)]


def chosen(app):
    """Return whether each card is the chosen one."""
    return [card["chosen"] for card in cards(app)]


def click(app, key, index):
    """Click a card."""
    app.session_state[f"{key}_cards"] = {"clicked": {"picture": _component(app)["picture"], "box": cards(app)[index]["box"]}}
    return app.run()


def _component(app):
    (component,) = [each for each in app.get("bidi_component") if each.proto.component_name == "digits.cards"]
    return json.loads(component.proto.json)


def _bodies(app, name):
    return [element.value for element in app.get("html") if f'class="{name}"' in element.value]


def _plain(value):
    return " ".join(html.unescape(re.sub(r"</?(p|div|del|ins)[^>]*>", "", value.replace("<br>", " "))).split())
