"""The Draw page shows the answer while a stroke is drawn."""

from playwright.sync_api import expect

from synthetic.hands import strokes
from testing.browser.pages import (
    ANSWER_TIMEOUT_MS,
    CANVAS,
    CORNER_XY,
    HEIGHT_PX,
    draw,
    open_page,
    reading,
    wait_for_canvas,
    wait_for_rest,
)

ENDPOINT = "/api/v1/strokes"


def open_canvas(page, server):
    open_page(page, server.url, "Write a number")
    wait_for_canvas(page)
    wait_for_rest(page)
    return page


def answer(page):
    """Locate the text in the strip above the details, whoever has given the answer."""
    return page.locator(".st-key-draw-answer .written-text:visible")


def press_and_draw(page, digit):
    """Draw the first stroke of a digit and keep the mouse button pressed."""
    box = page.locator(CANVAS).last.bounding_box()
    points = [(box["x"] + CORNER_XY[0] + x * HEIGHT_PX, box["y"] + CORNER_XY[1] + y * HEIGHT_PX) for x, y in strokes(digit)[0][::3]]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)


def test_the_digit_is_shown_while_the_button_is_still_down_and_announced_once_it_is_released(window, server):
    page = open_canvas(window(), server)
    press_and_draw(page, 3)
    expect(answer(page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    expect(reading(page)).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="3")).to_have_count(0)
    page.mouse.up()
    expect(reading(page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    expect(answer(page)).to_have_text("3")
    expect(page.get_by_role("status").filter(has_text="3")).to_have_count(1, timeout=ANSWER_TIMEOUT_MS)


def test_where_the_api_refuses_it_is_asked_once_and_the_page_answers_as_before(chromium, server):
    requests = []
    context = chromium.new_context()  # not watched for errors: browsers report a refused request as one
    page = open_canvas(context.new_page(), server)
    page.on("request", lambda request: requests.append(request.url) if request.url.endswith(ENDPOINT) else None)
    page.route(f"**{ENDPOINT}", lambda route: route.fulfill(status=404, body="none"))
    for place, text in enumerate(("3", "32")):
        draw(page, [path * 0.4 + (0.38 * place, 0.3) for path in strokes(int(text[-1]))])
        expect(reading(page)).to_have_text(text, timeout=ANSWER_TIMEOUT_MS)
        expect(answer(page)).to_have_text(text)
    assert len(requests) == 1
    context.close()
