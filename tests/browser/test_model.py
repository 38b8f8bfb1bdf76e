"""The Model page in a real browser."""

import json
import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from digitcore.datasets.mnist import FOLDER_SETTING
from testing.browser.pages import ANSWER_TIMEOUT_MS, download, open_page, press, wait_for_canvas

MARKS = "svg [role=graphics-symbol]"
"""The bars, points and squares in a chart."""

MEASURING_TIMEOUT_MS = 120_000
SECTIONS = {
    "Mistakes": ("The worst mistakes", 2),
    "Confidence": ("How sure must it be?", 2),
    "Hard cases": ("Variation across seeds", 2),
    "Architecture": ("How it was trained", 1),
    "Speed on this server": ("Speed on this server", 0),
}
"""Each section's last heading, and its number of charts."""


@pytest.fixture
def model_page(page, server):
    open_page(page, f"{server.url}/model", "Model")
    return page


def charts(page):
    return page.get_by_test_id("stVegaLiteChart")


def choose(page, section):
    heading, count = SECTIONS[section]
    page.get_by_role("radio", name=section).click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(charts(page)).to_have_count(count, timeout=ANSWER_TIMEOUT_MS)
    expect(page.locator("[data-stale=true]")).to_have_count(0, timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_sections_charts_are_drawn_and_have_a_description(window, server, scheme):
    page = window(color_scheme=scheme)
    open_page(page, f"{server.url}/model", "Model")
    for section in SECTIONS:
        choose(page, section)
        for chart in charts(page).all():
            expect(chart.locator(MARKS).first).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
            assert len(chart.get_attribute("aria-label") or "") > 10, section


def test_the_slider_is_moved_by_keyboard_and_the_text_follows(model_page):
    choose(model_page, "Confidence")
    words = model_page.locator(".st-key-model-coverage")
    expect(words).to_contain_text("9,918 would be answered, 8 of them wrong", timeout=ANSWER_TIMEOUT_MS)
    model_page.get_by_role("slider").press("ArrowRight")
    expect(words).to_contain_text("9,868 would be answered, 4 of them wrong", timeout=ANSWER_TIMEOUT_MS)


def test_the_worst_mistakes_are_pictures_if_the_mnist_files_are_available(model_page):
    if FOLDER_SETTING not in os.environ:
        expect(model_page.get_by_text("which isn't available here")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
        return
    pictures = model_page.locator(".st-key-model-mistakes img")
    expect(pictures).to_have_count(25, timeout=ANSWER_TIMEOUT_MS)
    expect(pictures.first).to_have_attribute("alt", "A handwritten 7, read as 1 with 99.2% confidence")
    assert pictures.first.evaluate("picture => picture.naturalWidth") == 28


def test_the_card_can_be_downloaded(model_page):
    name, content = download(model_page, model_page.locator(".st-key-model_card button"))
    card = json.loads(content)
    assert name == "card.json"
    assert card["test"]["count"] == 10_000


def test_both_engines_are_measured_while_the_visitor_is_on_another_page(model_page, server):
    choose(model_page, "Speed on this server")
    press(model_page, "model_measure")
    expect(model_page.get_by_text("Measuring LiteRT, then TensorFlow")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    links = model_page.get_by_test_id("stTopNavLink")
    links.filter(has_text="Draw").click()
    wait_for_canvas(model_page)
    links.filter(has_text="Model").click()
    measured = model_page.locator(".st-key-model-measured")
    expect(measured).to_contain_text("times as long as LiteRT", timeout=MEASURING_TIMEOUT_MS)
    expect(charts(model_page)).to_have_count(3)
    engines = model_page.get_by_test_id("stTable").locator("tbody tr")
    expect(engines).to_have_count(2)
    assert "tensorflow" not in server.mapped_files().replace("tensorflow_lite", "")


@pytest.mark.parametrize("section", SECTIONS)
def test_a_phone_shows_everything_without_scrolling_sideways(window, server, section):
    page = window(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    open_page(page, f"{server.url}/model", "Model")
    choose(page, section)
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for chart in page.get_by_test_id("stVegaLiteChart").all():
        box = chart.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360


def test_the_page_opens_each_time_that_it_is_chosen(model_page):
    links = model_page.get_by_test_id("stTopNavLink")
    for _ in range(3):
        links.filter(has_text="Draw").click()
        wait_for_canvas(model_page)
        links.filter(has_text="Model").click()
        expect(model_page.get_by_test_id("stMetric")).to_have_count(8, timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_what_this_page_shows(window, server, scheme):
    page = window(color_scheme=scheme)
    open_page(page, f"{server.url}/model", "Model")
    for section in SECTIONS:
        choose(page, section)
        found = Axe().run(page, context=".stMain", options={"resultTypes": ["violations"]}).response["violations"]
        serious = [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]
        assert serious == [], section
