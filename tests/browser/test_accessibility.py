"""Every page in every state, light and dark, on a desktop and on a phone: axe-core finds nothing serious in what we put there."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from testing.browser.pages import draw_digit, open_page, reading, wait_for_canvas, wait_for_rest
from testing.browser.webcam import player

WRONG = {"serious", "critical"}

# Streamlit's own parts that no setting and no style of ours can mend: the rule, the part of the page, and why.
NOT_OURS: list[tuple[str, str, str]] = []

PHONE = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True}
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "light-phone": {"color_scheme": "light", **PHONE},
    "dark-phone": {"color_scheme": "dark", **PHONE},
}


def draw_empty(page, url):
    open_page(page, url, "Write a number")
    wait_for_canvas(page)


def draw_answered(page, url):
    draw_empty(page, url)
    draw_digit(page, 5)
    reading(page).first.wait_for()


def upload_empty(page, url):
    open_page(page, f"{url}/upload", "Upload pictures")


def upload_answered(page, url):
    upload_empty(page, url)
    page.get_by_role("button", name="Hard shadow", exact=True).click()
    reading(page).first.wait_for()


def upload_errors(page, url):
    upload_empty(page, url)
    nonsense = [{"name": f"{name}.png", "mimeType": "image/png", "buffer": name.encode()} for name in ("one", "two")]
    page.locator("input[type=file]").first.set_input_files(nonsense)
    page.get_by_text("This file isn't a picture that can be read.").first.wait_for()


def webcam_off(page, url):
    open_page(page, f"{url}/webcam", "Live webcam")
    player(page).get_by_role("button", name="Start the camera").wait_for()


def inspector_empty(page, url):
    open_page(page, f"{url}/inspector", "Inspector")


def model(page, url):
    open_page(page, f"{url}/model", "Model")


STATES = [draw_empty, draw_answered, upload_empty, upload_answered, upload_errors, webcam_off, inspector_empty, model]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing_serious(window, server, state, look):
    page = window(**LOOKS[look])
    state(page, server.url)
    wait_for_rest(page)
    violations = Axe().run(page).response["violations"]
    wrong = [(each["id"], node) for each in violations if each["impact"] in WRONG for node in each["nodes"]]
    assert [said(rule, node) for rule, node in wrong if ours(page, rule, node)] == []


def ours(page, rule, node):
    """Whether an element that breaks a rule is none of `NOT_OURS`."""
    excused = [selector for each, selector, _ in NOT_OURS if each == rule]
    target = node["target"][-1]
    if not excused or not isinstance(target, str):
        return True
    return not page.locator(target).first.evaluate("(element, excused) => excused.some(each => element.closest(each))", excused)


def said(rule, node):
    return f"{rule}: {node['html'][:200]} {' '.join((node.get('failureSummary') or '').split())[:200]}"
