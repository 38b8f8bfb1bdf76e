"""A visitor teaches the app their handwriting in a real browser, sees what it changes, and ends it."""

import json

import numpy as np
import pytest
from playwright.sync_api import expect

from digitcore import WriterProfile
from digitcore.recognition.teaching import FieldGrid
from synthetic.writers import make_writer
from testing.browser.devices import PHONE
from testing.browser.pages import (
    ANSWER_TIMEOUT_MS,
    POINT_STEP,
    download,
    draw_digit,
    navigate,
    open_page,
    press,
    reading,
    wait_for_canvas,
    wait_for_rest,
)

FIELDS = ".st-key-teach-canvas canvas"
WRITER = make_writer(3_000_003)

MAX_WIDTH_SHARE = 0.7
"""The widest digit, as a share of its field."""


def write_round(page, seed, digits=range(10)):
    """Write digits in their fields with the mouse."""
    canvas = page.locator(FIELDS).last
    expect(canvas).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    rng = np.random.default_rng(seed)
    written = {digit: WRITER.write(digit, rng)[0] for digit in range(10)}
    for digit in digits:
        for path in in_field(written[digit], FieldGrid((round(box["width"]), round(box["height"]))).box(digit)):
            write_path(page, path + np.array([box["x"], box["y"]]))
    wait_for_rest(page)


def in_field(paths, field):
    """Place the paths of a digit in the middle of its field."""
    points = np.concatenate(paths)
    width, height = np.ptp(points, axis=0)
    scale = min(MAX_WIDTH_SHARE * field.width / max(width, 0.1), 0.65 * field.height / height)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return [(path - middle) * scale + (field.center_x, field.center_y) for path in paths]


def write_path(page, path):
    page.mouse.move(*path[0])
    page.mouse.down()
    for point in [*path[::POINT_STEP], path[-1]]:
        page.mouse.move(*point)
    page.mouse.up()


def teach(page, **second):
    press(page, "handwriting_teach")
    write_round(page, 1)
    press(page, "teach_next")
    expect(page.get_by_text("Round 2 of 2")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    write_round(page, 2, **second)
    press(page, "teach_next")
    expect(page.get_by_text("with your handwriting.")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


@pytest.fixture
def draw_page(page, server):
    open_page(page, server.url, "Write a number")
    wait_for_canvas(page)
    wait_for_rest(page)
    return page


def test_a_visitor_teaches_both_rounds_uses_them_on_all_pages_and_ends_it(draw_page):
    teach(draw_page)
    expect(draw_page.get_by_text("Of your 10 digits, ")).to_be_visible()
    expect(draw_page.get_by_alt_text("Your 4: read as ")).to_be_visible()
    in_use = draw_page.get_by_text("Your handwriting is in use: 20 digits")
    expect(in_use).to_be_visible()
    press(draw_page, "teach_close")
    wait_for_canvas(draw_page)
    wait_for_rest(draw_page)
    draw_digit(draw_page, 3)
    expect(reading(draw_page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    navigate(draw_page, "Upload")
    expect(draw_page.get_by_role("heading", name="Upload pictures")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(in_use).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    press(draw_page, "handwriting_forget")
    expect(draw_page.get_by_role("button", name="Teach it your handwriting")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(in_use).to_have_count(0)


@pytest.mark.nightly
def test_a_download_is_loaded_in_another_visit(draw_page, window, server):
    teach(draw_page, digits=[1, 7])
    name, content = download(draw_page, draw_page.locator(".st-key-handwriting_download button"))
    assert name == "my-handwriting.json"
    assert len(WriterProfile.from_json(content.decode())) == 12
    open_page(draw_page, server.url, "Write a number")
    wait_for_rest(draw_page)
    draw_page.get_by_role("button", name="Load my handwriting").click()
    file = {"name": name, "mimeType": "application/json", "buffer": content}
    draw_page.locator("input[type=file]").set_input_files([{**file, "buffer": json.dumps({"version": 1}).encode()}])
    expect(draw_page.get_by_text("This isn't a handwriting profile")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    draw_page.locator("input[type=file]").set_input_files([file])
    expect(draw_page.get_by_text("Your handwriting is in use: 12 digits")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
def test_a_drawing_is_still_there_after_teaching_was_cancelled(draw_page):
    draw_digit(draw_page, 2)
    expect(reading(draw_page)).to_have_text("2", timeout=ANSWER_TIMEOUT_MS)
    press(draw_page, "handwriting_teach")
    write_round(draw_page, 1, digits=[1])
    press(draw_page, "teach_cancel")
    wait_for_canvas(draw_page)
    expect(reading(draw_page)).to_have_text("2", timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(draw_page)
    expect(reading(draw_page)).to_have_text("2")
    press(draw_page, "draw_undo")
    expect(reading(draw_page)).to_have_count(0, timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
def test_undo_and_clear_work_while_teaching(draw_page):
    press(draw_page, "handwriting_teach")
    write_round(draw_page, 1, digits=[1])
    press(draw_page, "teach_clear")
    expect(draw_page.locator(".st-key-teach_next button")).to_be_disabled(timeout=ANSWER_TIMEOUT_MS)
    press(draw_page, "teach_undo")
    expect(draw_page.locator(".st-key-teach_next button")).to_be_enabled(timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
def test_teaching_fits_on_a_phone(window, server):
    page = window(**PHONE)
    open_page(page, server.url, "Write a number")
    wait_for_canvas(page)
    teach(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    expect(page.get_by_text("Of your 10 digits, ")).to_be_visible()
