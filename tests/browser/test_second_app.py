"""An app for letters and shapes, made from this checkout and from nothing else."""

import io
import json
import subprocess
import sys
import urllib.request

import numpy as np
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from playwright.sync_api import expect

from digitcore.io.encode import encode_image
from model.handwritten import draw as draw_ink
from synthetic.shapes import draw_shape
from testing.browser.pages import ANSWER_TIMEOUT_MS, draw, navigate, open_page, reading, wait_for_canvas, wait_for_rest
from testing.browser.server import REQUEST_TIMEOUT_S, ROOT, serve

TITLE = "Write a letter"


@pytest.fixture(scope="module")
def second_app(tmp_path_factory):
    """Make the app, and change one of its texts."""
    folder = tmp_path_factory.mktemp("second") / "app"
    subprocess.run([sys.executable, "-m", "model.second_app", str(folder)], cwd=ROOT, check=True)
    texts, catalogue = Catalog(), io.BytesIO()
    texts.add("Write a number", TITLE)
    write_mo(catalogue, texts)
    (folder / "digitcore/locale/en/LC_MESSAGES").mkdir(parents=True)
    (folder / "digitcore/locale/en/LC_MESSAGES/digits.mo").write_bytes(catalogue.getvalue())
    with serve(folder) as running:
        yield running


@pytest.mark.nightly
def test_its_draw_page_reads_a_shape(page, second_app):
    open_page(page, second_app.url, TITLE)
    wait_for_canvas(page)
    draw(page, draw_shape("△", np.random.default_rng(1)))
    expect(reading(page)).to_have_text("△", timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)
    expect(page.locator(".mark-card")).to_have_count(1)


@pytest.mark.nightly
@pytest.mark.parametrize("title", ["Upload", "Webcam", "Inspector", "Model"])
def test_its_other_pages_open(page, second_app, title):
    open_page(page, second_app.url, TITLE)
    navigate(page, title)
    expect(page.get_by_role("heading", name=title).first).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)


@pytest.mark.nightly
def test_its_api_reads_a_drawn_shape(second_app):
    picture = 255 - draw_ink(draw_shape("☆", np.random.default_rng(2)), 0.1)
    request = urllib.request.Request(  # noqa: S310  loopback
        f"{second_app.url}/api/v1/read", encode_image(picture, "png"), {"Content-Type": "image/png"}
    )
    with urllib.request.urlopen(request, timeout=REQUEST_TIMEOUT_S) as response:  # noqa: S310  loopback
        answer = json.loads(response.read())
    assert answer["text"] == "☆"
    assert len(answer["digits"][0]["probabilities"]) == 13
