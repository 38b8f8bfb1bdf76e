"""Tests of the Model page in a browser."""

import json
import re

import pytest
from playwright.sync_api import expect

from digitcore.recognition.artifacts import PACKAGED_NETWORK, read_card
from testing.browser.devices import PHONE
from testing.browser.pages import (
    ANSWER_TIMEOUT_MS,
    MODEL_SECTIONS,
    THEMES,
    choose_section,
    download,
    navigate,
    open_page,
    press,
    show_in,
    wait_for_canvas,
    wait_for_rest,
)

pytestmark = pytest.mark.nightly

MARKS = "svg [role=graphics-symbol]"
"""CSS selector of the bars, points and squares in a chart."""

MEASURING_TIMEOUT_MS = 600_000


@pytest.fixture
def model_page(page, server):
    open_page(page, f"{server.url}/model", "Model")
    return page


def charts(page):
    return page.get_by_test_id("stVegaLiteChart")


def answered_and_wrong(text):
    """Return the counts of answers and of wrong answers in the text below the slider."""
    counts = re.search(r"([\d,]+) would be answered, ([\d,]+) of them wrong", text).groups()
    return [int(each.replace(",", "")) for each in counts]


def test_every_sections_charts_are_drawn_in_both_themes_and_have_a_description(window, server):
    page = window()
    open_page(page, f"{server.url}/model", "Model")
    for section in MODEL_SECTIONS:
        choose_section(page, section)
        for theme in THEMES:
            show_in(page, theme)
            for chart in charts(page).all():
                expect(chart.locator(MARKS).first).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
                assert len(chart.get_attribute("aria-label") or "") > 10, section
    page.close()  # so that no other test gets a tab with an emulated theme


def test_the_slider_is_moved_by_keyboard_and_the_text_follows(model_page):
    choose_section(model_page, "Confidence")
    text = model_page.locator(".st-key-model-coverage").get_by_text("would be answered")
    before = text.inner_text()
    model_page.get_by_role("slider").press("ArrowRight")
    expect(text).not_to_have_text(before, timeout=ANSWER_TIMEOUT_MS)
    (answered, wrong), (answered_by_surer, wrong_by_surer) = (answered_and_wrong(each) for each in (before, text.inner_text()))
    assert wrong_by_surer <= wrong < answered_by_surer < answered


def test_a_click_on_a_cell_of_the_confusion_matrix_shows_its_mistakes(model_page):
    pictures = model_page.locator(".st-key-model-mistakes img")
    card = read_card(PACKAGED_NETWORK)["test"]
    expect(pictures).to_have_count(card["errors"], timeout=ANSWER_TIMEOUT_MS)
    assert pictures.first.evaluate("picture => picture.naturalWidth") == 28
    wait_for_rest(model_page)
    cell = charts(model_page).first.locator(f"{MARKS}[aria-label^='Read as: 4; Written: 9;']").last
    cell.click()
    expect(pictures).to_have_count(card["confusion"][9][4])
    expect(pictures.first).to_have_attribute("alt", re.compile("^A handwritten 9, read as 4 with"))


def test_a_section_has_an_address_which_keeps_the_language(model_page, window):
    model_page.get_by_role("radio", name="Confidence").click()
    expect(model_page).to_have_url(re.compile(r"/model\?part=confidence$"))
    model_page.get_by_text("ES", exact=True).click()
    expect(model_page.get_by_role("heading", name="Modelo")).to_be_visible()
    expect(model_page).to_have_url(re.compile("lang=es"))
    phone = window(**PHONE)
    phone.goto(model_page.url)
    expect(phone.get_by_role("radio", name="Confianza")).to_be_checked()
    expect(phone.get_by_role("heading", name="Calibración")).to_be_in_viewport()


def test_the_card_can_be_downloaded(model_page):
    name, content = download(model_page, model_page.locator(".st-key-model_card button"))
    card = json.loads(content)
    assert name == "card.json"
    assert card["test"]["count"] == 10_000


def test_both_engines_are_measured_while_the_visitor_is_on_another_page(model_page, server):
    choose_section(model_page, "Speed on this server")
    press(model_page, "model_measure")
    expect(model_page.get_by_text("Measuring LiteRT, then TensorFlow")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    navigate(model_page, "Draw")
    wait_for_canvas(model_page)
    navigate(model_page, "Model")
    measured = model_page.locator(".st-key-model-measured")
    expect(measured).to_contain_text("times as long as LiteRT", timeout=MEASURING_TIMEOUT_MS)
    expect(charts(model_page)).to_have_count(3)
    engines = model_page.get_by_test_id("stTable").locator("tbody tr")
    expect(engines).to_have_count(2)
    assert "tensorflow" not in server.mapped_files().replace("tensorflow_lite", "")


def test_a_phone_shows_everything_without_scrolling_sideways(window, server):
    page = window(**PHONE)
    open_page(page, f"{server.url}/model", "Model")
    for section in MODEL_SECTIONS:
        choose_section(page, section)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, section
        for chart in charts(page).all():
            box = chart.bounding_box()
            assert box["x"] >= 0, section
            assert box["x"] + box["width"] <= 360, section


def test_the_page_opens_each_time_that_it_is_chosen(model_page):
    for _ in range(3):
        navigate(model_page, "Draw")
        wait_for_canvas(model_page)
        navigate(model_page, "Model")
        expect(model_page.get_by_test_id("stMetric")).to_have_count(8, timeout=ANSWER_TIMEOUT_MS)
