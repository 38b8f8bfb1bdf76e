"""Tests of the busy indicator: none during a short wait, and always one during a long wait."""

import pytest

from testing.browser.pages import draw_digit, navigate, open_page, reading, wait_for_canvas, wait_for_rest
from testing.browser.patience import Wait, waits, watch_waits, watched_frames
from testing.browser.server import serve

BUSY = """
import time
import streamlit as st
for seconds in (0.1, 2.5):
    if st.button(f"Wait {seconds} s"):
        time.sleep(seconds)
"""
ENVIRONMENT = {"STREAMLIT_SERVER_HEADLESS": "true", "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"}


@pytest.mark.parametrize(
    ("wait", "wrong"),
    [
        (Wait(100, None), False),
        (Wait(100, 50), True),
        (Wait(700, None), False),
        (Wait(700, 400), False),
        (Wait(1_800, None), False),
        (Wait(3_000, 1_600), False),
        (Wait(3_000, 2_200), True),
        (Wait(3_000, None), True),
    ],
)
def test_only_flicker_and_silence_are_wrong(wait, wrong):
    assert bool(wait.problem) == wrong


@pytest.mark.nightly
def test_streamlits_own_sign_is_seen_by_the_watch(window, tmp_path):
    (tmp_path / "streamlit_app.py").write_text(BUSY, encoding="utf-8")
    with serve(tmp_path, ENVIRONMENT, "streamlit") as busy:
        page = window()
        page.goto(busy.url)
        page.get_by_role("button", name="Wait 0.1 s").wait_for()
        wait_for_rest(page)
        watch_waits(page)
        for count, name in enumerate(("Wait 0.1 s", "Wait 2.5 s"), 1):
            page.get_by_role("button", name=name).click()
            page.wait_for_function(f"() => window.digitsWaits.length === {count}")
            wait_for_rest(page)
        short, long = waits(page)
        page.context.close()
    assert long.elapsed_ms > 2_000
    assert short.problem == long.problem == ""


@pytest.mark.nightly
def test_drawing_and_moving_between_pages_flicker_nowhere(page, server):
    open_page(page, server.url, "Write a number")
    wait_for_canvas(page)
    wait_for_rest(page)
    watch_waits(page)
    draw_digit(page, 3)
    reading(page).first.wait_for()
    wait_for_rest(page)
    for title, heading in (("Upload", "Upload pictures"), ("Draw", "Write a number")):
        navigate(page, title)
        page.get_by_role("heading", name=heading).wait_for()
        wait_for_rest(page)
    assert watched_frames(page) > 10, "the watch has ended"
    assert [each.problem for each in waits(page) if each.problem] == []
