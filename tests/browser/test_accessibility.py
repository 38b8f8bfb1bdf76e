"""Check every page in every state with axe-core, light and dark, on a desktop and on a phone: nothing serious may be wrong."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from testing.browser.devices import DESKTOP, PHONE
from testing.browser.pages import (
    MODEL_SECTIONS,
    THEMES,
    choose_section,
    draw_digit,
    draw_number,
    open_page,
    press,
    reading,
    show_in,
    wait_for_canvas,
)
from testing.browser.webcam import player

SERIOUS_IMPACTS = {"serious", "critical"}

# Problems of Streamlit's own elements that neither a setting nor a style can fix: the rule, the element's CSS selector, and the reason.
KNOWN_PROBLEMS: list[tuple[str, str, str]] = []

VIEWPORTS = {"desktop": DESKTOP, "phone": PHONE}


def draw(page, url):
    open_page(page, url, "Write a number")
    wait_for_canvas(page)
    yield "empty"
    draw_digit(page, 5)
    reading(page).first.wait_for()
    yield "answered"
    page.locator("summary").filter(has_text="Why not another digit?").click()
    page.get_by_text("Why not a").last.wait_for()
    yield "why not"
    press(page, "handwriting_teach")
    page.locator(".st-key-teach-canvas canvas").last.wait_for()
    yield "teaching"


def presenter(page, url):
    page.goto(f"{url}/?present=1")
    wait_for_canvas(page)
    yield "empty"
    draw_number(page, (4, 0, 7))
    reading(page).first.wait_for()
    yield "answered"


def game(page, url):
    open_page(page, f"{url}/?play=1", "Fool the machine")
    wait_for_canvas(page)
    yield "prompt"
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
    page.get_by_role("button", name="Hard shadow", exact=True).click()
    page.get_by_role("heading", name="Find the paper").wait_for()
    yield "steps"
    page.get_by_role("button", name="Play").click()
    page.locator("dialog.film[open]").wait_for()
    yield "film"
    page.keyboard.press("Escape")
    page.locator("dialog.film[open]").wait_for(state="detached")
    page.get_by_role("radio", name="Marks").click()
    page.get_by_role("heading", name="What each branch responds to").wait_for()
    yield "marks"
    page.get_by_role("radio", name="What matters?").click()
    press(page, "inspector_what_matters")
    page.locator(".st-key-inspector-what-matters").wait_for()
    yield "what matters"


def model(page, url):
    open_page(page, f"{url}/model", "Model")
    for section in MODEL_SECTIONS:
        choose_section(page, section)
        yield section


PAGES = (draw, presenter, game, upload, webcam, inspector, model)


@pytest.fixture
def open_tab(window):
    """Return a function that opens a tab in a viewport; it is closed after the test, so that no other test gets it with its theme."""
    opened = []

    def open_in(viewport):
        opened.append(window(**VIEWPORTS[viewport], permissions=["camera"]))
        return opened[-1]

    yield open_in
    for page in opened:
        page.close()


@pytest.mark.parametrize("states", PAGES, ids=lambda states: states.__name__)
def test_axe_finds_nothing_serious_at_first_sight(open_tab, server, states):
    page = open_tab("desktop")
    state = next(states(page, server.url))
    assert problems(page, state) == []


@pytest.mark.nightly
@pytest.mark.parametrize("viewport", VIEWPORTS)
@pytest.mark.parametrize("states", PAGES, ids=lambda states: states.__name__)
def test_axe_finds_nothing_serious_in_any_state(open_tab, server, states, viewport):
    page = open_tab(viewport)
    assert [problem for state in states(page, server.url) for problem in problems(page, state)] == []


def problems(page, state):
    """Describe the serious violations of a page in both themes, except `KNOWN_PROBLEMS`."""
    found = []
    for theme in THEMES:
        show_in(page, theme)
        found += [f"{state}, {theme}: {describe(rule, node)}" for rule, node in violations(page) if not is_known(page, rule, node)]
    return found


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
