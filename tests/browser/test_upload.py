import base64
import csv
import io
import json
import re
import zipfile

import numpy as np
import psutil
import pytest
from PIL import Image
from playwright.sync_api import expect

from app.upload.parallel import MANY_FILES
from synthetic.paper import Scene, photograph
from testing.browser.devices import PHONE
from testing.browser.pages import ANSWER_TIMEOUT_MS, download, open_page, press, reading, wait_for_rest


@pytest.fixture(scope="module")
def opened_page(shared_page, server):
    open_page(shared_page, f"{server.url}/upload", "Upload pictures")
    return shared_page


@pytest.fixture
def upload_page(opened_page):
    """The Upload page without pictures, which are removed if an earlier test has left any."""
    remove_pictures(opened_page)
    return opened_page


def remove_pictures(page):
    wait_for_rest(page)
    if page.locator(".st-key-upload_remove").count():
        press(page, "upload_remove")
        expect(page.get_by_text("Add a photo")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
        wait_for_rest(page)


def photo(digit, fmt="PNG"):
    buffer = io.BytesIO()
    Image.fromarray(photograph(str(digit), "slanted", (480, 360), 200, Scene(light_fall=0.3), 1)).save(buffer, fmt)
    return buffer.getvalue()


def choose(page, *files):
    """Select files in the browser's file chooser, each given as name, media type and contents."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose pictures").click()
    chooser.value.set_files([{"name": name, "mimeType": kind, "buffer": content} for name, kind, content in files])


def dispatch(page, event, name, content):
    """Dispatch an event on the page that carries a file: `paste` or `drop`."""
    page.evaluate(
        """([event, name, content]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([Uint8Array.from(atob(content), (char) => char.charCodeAt(0))], name));
          const options = { bubbles: true, cancelable: true };
          const made = event === "paste" ? new ClipboardEvent(event, { ...options, clipboardData: transfer })
            : new DragEvent(event, { ...options, dataTransfer: transfer });
          document.body.dispatchEvent(made);
        }""",
        [event, name, base64.b64encode(content).decode()],
    )


@pytest.mark.parametrize("event", ["paste", "drop"])
def test_a_picture_is_taken_from_the_clipboard_and_by_dropping_it_anywhere(upload_page, event):
    dispatch(upload_page, event, "image.png", photo(6))
    expect(reading(upload_page)).to_have_text("6", timeout=ANSWER_TIMEOUT_MS)


def test_a_file_that_is_too_large_is_refused_before_it_is_uploaded(upload_page):
    upload_page.evaluate(
        """() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(51 * 2 ** 20)], "film.mp4"));
          document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
        }"""
    )
    expect(upload_page.get_by_text("film.mp4 has more than 50 MB. Make it smaller and try again.")).to_be_visible()


def test_a_click_on_a_digit_in_the_picture_chooses_its_card(upload_page):
    buffer = io.BytesIO()
    Image.fromarray(photograph("27", "slanted", (480, 360), 120, Scene(), 1)).save(buffer, "PNG")
    choose(upload_page, ("two.png", "image/png", buffer.getvalue()))
    expect(reading(upload_page)).to_have_text("27", timeout=ANSWER_TIMEOUT_MS)
    marks = upload_page.locator(".marked-picture").get_by_role("button")
    cards = upload_page.locator(".mark-card")
    marks.nth(1).click()
    expect(cards.nth(1)).to_have_attribute("aria-pressed", "true")
    wait_for_rest(upload_page)
    cards.nth(0).click()
    expect(upload_page.get_by_role("button", name="1: 2", exact=True).and_(marks)).to_have_attribute(
        "aria-pressed", "true", timeout=ANSWER_TIMEOUT_MS
    )


def test_a_picture_is_read_and_shown_with_its_result(upload_page):
    choose(upload_page, ("two.png", "image/png", photo(2)))
    expect(reading(upload_page)).to_have_text("2", timeout=ANSWER_TIMEOUT_MS)
    expect(upload_page.get_by_alt_text("The picture with its digits marked: 2")).to_be_visible()
    expect(upload_page.get_by_alt_text("The mark in 28 by 28 pixels, read as 2")).to_be_visible()
    expect(upload_page.get_by_test_id("stTable").locator("tbody tr")).to_have_count(10)


@pytest.mark.nightly
def test_a_bad_file_shows_its_error_and_the_others_are_read(upload_page):
    choose(
        upload_page,
        ("text.png", "image/png", b"not a picture at all"),
        ("six.webp", "image/webp", photo(6, "WEBP")),
        ("empty.jpg", "image/jpeg", b""),
        ("cut.jpg", "image/jpeg", photo(6, "JPEG")[:2000]),
    )
    error = upload_page.get_by_test_id("stAlertContentError")
    expect(error).to_contain_text("This file isn't a picture that can be read.", timeout=ANSWER_TIMEOUT_MS)
    upload_page.get_by_role("button", name="6 six.webp", exact=True).click()
    expect(reading(upload_page)).to_have_text("6", timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
def test_a_sample_is_read_with_one_click(upload_page):
    for title, digit in {"Pencil": "7", "Chalk": "4", "Hard shadow": "5"}.items():
        upload_page.get_by_role("button", name=title, exact=True).click()
        expect(reading(upload_page)).to_have_text(digit, timeout=ANSWER_TIMEOUT_MS)
        remove_pictures(upload_page)


@pytest.mark.nightly
def test_an_upload_takes_over_from_a_sample(upload_page):
    upload_page.get_by_role("button", name="Blue pen", exact=True).click()
    expect(reading(upload_page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    choose(upload_page, ("nine.png", "image/png", photo(9)))
    expect(reading(upload_page)).to_have_text("9", timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
def test_a_whole_folder_is_read_with_its_names(page, server, tmp_path):
    open_page(page, f"{server.url}/upload", "Upload pictures")
    (tmp_path / "inner").mkdir()
    (tmp_path / "four.png").write_bytes(photo(4))
    (tmp_path / "inner" / "seven.png").write_bytes(photo(7))
    page.get_by_role("radio", name="A whole folder").or_(page.get_by_role("button", name="A whole folder")).first.click()
    folder = page.locator("input[type=file][webkitdirectory]")
    folder.wait_for(state="attached")
    folder.set_input_files(tmp_path)
    expect(page.get_by_text("2 pictures: 2 read, 0 without digits, 0 unreadable.")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


def test_a_zip_is_read_and_its_table_is_safe_in_a_spreadsheet(upload_page):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("numbers/=4.png", photo(4))
        archive.writestr("=1+1.png", photo(7))
        archive.writestr("../up.png", photo(7))
    choose(upload_page, ("numbers.zip", "application/zip", buffer.getvalue()))
    expect(upload_page.get_by_text("3 pictures: 2 read, 0 without digits, 1 unreadable.")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    upload_page.get_by_role("button", name="7 =1+1.png", exact=True).click()
    expect(reading(upload_page)).to_have_text("7", timeout=ANSWER_TIMEOUT_MS)
    name, content = download(upload_page, upload_page.get_by_role("button", name="CSV"))
    assert name == "readings.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert [row["file"] for row in rows] == ["numbers/=4.png", "'=1+1.png", "../up.png"]
    assert [row["text"] for row in rows] == ["4", "7", ""]
    name, content = download(upload_page, upload_page.get_by_role("button", name="JSON"))
    assert [each["status"] for each in json.loads(content)] == ["ok", "ok", "error"]


@pytest.mark.nightly
def test_a_click_on_a_row_of_the_table_shows_its_picture(upload_page):
    choose(upload_page, ("four.png", "image/png", photo(4)), ("seven.png", "image/png", photo(7)))
    expect(reading(upload_page)).to_have_text("4", timeout=ANSWER_TIMEOUT_MS)
    upload_page.get_by_role("tab", name="Table").click()
    table = upload_page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    box = table.bounding_box()
    upload_page.mouse.click(box["x"] + 15, box["y"] + 2.5 * 35)
    expect(reading(upload_page)).to_have_text("7", timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
def test_a_picture_opens_in_the_inspector(page, server):
    open_page(page, f"{server.url}/upload", "Upload pictures")
    choose(page, ("four.png", "image/png", photo(4)))
    expect(reading(page)).to_have_text("4", timeout=ANSWER_TIMEOUT_MS)
    page.get_by_role("button", name="Open in the Inspector").click()
    expect(page.get_by_role("heading", name="Inspector")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
def test_a_blank_picture_predicts_nothing(upload_page):
    buffer = io.BytesIO()
    Image.fromarray(np.full((200, 200), 240, np.uint8)).save(buffer, "PNG")
    choose(upload_page, ("blank.png", "image/png", buffer.getvalue()))
    expect(upload_page.get_by_text("There is nothing written here.")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(reading(upload_page)).to_have_count(0)


def test_a_phone_shows_everything_without_scrolling_sideways(window, server):
    page = window(**PHONE)
    open_page(page, f"{server.url}/upload", "Upload pictures")
    page.get_by_role("button", name="Blue pen", exact=True).tap()
    expect(reading(page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert reading(page).bounding_box()["y"] < page.locator(".marked-picture").bounding_box()["y"], "the answer is above the picture"


@pytest.mark.nightly
def test_a_whole_page_is_read_line_by_line(upload_page):
    upload_page.get_by_role("button", name="Whole page", exact=True).click()
    expect(reading(upload_page)).to_have_text(re.compile(r"^0589\s*51939\s*54149\s*98228$"), timeout=ANSWER_TIMEOUT_MS)


def test_many_files_are_read_in_processes_of_their_own(upload_page, server):
    def workers():
        return [child for child in psutil.Process(server.process.pid).children(recursive=True) if "loky" in " ".join(child.cmdline())]

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for digit in range(MANY_FILES):
            archive.writestr(f"{digit}.png", photo(digit))
    choose(upload_page, ("numbers.zip", "application/zip", buffer.getvalue()))
    expect(upload_page.get_by_text("5 pictures: 5 read, 0 without digits, 0 unreadable.")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    assert workers()
