"""Every page in every state, light and dark, on a desktop and on a phone: axe-core finds nothing serious in what we put there."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from testing.browser.pages import (
    MODEL_SECTIONS,
    THEMES,
    choose_section,
    draw_digit,
    open_page,
    reading,
    show_in,
    wait_for_canvas,
)
from testing.browser.webcam import player

WRONG = {"serious", "critical"}

# Streamlit's own parts that no setting and no style of ours can mend: the rule, the part of the page, and why.
NOT_OURS: list[tuple[str, str, str]] = []

VIEWPORTS = {"desktop": {}, "phone": {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True}}


def draw(page, url):
    open_page(page, url, "Write a number")
    wait_for_canvas(page)
    yield "empty"
    draw_digit(page, 5)
    reading(page).first.wait_for()
    yield "answered"


def upload(page, url):
    open_page(page, f"{url}/upload", "Upload pictures")
    yield "empty"
    nonsense = [{"name": f"{name}.png", "mimeType": "image/png", "buffer": name.encode()} for name in ("one", "two")]
    page.locator("input[type=file]").first.set_input_files(nonsense)
    page.get_by_text("This file isn't a picture that can be read.").first.wait_for()
    yield "errors"
    open_page(page, f"{url}/upload", "Upload pictures")
    page.get_by_role("button", name="Hard shadow", exact=True).click()
    reading(page).first.wait_for()
    yield "answered"


def webcam(page, url):
    open_page(page, f"{url}/webcam", "Live webcam")
    player(page).get_by_role("button", name="Start the camera").wait_for()
    yield "off"


def inspector(page, url):
    open_page(page, f"{url}/inspector", "Inspector")
    yield "empty"


def model(page, url):
    open_page(page, f"{url}/model", "Model")
    for section in MODEL_SECTIONS:
        choose_section(page, section)
        yield section


@pytest.mark.parametrize(
    ("states", "viewport"),
    [
        pytest.param(
            states,
            viewport,
            id=f"{states.__name__}-{viewport}",
            marks=() if (states, viewport) == (draw, "desktop") else pytest.mark.nightly,
        )
        for states in (draw, upload, webcam, inspector, model)
        for viewport in VIEWPORTS
    ],
)
def test_axe_finds_nothing_serious(window, server, states, viewport):
    page = window(**VIEWPORTS[viewport])
    wrong = []
    for state in states(page, server.url):
        for theme in THEMES:
            show_in(page, theme)
            wrong += [f"{state}, {theme}: {said(rule, node)}" for rule, node in violations(page) if not ours(page, rule, node)]
    page.close()  # so that no other test gets a tab with a theme of its own
    assert wrong == []


def violations(page):
    """Return what is seriously wrong: each rule of axe, and the element that breaks it."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(each["id"], node) for each in found if each["impact"] in WRONG for node in each["nodes"]]


def ours(page, rule, node):
    """Whether an element that breaks a rule is none of `NOT_OURS`."""
    excused = [selector for each, selector, _ in NOT_OURS if each == rule]
    target = node["target"][-1]
    if not excused or not isinstance(target, str):
        return True
    return not page.locator(target).first.evaluate("(element, excused) => excused.some(each => element.closest(each))", excused)


def said(rule, node):
    return f"{rule}: {node['html'][:200]} {' '.join((node.get('failureSummary') or '').split())[:200]}"
