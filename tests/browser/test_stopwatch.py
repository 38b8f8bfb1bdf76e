"""The stopwatch of the benchmarks, under the app's Content-Security-Policy, which forbids strings to run as scripts."""

from testing.browser.pages import draw_digit, open_page, wait_for_canvas
from testing.browser.stopwatch import ANSWER, arm, elapsed_ms


def test_the_time_of_an_answer_is_measured_under_the_policy(page, server):
    open_page(page, server.url, "Write a number")
    wait_for_canvas(page)
    arm(page, "pointerup", ANSWER)
    draw_digit(page, 6)
    assert elapsed_ms(page) > 0
