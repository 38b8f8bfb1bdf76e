import pytest
from playwright.sync_api import expect

from app.language import load_catalogue
from testing.browser.pages import (
    ANSWER_TIMEOUT_MS,
    draw_digit,
    navigate,
    navigation_links,
    open_page,
    reading,
    wait_for_canvas,
    wait_for_rest,
)


@pytest.mark.parametrize(
    ("locale", "heading"), [("es-MX", "Escribe un número"), pytest.param("fr-FR", "Write a number", marks=pytest.mark.nightly)]
)
def test_the_browsers_language_is_used_at_first(window, server, locale, heading):
    open_page(window(locale=locale), server.url, heading)


@pytest.mark.nightly
def test_the_switch_changes_the_language_of_everything_and_stays(page, server):
    open_page(page, server.url, "Write a number")
    wait_for_canvas(page)
    draw_digit(page, 3)
    expect(reading(page)).to_have_text("3", timeout=ANSWER_TIMEOUT_MS)
    page.get_by_role("radio", name="ES").or_(page.get_by_role("button", name="ES", exact=True)).first.click()
    expect(page.get_by_role("heading", name="Escribe un número")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(reading(page)).to_have_text("3")
    expect(page.get_by_text("¿Está mal? Elige el dígito correcto.")).to_be_visible()
    navigate(page, "Subir")
    expect(page.get_by_role("heading", name="Sube imágenes")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


def test_the_language_stays_in_the_address(page, server):
    open_page(page, f"{server.url}/model", "Model")
    wait_for_rest(page)
    page.get_by_role("radio", name="ES", exact=True).click()
    expect(page.get_by_role("heading", name="Modelo", exact=True)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    assert page.url == f"{server.url}/model?lang=es"
    page.reload()
    expect(page.get_by_role("heading", name="Modelo", exact=True)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(page.locator("html")).to_have_attribute("lang", "es")
    addresses = [f"{server.url}/{each}?lang=es" for each in ("", "upload", "webcam", "inspector", "model")]
    expect(navigation_links(page)).to_have_count(len(addresses))
    assert navigation_links(page).evaluate_all("links => links.map(each => each.href)") == addresses
    navigate(page, "Dibujar")
    expect(page.get_by_role("heading", name="Escribe un número")).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    assert page.url == f"{server.url}/?lang=es"


@pytest.mark.nightly
def test_a_bad_file_is_reported_in_the_visitors_language(window, server):
    page = window(locale="es-ES")
    open_page(page, f"{server.url}/upload", "Sube imágenes")
    page.locator("input[type=file]").first.set_input_files([{"name": "empty.png", "mimeType": "image/png", "buffer": b""}])
    expect(page.get_by_test_id("stAlertContentError")).to_contain_text("Este archivo está vacío. Elige otro.", timeout=ANSWER_TIMEOUT_MS)


def spanish(text):
    return load_catalogue("es").gettext(text)


@pytest.mark.nightly
def test_the_camera_of_streamlit_is_in_the_visitors_language(window, server):
    page = window(locale="es-MX", permissions=["camera"])
    open_page(page, f"{server.url}/webcam", "Cámara en directo")
    page.get_by_text(spanish("Take a snapshot instead")).click()
    button = page.get_by_test_id("stCameraInputButton")
    page.wait_for_function("() => document.querySelector('video')?.currentTime > 0.5", timeout=ANSWER_TIMEOUT_MS)
    expect(button).to_have_text(spanish("Take Photo"))
    button.click()
    expect(button).to_have_text(spanish("Clear photo"), timeout=ANSWER_TIMEOUT_MS)


@pytest.mark.nightly
def test_the_file_chooser_of_streamlit_is_in_the_visitors_language(window, server):
    page = window(locale="es-MX")
    open_page(page, f"{server.url}/inspector?picture=sample:pen.jpg", "Inspector")
    wait_for_rest(page)
    page.get_by_role("radio", name="Receta").click()
    expect(page.locator(".st-key-inspector_recipe").get_by_role("button")).to_have_text("uploadSubir", timeout=ANSWER_TIMEOUT_MS)
