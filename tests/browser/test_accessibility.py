"""Check every page in every state with axe-core, light and dark, on a desktop and on a phone: nothing serious may be wrong."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from testing.browser.devices import DESKTOP, PHONE
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

SERIOUS_IMPACTS = {"serious", "critical"}

# Problems of Streamlit's own elements that neither a setting nor a style can fix: the rule, the element's CSS selector, and the reason.
KNOWN_PROBLEMS: list[tuple[str, str, str]] = []

pytestmark = pytest.mark.nightly

VIEWPORTS = {"desktop": DESKTOP, "phone": PHONE}


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
        pytest.param(states, viewport, id=f"{states.__name__}-{viewport}")
        for states in (draw, upload, webcam, inspector, model)
        for viewport in VIEWPORTS
    ],
)
def test_axe_finds_nothing_serious(window, server, states, viewport):
    page = window(**VIEWPORTS[viewport], permissions=["camera"])
    wrong = []
    for state in states(page, server.url):
        for theme in THEMES:
            show_in(page, theme)
            wrong += [f"{state}, {theme}: {describe(rule, node)}" for rule, node in violations(page) if not is_known(page, rule, node)]
    page.close()  # so that no other test gets a tab with an emulated theme
    assert wrong == []


def violations(page):
    """Return the serious violations: the rule of axe, and the element that violates it."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(each["id"], node) for each in found if each["impact"] in SERIOUS_IMPACTS for node in each["nodes"]]


def is_known(page, rule, node):
    """Decide whether the violation of a rule by an element is one of `KNOWN_PROBLEMS`."""
    selectors = [selector for each, selector, _ in KNOWN_PROBLEMS if each == rule]
    target = node["target"][-1]
    if not selectors or not isinstance(target, str):
        return False
    return page.locator(target).first.evaluate("(element, selectors) => selectors.some(each => element.closest(each))", selectors)


def describe(rule, node):
    return f"{rule}: {node['html'][:200]} {' '.join((node.get('failureSummary') or '').split())[:200]}"
