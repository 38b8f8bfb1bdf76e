"""Use the pages with the keyboard alone: everything is reached with Tab, shows that it has the focus, and reacts to keys."""

import pytest
from playwright.sync_api import expect

from testing.browser.pages import ANSWER_TIMEOUT_MS, open_page, reading, wait_for_canvas, wait_for_rest

MAX_TABS = 80
"""More stops than any page has."""

FOCUS_MARK = """() => {
  const focused = document.activeElement;
  const shown = [focused, focused.parentElement, focused.querySelector("*") ?? focused].map(getComputedStyle);
  return shown.some(({ outlineStyle, outlineWidth, boxShadow }) =>
    (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || (boxShadow !== "none" && !/^rgba\\(0, 0, 0, 0\\)/.test(boxShadow)));
}"""
"""Whether a line or a shadow marks the element that has the focus."""


def press_keys(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def tab_to(page, locator):
    """Press Tab until an element has the focus, and check that this is seen."""
    wait_for_rest(page)
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement || element.contains(document.activeElement)"):
            assert page.evaluate(FOCUS_MARK), f"the focus on {locator} isn't seen"
            return
    raise AssertionError(f"Tab doesn't reach {locator}")


def test_a_drawing_is_chosen_read_and_cleared(page, server):
    open_page(page, server.url, "Write a number")
    wait_for_canvas(page)
    tab_to(page, page.get_by_role("button", name="A postcode"))
    page.keyboard.press("Enter")
    expect(reading(page)).to_contain_text("2", timeout=ANSWER_TIMEOUT_MS)
    tab_to(page, page.locator(".mark-card").first)  # the cards are one toolbar, in which arrows move
    press_keys(page, "ArrowRight", "Enter")
    expect(page.locator(".mark-card").nth(1)).to_have_attribute("aria-pressed", "true", timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)
    page.locator("body").press("Control+z")
    expect(reading(page)).to_have_count(0, timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
def test_a_sample_is_read_and_removed(page, server):
    open_page(page, f"{server.url}/upload", "Upload pictures")
    tab_to(page, page.get_by_role("button", name="Hard shadow", exact=True))
    page.keyboard.press("Enter")
    expect(reading(page)).to_have_text("5", timeout=ANSWER_TIMEOUT_MS)
    tab_to(page, page.get_by_role("button", name="Remove"))
    page.keyboard.press("Space")
    expect(reading(page)).to_have_count(0, timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
def test_the_steps_of_the_inspector_and_its_film(page, server):
    open_page(page, f"{server.url}/inspector?picture=sample:pen.jpg", "Inspector")
    tab_to(page, page.get_by_role("radio", name="Steps"))
    press_keys(page, "ArrowRight", "Space")
    expect(page.get_by_role("radio", name="Marks")).to_be_checked(timeout=ANSWER_TIMEOUT_MS)
    press_keys(page, "ArrowLeft", "Space")
    expect(page.get_by_role("heading", name="Find the paper")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    tab_to(page, page.get_by_role("button", name="Play"))
    page.keyboard.press("Enter")
    film = page.locator("dialog.film[open]")
    expect(film).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    press_keys(page, "Space", "ArrowRight")
    expect(film).to_contain_text("2/", timeout=ANSWER_TIMEOUT_MS)
    page.keyboard.press("Escape")
    expect(film).to_have_count(0, timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
def test_a_section_of_the_model_page(page, server):
    open_page(page, f"{server.url}/model", "Model")
    tab_to(page, page.get_by_role("radio", name="Mistakes"))
    press_keys(page, "ArrowRight", "Space")
    expect(page.get_by_role("heading", name="How sure must it be?")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
