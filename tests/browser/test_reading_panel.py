"""The panel of what was read, as far as only a browser shows it."""

import io

from PIL import Image
from playwright.sync_api import expect

from synthetic.paper import Scene, photograph
from testing.browser.devices import PHONE
from testing.browser.pages import ANSWER_TIMEOUT_MS, draw_number, open_page, press, reading, wait_for_canvas, wait_for_rest

SMALL_PHONE = {**PHONE, "viewport": {"width": 320, "height": 640}}
ONE_LINE = """
element => element.scrollWidth <= element.clientWidth && element.clientHeight < 1.5 * parseFloat(getComputedStyle(element).fontSize)
"""
BARS = "[aria-roledescription=bar]"


def write(page, server, digits):
    open_page(page, server.url, "Write a number")
    wait_for_canvas(page)
    wait_for_rest(page)
    draw_number(page, digits)
    expect(reading(page)).to_have_text("".join(map(str, digits)), timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)


def cards(page):
    return page.get_by_role("toolbar", name="The digits one by one").get_by_role("button")


def pressed(page):
    return [card.get_attribute("aria-pressed") for card in cards(page).all()]


def test_a_digit_is_chosen_with_the_keyboard_and_stays_chosen(page, server):
    write(page, server, (4, 0, 7))
    expect(page.get_by_role("status").filter(has_text="407")).to_have_count(1)
    cards(page).first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="2: 0", exact=True)).to_be_focused()
    bar = page.locator(BARS).first
    bar.evaluate("element => (window.firstBar = element)")
    page.keyboard.press("Enter")
    expect(page.locator(f"{BARS}[aria-label*='Digit: 0; kind: read']")).to_have_count(1)
    wait_for_rest(page)
    assert pressed(page) == ["false", "true", "false"]
    assert bar.evaluate("element => element === window.firstBar"), "another chart, whose bars can't glide"
    box = cards(page).nth(1).bounding_box()
    assert min(box["width"], box["height"]) >= 44
    press(page, "draw_undo")
    expect(cards(page)).to_have_count(2)
    wait_for_rest(page)
    assert pressed(page) == ["false", "true"]


def test_a_long_number_fits_a_small_phone(window, server):
    page = window(**SMALL_PHONE)
    open_page(page, f"{server.url}/upload", "Upload pictures")
    buffer = io.BytesIO()
    Image.fromarray(photograph("20369258147", "round", (1200, 240), 90, Scene(), 1)).save(buffer, "PNG")
    page.locator("input[type=file]").first.set_input_files({"name": "long.png", "mimeType": "image/png", "buffer": buffer.getvalue()})
    expect(reading(page)).to_have_text("20369258147", timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)
    assert reading(page).locator("p").evaluate(ONE_LINE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
