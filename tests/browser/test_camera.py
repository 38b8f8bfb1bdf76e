"""Test a stream from the camera of the Chromium that all tests share, on their server; all else about streams is in `test_webcam`."""

from playwright.sync_api import expect

from testing.browser.pages import ANSWER_TIMEOUT_MS, open_page, reading, wait_for_rest
from testing.browser.webcam import FIRST, HEADING, player, start, stop, wait_for_frames

MAX_LAYOUT_SHIFT = 0.05
"""Half of what Chromium's Web Vitals call good."""

SUM_LAYOUT_SHIFTS = """
() => {
  window.digitsShift = 0;
  const add = list => list.getEntries().forEach(each => (window.digitsShift += each.value));
  new PerformanceObserver(add).observe({ type: 'layout-shift' });
}
"""


def test_a_number_in_front_of_the_camera_is_read_and_its_video_moves_nothing(window, server):
    page = window(permissions=["camera"])
    open_page(page, f"{server.url}/webcam", HEADING)
    expect(player(page).get_by_role("button", name="Start the camera")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)
    page.evaluate(SUM_LAYOUT_SHIFTS)
    start(page)
    expect(reading(page)).to_have_text(FIRST, timeout=ANSWER_TIMEOUT_MS)
    wait_for_frames(page)
    assert page.evaluate("window.digitsShift") <= MAX_LAYOUT_SHIFT
    stop(page)
