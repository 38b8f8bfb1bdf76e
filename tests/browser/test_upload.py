import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from factory.paper import Scene, photograph
from tests.browser.pages import ANSWER_TIMEOUT_MS, open_page, reading


@pytest.fixture
def upload_page(page, server):
    open_page(page, f"{server.url}/upload", "Upload pictures")
    return page


def photo(digit, fmt="PNG"):
    buffer = io.BytesIO()
    Image.fromarray(photograph(str(digit), "slanted", (480, 360), 200, Scene(light_fall=0.3), 1)).save(buffer, fmt)
    return buffer.getvalue()


def choose(page, *files):
    """Pick files in the page's real file chooser: each a name, a type and its bytes."""
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("stFileUploaderDropzone").locator("button").click()
    chooser.value.set_files([{"name": name, "mimeType": kind, "buffer": content} for name, kind, content in files])


def test_a_picture_is_read_and_shown_with_what_was_found(upload_page):
    choose(upload_page, ("two.png", "image/png", photo(2)))
    expect(reading(upload_page)).to_have_text("2", timeout=ANSWER_TIMEOUT_MS)
    expect(upload_page.get_by_alt_text("The picture with its digits marked: 2")).to_be_visible()
    expect(upload_page.get_by_alt_text("The digit in 28 by 28 pixels, read as 2")).to_be_visible()
    expect(upload_page.get_by_test_id("stTable").locator("tbody tr")).to_have_count(10)


def test_one_bad_file_says_so_and_the_others_live_on(upload_page):
    choose(
        upload_page,
        ("text.png", "image/png", b"not a picture at all"),
        ("six.webp", "image/webp", photo(6, "WEBP")),
        ("empty.jpg", "image/jpeg", b""),
        ("cut.jpg", "image/jpeg", photo(6, "JPEG")[:2000]),
    )
    expect(upload_page.get_by_text("This file isn't a picture that can be read.")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    box = upload_page.get_by_role("combobox")
    box.click()
    upload_page.get_by_role("option", name="2. six.webp").click()
    expect(reading(upload_page)).to_have_text("6", timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.parametrize(("title", "digit"), [("Blue pen", "3"), ("Pencil", "7"), ("Chalk", "4"), ("Hard shadow", "5")])
def test_a_sample_is_read_with_one_click(upload_page, title, digit):
    upload_page.get_by_role("button", name=title, exact=True).click()
    expect(reading(upload_page)).to_have_text(digit, timeout=ANSWER_TIMEOUT_MS)


def test_an_upload_takes_over_from_a_sample(upload_page):
    upload_page.get_by_role("button", name="Blue pen", exact=True).click()
    expect(reading(upload_page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    choose(upload_page, ("nine.png", "image/png", photo(9)))
    expect(reading(upload_page)).to_have_text("9", timeout=ANSWER_TIMEOUT_MS)


def test_a_blank_picture_predicts_nothing(upload_page):
    buffer = io.BytesIO()
    Image.fromarray(np.full((200, 200), 240, np.uint8)).save(buffer, "PNG")
    choose(upload_page, ("blank.png", "image/png", buffer.getvalue()))
    expect(upload_page.get_by_text("There is nothing written here.")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(reading(upload_page)).to_have_count(0)


def test_a_phone_sees_it_all_without_scrolling_sideways(window, server):
    page = window(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    open_page(page, f"{server.url}/upload", "Upload pictures")
    page.get_by_role("button", name="Blue pen", exact=True).tap()
    expect(reading(page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
