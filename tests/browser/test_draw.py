import pytest
from playwright.sync_api import expect

from factory.hands import HANDS, strokes
from tests.browser.pages import ANSWER_TIMEOUT_MS, draw, draw_digit, open_page, press, reading, wait_for_canvas

INVITATION = "Draw a digit with the mouse"


@pytest.fixture
def canvas_page(page, server):
    open_page(page, server.url, "Draw a digit")
    wait_for_canvas(page)
    return page


@pytest.mark.parametrize("hand", HANDS)
def test_all_ten_digits_are_read_as_they_are_drawn(canvas_page, hand):
    for digit in range(10):
        draw_digit(canvas_page, digit, hand)
        expect(reading(canvas_page)).to_have_text(str(digit), timeout=ANSWER_TIMEOUT_MS)
        press(canvas_page, "draw_clear")
        expect(canvas_page.get_by_text(INVITATION)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
        wait_for_canvas(canvas_page)


def test_an_empty_canvas_invites_and_predicts_nothing(canvas_page):
    expect(canvas_page.get_by_text(INVITATION)).to_be_visible()
    expect(reading(canvas_page)).to_have_count(0)


def test_the_answer_comes_with_its_picture_chart_and_table(canvas_page):
    draw_digit(canvas_page, 3)
    expect(reading(canvas_page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    expect(canvas_page.get_by_alt_text("The digit in 28 by 28 pixels, read as 3")).to_be_visible()
    expect(canvas_page.get_by_test_id("stVegaLiteChart")).to_be_visible()
    cells = canvas_page.get_by_test_id("stTable").locator("tbody tr")
    expect(cells).to_have_count(10)
    percentages = [float(text.rsplit("\t")[-1].strip("% \n")) for text in cells.all_inner_texts()]
    assert sum(percentages) == pytest.approx(100, abs=0.1)


def test_a_dot_is_no_digit(canvas_page):
    box = canvas_page.locator(".st-key-draw-canvas canvas").last.bounding_box()
    canvas_page.mouse.click(box["x"] + 140, box["y"] + 140)
    expect(canvas_page.get_by_text("No digit: it is a dot or a blot.")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(reading(canvas_page)).to_have_count(0)


def test_undo_takes_back_the_last_stroke_alone(canvas_page):
    draw_digit(canvas_page, 1, "square")
    expect(reading(canvas_page)).to_have_text("1", timeout=ANSWER_TIMEOUT_MS)
    draw_digit(canvas_page, 8)
    expect(reading(canvas_page).filter(has_text="1")).to_have_count(0, timeout=ANSWER_TIMEOUT_MS)  # another digit, or refused
    press(canvas_page, "draw_undo")
    expect(reading(canvas_page)).to_have_text("1", timeout=ANSWER_TIMEOUT_MS)
    press(canvas_page, "draw_undo")
    expect(canvas_page.get_by_text(INVITATION)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(canvas_page.locator(".st-key-draw_undo button")).to_be_disabled()


def test_drawing_goes_on_after_undo(canvas_page):
    first, second = strokes(4)
    draw(canvas_page, [first])
    expect(canvas_page.get_by_text(INVITATION)).to_have_count(0, timeout=ANSWER_TIMEOUT_MS)
    draw_digit(canvas_page, 0)
    canvas_page.wait_for_timeout(600)
    press(canvas_page, "draw_undo")
    canvas_page.wait_for_timeout(600)
    wait_for_canvas(canvas_page)
    draw(canvas_page, [second])
    expect(reading(canvas_page)).to_have_text("4", timeout=ANSWER_TIMEOUT_MS)


def test_a_drawing_is_still_there_after_a_look_at_another_page(canvas_page):
    draw_digit(canvas_page, 2)
    expect(reading(canvas_page)).to_have_text("2", timeout=ANSWER_TIMEOUT_MS)
    links = canvas_page.get_by_test_id("stTopNavLink")
    links.filter(has_text="Upload").click()
    expect(canvas_page.get_by_role("heading", name="Upload pictures")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    links.filter(has_text="Draw").click()
    expect(reading(canvas_page)).to_have_text("2", timeout=ANSWER_TIMEOUT_MS)
    press(canvas_page, "draw_undo")
    expect(canvas_page.get_by_text(INVITATION)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.parametrize("pen", ["Fine", "Broad"])
def test_any_pen_is_read(canvas_page, pen):
    canvas_page.get_by_role("radio", name=pen).or_(canvas_page.get_by_role("button", name=pen)).first.click()
    canvas_page.wait_for_timeout(500)
    draw_digit(canvas_page, 5)
    expect(reading(canvas_page)).to_have_text("5", timeout=ANSWER_TIMEOUT_MS)


def test_a_finger_draws_on_a_phone(window, server):
    page = window(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, device_scale_factor=2)
    open_page(page, server.url, "Draw a digit")
    wait_for_canvas(page)
    box = page.locator(".st-key-draw-canvas canvas").last.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    _touch(page, [(140, 60), (141, 120), (140, 180), (141, 220)])
    expect(reading(page)).to_have_text("1", timeout=ANSWER_TIMEOUT_MS)
    page.locator(".st-key-draw_clear button").tap()
    expect(page.get_by_text(INVITATION)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


def _touch(page, points):
    """One stroke with a finger, through the protocol, as Playwright only taps."""
    canvas = page.locator(".st-key-draw-canvas canvas").last
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    session = page.context.new_cdp_session(page)
    for index, (x, y) in enumerate(points):
        kind = "touchStart" if index == 0 else "touchMove"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": box["x"] + x, "y": box["y"] + y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
