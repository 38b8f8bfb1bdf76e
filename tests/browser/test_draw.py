import io
import json
import zipfile

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from digitcore import read_image
from synthetic.hands import HANDS, strokes
from testing.browser.devices import PHONE
from testing.browser.pages import (
    ANSWER_TIMEOUT_MS,
    CANVAS,
    CORNER_XY,
    download,
    draw,
    draw_digit,
    draw_number,
    navigate,
    open_page,
    press,
    reading,
    wait_for_canvas,
    wait_for_rest,
)

INVITATION = "Write one digit, or several side by side"

MIN_TARGET_PX = 44
"""Of a button for fingers."""


def open_canvas(page, server):
    open_page(page, server.url, "Write a number")
    wait_for_canvas(page)
    wait_for_rest(page)
    return page


@pytest.fixture
def fresh_page(page, server):
    """A newly loaded page, on whose canvas nothing was drawn."""
    return open_canvas(page, server)


@pytest.fixture(scope="module")
def opened_page(shared_page, server):
    return open_canvas(shared_page, server)


@pytest.fixture
def canvas_page(opened_page):
    """The page with an empty canvas, cleared if an earlier test has drawn on it."""
    wait_for_rest(opened_page)
    if not opened_page.get_by_text(INVITATION).is_visible():
        press(opened_page, "draw_clear")
        expect(opened_page.get_by_text(INVITATION)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
        wait_for_canvas(opened_page)
    return opened_page


@pytest.mark.nightly
@pytest.mark.parametrize(
    "digits",
    [
        {2: "round", 7: "hooked"},
        *(dict.fromkeys(range(10), hand) for hand in HANDS),
    ],
    ids=["two", *HANDS],
)
def test_digits_are_read_as_they_are_drawn(canvas_page, digits):
    for digit, hand in digits.items():
        draw_digit(canvas_page, digit, hand)
        expect(reading(canvas_page)).to_have_text(str(digit), timeout=ANSWER_TIMEOUT_MS)
        press(canvas_page, "draw_clear")
        expect(canvas_page.get_by_text(INVITATION)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
        wait_for_canvas(canvas_page)


@pytest.mark.nightly
def test_a_number_is_read_digit_by_digit(canvas_page):
    for place, digit in enumerate((4, 0, 7)):
        draw(canvas_page, [path * 0.4 + (0.38 * place - 0.3, 0.3) for path in strokes(digit)])
    expect(reading(canvas_page)).to_have_text("407", timeout=ANSWER_TIMEOUT_MS)
    canvas_page.get_by_role("radio", name="3: 7").or_(canvas_page.get_by_role("button", name="3: 7")).first.click()
    expect(canvas_page.get_by_alt_text("The mark in 28 by 28 pixels, read as 7")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
def test_an_empty_canvas_invites_and_predicts_nothing(fresh_page):
    expect(fresh_page.get_by_text(INVITATION)).to_be_visible()
    expect(reading(fresh_page)).to_have_count(0)


def test_the_answer_comes_with_its_picture_chart_and_table(canvas_page):
    draw_digit(canvas_page, 3)
    expect(reading(canvas_page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    expect(canvas_page.get_by_alt_text("The mark in 28 by 28 pixels, read as 3")).to_be_visible()
    expect(canvas_page.get_by_test_id("stVegaLiteChart")).to_be_visible()
    cells = canvas_page.get_by_test_id("stTable").locator("tbody tr")
    expect(cells).to_have_count(10)
    percentages = [float(text.split()[-1].strip("%")) for text in cells.all_inner_texts()]
    assert sum(percentages) == pytest.approx(100, abs=0.2)


def test_nothing_moves_when_the_answer_appears(canvas_page):
    places = [canvas_page.locator(each) for each in (".st-key-draw-canvas", ".st-key-draw-tools", ".st-key-handwriting-panel")]
    before = [each.bounding_box() for each in places]
    draw_digit(canvas_page, 3)
    expect(reading(canvas_page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(canvas_page)
    assert [each.bounding_box() for each in places] == before


@pytest.mark.nightly
def test_a_dot_is_no_digit(canvas_page):
    box = canvas_page.locator(".st-key-draw-canvas canvas").last.bounding_box()
    canvas_page.mouse.click(box["x"] + 140, box["y"] + 140)
    expect(canvas_page.get_by_text("I can't read this: it is a dot or a blot.")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(reading(canvas_page)).to_have_count(0)


@pytest.mark.nightly
def test_undo_removes_only_the_last_stroke(fresh_page):
    draw_digit(fresh_page, 1, "square")
    expect(reading(fresh_page)).to_have_text("1", timeout=ANSWER_TIMEOUT_MS)
    draw_digit(fresh_page, 8)
    expect(reading(fresh_page).filter(has_text="1")).to_have_count(0, timeout=ANSWER_TIMEOUT_MS)  # another digit, or rejected
    press(fresh_page, "draw_undo")
    expect(reading(fresh_page)).to_have_text("1", timeout=ANSWER_TIMEOUT_MS)
    press(fresh_page, "draw_undo")
    expect(fresh_page.get_by_text(INVITATION)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(fresh_page.locator(".st-key-draw_undo button")).to_be_disabled()


def test_redo_brings_back_what_was_undone_and_undo_what_was_cleared(canvas_page):
    draw_digit(canvas_page, 2)
    expect(reading(canvas_page)).to_have_text("2", timeout=ANSWER_TIMEOUT_MS)
    for button, after in (("draw_undo", 0), ("draw_redo", 1), ("draw_clear", 0), ("draw_undo", 1)):
        press(canvas_page, button)
        expect(reading(canvas_page)).to_have_count(after, timeout=ANSWER_TIMEOUT_MS)
        wait_for_canvas(canvas_page)
    expect(reading(canvas_page)).to_have_text("2")
    expect(canvas_page.locator(".st-key-draw_redo button")).to_be_enabled()


def test_undo_and_redo_work_by_keyboard(canvas_page):
    draw_digit(canvas_page, 2)
    expect(reading(canvas_page)).to_have_text("2", timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(canvas_page)
    canvas_page.keyboard.press("Control+z")
    expect(canvas_page.get_by_text(INVITATION)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(canvas_page.locator(".st-key-draw_redo button")).to_be_enabled(timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(canvas_page)
    canvas_page.keyboard.press("Control+y")
    expect(reading(canvas_page)).to_have_text("2", timeout=ANSWER_TIMEOUT_MS)


def test_ctrl_shift_z_redoes(canvas_page):
    draw_digit(canvas_page, 2)
    expect(reading(canvas_page)).to_have_text("2", timeout=ANSWER_TIMEOUT_MS)
    press(canvas_page, "draw_undo")
    expect(canvas_page.get_by_text(INVITATION)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(canvas_page)
    canvas_page.keyboard.press("Control+Shift+Z")
    expect(reading(canvas_page)).to_have_text("2", timeout=ANSWER_TIMEOUT_MS)


def test_a_stroke_that_begins_right_after_a_click_on_clear_is_kept(canvas_page):
    draw_digit(canvas_page, 3)
    expect(reading(canvas_page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(canvas_page)
    box = canvas_page.locator(CANVAS).last.bounding_box()
    (path,) = strokes(2)
    points = path[:: len(path) // 12] * 180 + (box["x"] + CORNER_XY[0], box["y"] + CORNER_XY[1])
    canvas_page.locator(".st-key-draw_clear button").click()
    canvas_page.mouse.move(*points[0])
    canvas_page.mouse.down()
    for point in points[1:]:
        canvas_page.mouse.move(*point)
    canvas_page.mouse.up()
    expect(reading(canvas_page)).to_have_text("2", timeout=ANSWER_TIMEOUT_MS)
    press(canvas_page, "draw_undo")
    expect(canvas_page.get_by_text(INVITATION)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


def test_a_click_on_undo_right_after_a_stroke_removes_that_stroke(canvas_page):
    draw_digit(canvas_page, 3)
    expect(reading(canvas_page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    draw(canvas_page, strokes(7), (300, CORNER_XY[1]))
    canvas_page.locator(".st-key-draw_undo button").click()
    expect(canvas_page.locator(".st-key-draw_redo button")).to_be_enabled(timeout=ANSWER_TIMEOUT_MS)
    expect(reading(canvas_page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    press(canvas_page, "draw_redo")
    expect(reading(canvas_page)).to_have_text("37", timeout=ANSWER_TIMEOUT_MS)


def test_the_canvas_and_its_tools_have_names_and_stay_where_they_are(window, server):
    page = window(RECORD_TOOL_POSITIONS)
    open_canvas(page, server)
    expect(page.get_by_role("img", name="Write here with a finger, a pen or the mouse")).to_be_visible()
    for name in ("Undo", "Redo", "Clear"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(1)
    positions = page.evaluate("toolPositions")
    assert max(positions) - min(positions) <= 1


RECORD_TOOL_POSITIONS = """
window.toolPositions = [];
(function record() {
  const tools = document.querySelector('.st-key-draw_clear');
  const area = document.querySelector('.st-key-draw-area');
  if (tools && area && getComputedStyle(area).containerType === 'inline-size') {
    toolPositions.push(tools.getBoundingClientRect().top - area.getBoundingClientRect().top);
  }
  requestAnimationFrame(record);
})();
"""


def test_a_drawing_survives_a_reload_and_its_link_opens_it_elsewhere(window, server):
    page = window()
    open_canvas(page, server)
    draw_digit(page, 4)
    expect(reading(page)).to_have_text("4", timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)
    entries = page.evaluate("history.length")
    page.reload()
    expect(reading(page)).to_have_text("4", timeout=ANSWER_TIMEOUT_MS)
    wait_for_canvas(page)
    wait_for_rest(page)
    draw(page, strokes(7), (330, CORNER_XY[1]))
    expect(reading(page)).to_have_text("47", timeout=ANSWER_TIMEOUT_MS)
    assert page.evaluate("history.length") == entries
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('denied')); }")
    page.get_by_role("button", name="Copy the link").click()
    field = page.get_by_role("textbox", name="Copy this link:")
    expect(field).to_be_focused()
    other = window(**PHONE)
    other.goto(field.input_value())
    expect(reading(other)).to_have_text("47", timeout=ANSWER_TIMEOUT_MS)
    expect(other).to_have_url(f"{server.url}/")
    other.goto(f"{server.url}/?d=NaN")
    expect(other.get_by_text("This drawing can't be opened")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(reading(other)).to_have_text("47", timeout=ANSWER_TIMEOUT_MS)


def test_boxes_and_the_invitation_lie_over_the_canvas_without_being_ink(canvas_page):
    invitation = canvas_page.get_by_text("Write here", exact=True)
    expect(invitation).to_be_visible()
    draw_digit(canvas_page, 3)
    expect(invitation).to_have_count(0, timeout=ANSWER_TIMEOUT_MS)
    expect(canvas_page.locator(".sheet-boxes b")).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    box = canvas_page.locator(".sheet-boxes > div").bounding_box()
    canvas = canvas_page.locator(CANVAS).last.bounding_box()
    assert box["x"] - canvas["x"] == pytest.approx(CORNER_XY[0], abs=30)
    assert box["height"] == pytest.approx(180, abs=40)
    draw(canvas_page, strokes(7), (330, CORNER_XY[1]))
    expect(reading(canvas_page)).to_have_text("37", timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.parametrize("size", [(390, 844), (390, 664), (360, 640), (320, 568)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_answer_and_the_whole_canvas_are_in_sight_on_a_phone(window, server, size):
    page = window(**{**PHONE, "viewport": {"width": size[0], "height": size[1]}})
    open_canvas(page, server)
    empty = page.locator(CANVAS).last.bounding_box()
    draw(page, strokes(5), (40, 40), 140)
    expect(reading(page)).to_have_text("5", timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)
    assert page.locator(".stMain").evaluate("main => main.scrollTop") == 0
    answer, canvas = reading(page).bounding_box(), page.locator(CANVAS).last.bounding_box()
    assert canvas == empty
    assert answer["y"] >= 0
    assert answer["y"] + answer["height"] <= canvas["y"]
    for name in ("Copy the link", "Result card (PNG)"):
        button = page.get_by_role("button", name=name).bounding_box()
        assert min(button["width"], button["height"]) >= MIN_TARGET_PX
        assert answer["y"] <= button["y"]
        assert button["y"] + button["height"] <= canvas["y"]
    assert canvas["y"] + canvas["height"] <= page.locator(".st-key-navigation").bounding_box()["y"]


def has_ink(page):
    """Return whether the canvas itself shows a stroke; the boxes over it don't count."""
    levels = "canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data"
    is_dark = "(level, index, all) => index % 4 === 0 && level < 99 && all[index + 3] > 99"
    sheet = page.locator(f"{CANVAS}.dc-canvas.lower-canvas")
    return sheet.evaluate(f"canvas => {levels}.some({is_dark})")


def test_one_key_opens_the_presenters_view_and_another_closes_it(canvas_page):
    draw_digit(canvas_page, 3)
    expect(reading(canvas_page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(canvas_page)
    canvas_page.keyboard.press("p")
    expect(canvas_page.locator(".digit-bars")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(reading(canvas_page)).to_have_text("3")
    expect(canvas_page.get_by_test_id("stHeader")).to_be_hidden()
    assert "present=1" in canvas_page.url
    wait_for_rest(canvas_page)
    assert has_ink(canvas_page)
    canvas_page.keyboard.press("Escape")
    expect(canvas_page.get_by_role("heading", name="Write a number")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(reading(canvas_page)).to_have_text("3")
    wait_for_rest(canvas_page)
    assert has_ink(canvas_page)


@pytest.mark.nightly
def test_the_class_activation_map_is_shown_over_the_ink_at_one_click(canvas_page):
    draw_digit(canvas_page, 3)
    picture = canvas_page.get_by_alt_text("The mark in 28 by 28 pixels, read as 3")
    expect(picture).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    plain = picture.get_attribute("src")
    canvas_page.get_by_text("Show what it looked at").click()
    expect(picture).not_to_have_attribute("src", plain, timeout=ANSWER_TIMEOUT_MS)
    canvas_page.get_by_text("Show what it looked at").click()
    expect(picture).to_have_attribute("src", plain, timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
def test_a_correction_is_counted_and_downloaded_with_its_picture(canvas_page):
    draw_digit(canvas_page, 3)
    expect(reading(canvas_page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    canvas_page.locator("[class*=st-key-draw_correct_]").get_by_text("8", exact=True).click()
    expect(canvas_page.get_by_text("1 correction in this visit, thank you.")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    name, content = download(canvas_page, canvas_page.get_by_role("button", name="Download corrections (ZIP)"))
    assert name == "corrections.zip"
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.namelist() == ["8/0001.png", "labels.csv"]
    picture = cv2.imdecode(np.frombuffer(archive.read("8/0001.png"), np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture.shape == (28, 28)
    assert picture.max() == 255


@pytest.mark.nightly
def test_the_drawing_and_its_reading_can_be_taken_along(canvas_page):
    draw_number(canvas_page, (4, 7))
    expect(reading(canvas_page)).to_have_text("47", timeout=ANSWER_TIMEOUT_MS)
    name, content = download(canvas_page, canvas_page.get_by_role("button", name="Drawing (PNG)"))
    assert name == "drawing.png"
    assert read_image(content).text == "47"
    name, content = download(canvas_page, canvas_page.get_by_role("button", name="Reading (JSON)"))
    assert name == "reading.json"
    assert json.loads(content)["text"] == "47"


@pytest.mark.nightly
@pytest.mark.parametrize("size", [(360, 780), (900, 780), (420, 780), (1280, 780), (844, 390)], ids=lambda size: size[0])
def test_the_whole_canvas_is_on_the_screen(window, server, size):
    page = window(viewport={"width": size[0], "height": size[1]})
    open_canvas(page, server)
    box = page.locator(CANVAS).last.bounding_box()
    assert box["height"] < size[1]
    draw_digit(page, 5) if box["height"] > 240 else draw(page, strokes(5), height_px=150)
    expect(reading(page)).to_have_text("5", timeout=ANSWER_TIMEOUT_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_turned_phone_shows_the_whole_drawing_and_adds_to_it(window, server):
    page = window(**PHONE)
    open_canvas(page, server)
    draw(page, strokes(4), (20, 60), 120)
    expect(reading(page)).to_have_text("4", timeout=ANSWER_TIMEOUT_MS)
    upright = page.locator(CANVAS).last.bounding_box()
    draw(page, strokes(7), (upright["width"] - 120, 60), 120)
    expect(reading(page)).to_have_text("47", timeout=ANSWER_TIMEOUT_MS)
    page.set_viewport_size({"width": 780, "height": 360})
    wait_for_rest(page)
    turned = page.locator(CANVAS).last.bounding_box()
    assert turned["height"] <= 360
    assert turned["width"] / turned["height"] == pytest.approx(upright["width"] / upright["height"], abs=0.02)
    assert page.locator(CANVAS).last.evaluate(
        "canvas => canvas.closest('.dc-scroll').scrollWidth <= canvas.closest('.dc-scroll').clientWidth"
    )
    scale = turned["width"] / upright["width"]
    draw(page, strokes(1), (turned["width"] / 2 - 20, 60 * scale), 120 * scale)
    expect(reading(page)).to_have_text("417", timeout=ANSWER_TIMEOUT_MS)
    page.set_viewport_size(PHONE["viewport"])


@pytest.mark.nightly
def test_the_canvas_has_no_second_set_of_tools(canvas_page):
    canvas_page.locator(CANVAS).last.hover()
    expect(canvas_page.locator(".dc-toolbar")).to_be_hidden(timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
def test_drawing_goes_on_after_undo(canvas_page):
    first, second = strokes(4)
    draw(canvas_page, [first])
    expect(canvas_page.get_by_text(INVITATION)).to_have_count(0, timeout=ANSWER_TIMEOUT_MS)
    draw(canvas_page, strokes(0), (300, CORNER_XY[1]))
    expect(reading(canvas_page)).to_contain_text("0", timeout=ANSWER_TIMEOUT_MS)
    press(canvas_page, "draw_undo")
    expect(reading(canvas_page).filter(has_text="0")).to_have_count(0, timeout=ANSWER_TIMEOUT_MS)
    wait_for_canvas(canvas_page)
    wait_for_rest(canvas_page)
    draw(canvas_page, [second])
    expect(reading(canvas_page)).to_have_text("4", timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
def test_a_drawing_is_still_there_after_a_look_at_another_page(fresh_page):
    draw_digit(fresh_page, 2)
    expect(reading(fresh_page)).to_have_text("2", timeout=ANSWER_TIMEOUT_MS)
    navigate(fresh_page, "Upload")
    expect(fresh_page.get_by_role("heading", name="Upload pictures")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    navigate(fresh_page, "Draw")
    expect(reading(fresh_page)).to_have_text("2", timeout=ANSWER_TIMEOUT_MS)
    press(fresh_page, "draw_undo")
    expect(fresh_page.get_by_text(INVITATION)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
@pytest.mark.parametrize("pen", ["Fine", "Broad"])
def test_any_pen_is_read(fresh_page, pen):
    fresh_page.get_by_role("radio", name=pen).or_(fresh_page.get_by_role("button", name=pen)).first.click()
    wait_for_rest(fresh_page)
    draw_digit(fresh_page, 5)
    expect(reading(fresh_page)).to_have_text("5", timeout=ANSWER_TIMEOUT_MS)


def test_a_finger_draws_on_a_phone(window, server):
    page = window(**PHONE)
    open_page(page, server.url, "Write a number")
    wait_for_canvas(page)
    wait_for_rest(page)
    box = page.locator(".st-key-draw-canvas canvas").last.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    _touch(page, [(140, 60), (141, 120), (140, 180), (141, 220)])
    expect(reading(page)).to_have_text("1", timeout=ANSWER_TIMEOUT_MS)
    page.locator(".st-key-draw_clear button").tap()
    expect(page.get_by_text(INVITATION)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


def _touch(page, points):
    """Draw a stroke with a finger, through the DevTools protocol, since Playwright can only tap."""
    canvas = page.locator(".st-key-draw-canvas canvas").last
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    session = page.context.new_cdp_session(page)
    for index, (x, y) in enumerate(points):
        kind = "touchStart" if index == 0 else "touchMove"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": box["x"] + x, "y": box["y"] + y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
