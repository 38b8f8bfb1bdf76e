import io
import json
import re
import subprocess
import sys
import zipfile
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError, expect  # noqa: A004  Playwright's own

from testing.browser.devices import PHONE
from testing.browser.pages import ANSWER_TIMEOUT_MS, choose_setting, download, open_page, press, reading, wait_for_rest
from testing.browser.server import ROOT

pytestmark = pytest.mark.nightly


def open_address(page, server, query):
    open_page(page, f"{server.url}/inspector?{query}", "Inspector")
    expect(page.get_by_role("button", name="1. Original", exact=True)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


@pytest.fixture(scope="module")
def opened_page(shared_page, server):
    open_address(shared_page, server, "picture=sample:page.jpg")
    return shared_page


@pytest.fixture
def inspector(opened_page):
    """The Inspector with the sample of a whole page and the default settings, at its first tab."""
    wait_for_rest(opened_page)
    if opened_page.locator(".st-key-inspector_reset button").is_enabled():
        press(opened_page, "inspector_reset")
        wait_for_rest(opened_page)
    expect(reading(opened_page)).to_contain_text("51939", timeout=ANSWER_TIMEOUT_MS)
    first_step = opened_page.get_by_role("button", name="1. Original", exact=True)
    if not first_step.is_visible():
        select_tab(opened_page, "Steps")
    expect(first_step).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(opened_page)
    return opened_page


def select_tab(page, name):
    page.locator(".st-key-inspector_look").get_by_text(name, exact=True).click()


def downloaded(page, key):
    _, content = download(page, page.locator(f".st-key-{key} button"))
    return content


def take_photo(page):
    """Click until a photo is taken: Streamlit's camera ignores clicks until it is ready, and doesn't show when it is."""
    clear_button = page.get_by_role("button", name="Clear photo")
    for _ in range(10):
        with suppress(TimeoutError):
            page.get_by_role("button", name="Take Photo").click(timeout=2_000)
            clear_button.wait_for(timeout=2_000)
        if clear_button.count():
            return


def test_a_sample_opens_with_one_click(page, server):
    open_page(page, f"{server.url}/inspector", "Inspector")
    page.get_by_role("button", name="Blue pen", exact=True).click()
    expect(reading(page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    expect(page).to_have_url(re.compile(r"picture=sample(%3A|:)pen\.jpg"))


def test_a_changed_setting_changes_the_answer_and_reset_restores_it(inspector):
    choose_setting(inspector, "threshold", "Otsu")
    expect(reading(inspector)).not_to_contain_text("51939", timeout=ANSWER_TIMEOUT_MS)
    expect(inspector).to_have_url(re.compile("threshold=otsu"))
    press(inspector, "inspector_reset")
    expect(reading(inspector)).to_contain_text("51939", timeout=ANSWER_TIMEOUT_MS)
    expect(inspector).not_to_have_url(re.compile("threshold"))


def test_a_slider_is_moved_by_keyboard_and_takes_effect(inspector):
    slider = inspector.get_by_role("slider", name="Smoothing")
    slider.focus()
    inspector.keyboard.press("ArrowRight")
    inspector.keyboard.press("ArrowRight")
    expect(inspector).to_have_url(re.compile(r"smoothing_px=1\.0"), timeout=ANSWER_TIMEOUT_MS)
    inspector.get_by_role("button", name="3. Smoothed", exact=True).hover()
    expect(inspector.get_by_text("Smoothing: 1.0 px")).to_be_visible()


def test_a_shared_url_shows_another_visitor_the_same(inspector, window):
    choose_setting(inspector, "threshold", "Otsu")
    expect(inspector).to_have_url(re.compile("threshold=otsu"), timeout=ANSWER_TIMEOUT_MS)
    expect(reading(inspector)).not_to_contain_text("51939", timeout=ANSWER_TIMEOUT_MS)
    other = window()
    other.goto(inspector.url)
    expect(reading(other)).to_have_text(reading(inspector).inner_text(), timeout=ANSWER_TIMEOUT_MS, use_inner_text=True)
    expect(other.get_by_role("radio", name="Otsu")).to_be_checked()
    assert other.url == inspector.url


def test_bad_parameters_in_a_url_are_one_line(page, server):
    open_address(
        page,
        server,
        "picture=sample:pen.jpg&%3Cimg+src%3Dx+onerror%3Dalert(1)%3E=1&clahe_clip=1e99&clahe_tiles=3&clahe_tiles=4&centring=box",
    )
    expect(page.get_by_text("Ignored in the address")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page).to_have_url(re.compile("centring=box$"))
    expect(page.locator("img[src=x]")).to_have_count(0)


def test_a_stage_is_enlarged_by_keyboard_and_closed_again(inspector):
    small = inspector.get_by_alt_text(re.compile("^Ink density")).bounding_box()
    inspector.get_by_role("button", name="6. Ink density", exact=True).press("Enter")
    dialog = inspector.get_by_role("dialog")
    large = dialog.get_by_alt_text(re.compile("^Ink density"))
    expect(large).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    assert large.bounding_box()["width"] > 2 * small["width"]
    expect(dialog.get_by_text("900 × 1,200 pixels")).to_be_visible()
    expect(dialog.get_by_text(re.compile(r"\d ms$"))).to_be_visible()
    inspector.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_film_is_stepped_by_keyboard_and_left_by_escape(inspector):
    inspector.emulate_media(reduced_motion="reduce")  # it doesn't play by itself
    inspector.get_by_role("button", name="Play", exact=True).click()
    film = inspector.get_by_role("dialog", name="Steps")
    expect(film.get_by_alt_text(re.compile("^Original"))).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    inspector.keyboard.press("ArrowRight")
    expect(film.get_by_alt_text(re.compile("^Greyscale"))).to_be_visible()
    expect(film.get_by_alt_text(re.compile("^Original"))).to_be_hidden()
    inspector.keyboard.press("Space")  # plays
    expect(film.get_by_alt_text(re.compile("^Smoothed"))).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    inspector.keyboard.press("Escape")
    expect(inspector.get_by_role("dialog")).to_have_count(0, timeout=ANSWER_TIMEOUT_MS)
    expect(inspector.locator(".st-key-inspector_play")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    inspector.emulate_media(reduced_motion="no-preference")


def test_the_picture_and_its_answer_stay_in_sight_while_the_page_scrolls(inspector):
    inspector.get_by_text("Grey levels as a table").scroll_into_view_if_needed()
    expect(inspector.get_by_role("heading", name="Find the paper")).not_to_be_in_viewport()
    expect(inspector.locator(".st-key-inspector-answer .written-text")).to_be_in_viewport(ratio=1)
    expect(inspector.get_by_alt_text("What the network sees of the largest mark", exact=True)).to_be_in_viewport(ratio=1)


def test_the_downloaded_recipe_gives_the_same_result_on_the_command_line(inspector, tmp_path):
    choose_setting(inspector, "threshold", "Otsu")
    expect(reading(inspector)).not_to_contain_text("51939", timeout=ANSWER_TIMEOUT_MS)
    lines = reading(inspector).inner_text().split()
    select_tab(inspector, "Recipe")
    expect(inspector.get_by_text("To get the same result on the command line")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    recipe = tmp_path / "recipe.json"
    recipe.write_bytes(downloaded(inspector, "inspector_download_recipe"))
    command = [sys.executable, "-m", "digitcore", "read", "--json", "samples/page.jpg", "--settings", str(recipe)]
    answer = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert answer["lines"] == lines


def test_the_stages_are_downloaded_as_pictures(inspector):
    select_tab(inspector, "Recipe")
    with zipfile.ZipFile(io.BytesIO(downloaded(inspector, "inspector_download_stages"))) as archive:
        names = archive.namelist()
    assert names[0] == "01-original.png"
    assert names[-2:] == ["13-centre.png", "recipe.json"]


def test_a_bar_of_the_ablation_is_a_button_that_applies_its_change(inspector):
    select_tab(inspector, "What matters?")
    press(inspector, "inspector_what_matters")
    bars = inspector.locator(".st-key-inspector-what-matters").get_by_role("button")
    otsu = bars.filter(has_text="Otsu")
    expect(otsu).to_be_visible(timeout=4 * ANSWER_TIMEOUT_MS)
    otsu.click()
    expect(reading(inspector)).not_to_contain_text("51939", timeout=ANSWER_TIMEOUT_MS)
    expect(inspector).to_have_url(re.compile("threshold=otsu"))


def test_a_mark_shows_its_pixels_its_class_maps_and_the_branches(inspector):
    select_tab(inspector, "Marks")
    expect(inspector.get_by_text("What each branch responds to")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(inspector.get_by_test_id("stVegaLiteChart")).to_have_count(2)
    expect(inspector.get_by_alt_text(re.compile("^Where the branch"))).to_have_count(12)
    maps = inspector.get_by_alt_text(re.compile("^Evidence for a"))
    expect(maps).to_have_count(11)
    inspector.locator(".st-key-inspector_class").get_by_text("7", exact=True).click()
    expect(maps.first).to_have_attribute("alt", re.compile("for a 7 "), timeout=ANSWER_TIMEOUT_MS)


def test_a_phone_shows_everything_without_scrolling_sideways(window, server):
    page = window(**PHONE)
    open_address(page, server, "picture=sample:page.jpg")
    for tab in ("Steps", "Marks", "What matters?", "Recipe"):
        select_tab(page, tab)
        if tab == "What matters?":
            press(page, "inspector_what_matters")
            expect(page.locator(".st-key-inspector-what-matters")).to_be_visible(timeout=4 * ANSWER_TIMEOUT_MS)
        wait_for_rest(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, tab
        wide = page.evaluate("[...document.querySelectorAll('[data-testid=stMain]')].map(e => e.scrollWidth - e.clientWidth)")
        assert wide == [0], tab


def test_a_camera_snapshot_is_inspected(window, server):
    page = window(permissions=["camera"])
    open_page(page, f"{server.url}/inspector", "Inspector")
    page.get_by_role("combobox").click()
    page.get_by_role("option", name="Camera snapshot").click()
    page.wait_for_function("() => document.querySelector('video')?.videoWidth > 0", timeout=ANSWER_TIMEOUT_MS)
    take_photo(page)
    expect(page.get_by_role("button", name="1. Original", exact=True)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(page).not_to_have_url(re.compile("picture="))
