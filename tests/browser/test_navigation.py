import re
import shutil

import pytest
from playwright.sync_api import expect

from testing.browser.devices import PHONE
from testing.browser.pages import (
    ANSWER_TIMEOUT_MS,
    THEMES,
    draw_digit,
    navigate,
    navigation_links,
    open_page,
    reading,
    show_in,
    wait_for_canvas,
    wait_for_rest,
)
from testing.browser.server import ROOT, serve

PAGES = {"": "Write a number", "/upload": "Upload pictures", "/webcam": "Live webcam", "/inspector": "Inspector", "/model": "Model"}
NAVIGATION = ["Draw", "Upload", "Webcam", "Inspector", "Model"]
TITLES = dict(zip(PAGES, NAVIGATION, strict=True))


def has_tensorflow(server):
    return "tensorflow" in server.mapped_files().replace("tensorflow_lite", "")


@pytest.mark.parametrize("address", ["/upload", *(pytest.param(each, marks=pytest.mark.nightly) for each in PAGES if each != "/upload")])
def test_a_pages_own_address_on_a_fresh_server_shows_the_same_navigation(window, address):
    with serve() as fresh:
        page = window()
        open_page(page, fresh.url + address, PAGES[address])
        expect(navigation_links(page)).to_have_count(len(NAVIGATION), timeout=ANSWER_TIMEOUT_MS)
        assert [text.split("\n")[-1] for text in navigation_links(page).all_inner_texts()] == NAVIGATION
        expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
        expect(page).to_have_title(f"{TITLES[address]} · Digit reader", timeout=ANSWER_TIMEOUT_MS)
        assert not has_tensorflow(fresh)
        page.close()


def boxes(elements):
    return [each.bounding_box() for each in elements.all()]


@pytest.mark.parametrize("width", [320, pytest.param(390, marks=pytest.mark.nightly)])
def test_a_phone_shows_all_pages_at_the_bottom(window, server, width):
    page = window(**{**PHONE, "viewport": {"width": width, "height": 640}}, locale="es-ES")
    open_page(page, f"{server.url}/model?lang=es", "Modelo")
    links = navigation_links(page)
    expect(links.locator("p")).to_have_text(["Dibujar", "Subir", "Cámara", "Inspector", "Modelo"])
    wait_for_rest(page)
    found = boxes(links)
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= 640 for box in found)
    assert all(box["width"] >= 44 and box["height"] >= 44 for box in found)
    assert all(label["width"] <= box["width"] for label, box in zip(boxes(links.locator("p")), found, strict=True))
    page.locator(".stMain").evaluate("main => main.scrollTo(0, main.scrollHeight)")
    assert page.get_by_text("licencia MIT").bounding_box()["y"] < found[0]["y"] - 20, "the navigation covers the end of the page"
    bar = page.get_by_role("navigation", name="Páginas")
    expect(bar.get_by_role("link", name="Modelo")).to_have_attribute("aria-current", "page")
    for theme, color in THEMES.items():
        show_in(page, theme)
        expect(bar).to_have_css("background-color", color)
    bar.get_by_role("link", name="Subir").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sube imágenes")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(bar.locator("a[aria-current]:visible p")).to_have_text("Subir")
    page.close()


@pytest.mark.nightly
def test_the_links_lead_to_the_pages(page, server):
    open_page(page, server.url, PAGES[""])
    wait_for_rest(page)
    navigate(page, "Upload")
    expect(page.get_by_role("heading", name=PAGES["/upload"])).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    assert page.url.endswith("/upload")
    navigate(page, "Draw")
    wait_for_canvas(page)


@pytest.mark.nightly
def test_each_page_has_a_title_of_its_own_and_none_loads_tensorflow(page, server):
    for address, heading in PAGES.items():
        open_page(page, server.url + address, heading)
        expect(page).to_have_title(f"{TITLES[address]} · Digit reader", timeout=ANSWER_TIMEOUT_MS)
    assert "litert" in server.mapped_files()
    assert not has_tensorflow(server)


@pytest.mark.nightly
def test_uvicorn_serves_the_same_app(window):
    with serve(runner="uvicorn") as other:
        page = window()
        open_page(page, f"{other.url}/upload", PAGES["/upload"])
        expect(navigation_links(page)).to_have_count(len(NAVIGATION), timeout=ANSWER_TIMEOUT_MS)
        page.close()


def copy_app(folder):
    """Copy what a server of the app needs into a new folder, and return it."""
    copy = folder / "app"
    copy.mkdir()
    for name in ("digitcore", "app", "pages", "samples", ".streamlit", "model"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "streamlit_app.py", copy)
    return copy


@pytest.mark.nightly
def test_an_unexpected_error_is_one_line_and_only_the_log_has_more(window, tmp_path):
    copy = copy_app(tmp_path)
    (copy / "pages" / "upload.py").write_text("secret = 1 / 0\n", encoding="utf-8")
    with serve(copy) as broken:
        page = window(locale="es-ES")
        page.goto(f"{broken.url}/upload")
        expect(page.get_by_test_id("stAlert")).to_have_text(re.compile("Algo ha fallado aquí"), timeout=ANSWER_TIMEOUT_MS)
        expect(page.get_by_text(re.compile("secret|ZeroDivision|Traceback"))).to_have_count(0)
        assert "ZeroDivisionError" in broken.log
        navigate(page, "Modelo")
        expect(page.get_by_role("heading", name="Modelo")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
        page.close()


@pytest.mark.parametrize(("spoil", "address"), [("missing", ""), pytest.param("damaged", "/inspector", marks=pytest.mark.nightly)])
def test_without_its_network_a_page_says_how_to_mend_it(window, tmp_path, spoil, address):
    copy = copy_app(tmp_path)
    network = copy / "digitcore" / "recognition" / "network" / "digits.tflite"
    if spoil == "missing":
        network.unlink()
    else:
        network.write_bytes(network.read_bytes()[:-1] + b"!")
    with serve(copy) as broken:
        page = window()
        page.goto(broken.url + address)
        expect(page.get_by_text("git checkout")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
        expect(page.get_by_role("heading", name=PAGES[address])).to_have_count(0)
        shutil.copy(ROOT / "digitcore" / "recognition" / "network" / "digits.tflite", network)
        page.reload()
        expect(page.get_by_role("heading", name=PAGES[address])).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
        page.close()


def chart_text_colors(page):
    """The colours of all text of the charts, each once."""
    colors = "texts => [...new Set(texts.map(each => getComputedStyle(each).fill))]"
    return page.get_by_test_id("stVegaLiteChart").locator("svg text").evaluate_all(colors)


def test_the_text_of_charts_follows_the_theme_at_once(window, server):
    page = window(color_scheme="light")
    open_page(page, server.url, PAGES[""])
    wait_for_canvas(page)
    draw_digit(page, 3)
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)
    text = "element => getComputedStyle(element).color"
    for theme in THEMES:
        show_in(page, theme)
        assert chart_text_colors(page) == [page.get_by_test_id("stApp").evaluate(text)]
    page.close()


@pytest.mark.nightly
def test_the_theme_can_be_switched_and_nothing_is_lost(window, server):
    page = window(color_scheme="light")
    open_page(page, server.url, PAGES[""])
    wait_for_canvas(page)
    draw_digit(page, 3)
    expect(reading(page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    background = page.get_by_test_id("stApp")
    expect(background).to_have_css("background-color", THEMES["light"])
    page.get_by_test_id("stMainMenu").locator("button").click()
    page.get_by_role("menuitemradio", name="Dark").click()
    expect(background).to_have_css("background-color", THEMES["dark"], timeout=ANSWER_TIMEOUT_MS)
    expect(reading(page)).to_have_text("3")
