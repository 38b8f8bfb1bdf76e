"""Chromium for all tests that look at pages: one for each worker; a fresh window for each test, with its console watched."""

import pytest
from playwright.sync_api import sync_playwright

from testing.browser.chromium import ARGUMENTS, find

FAKE_CAMERA = "--use-fake-device-for-media-stream"


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright):
    path = find()
    if path is None:
        pytest.fail("no Chromium: run `make test`, which installs one")
    browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, FAKE_CAMERA])
    yield browser
    browser.close()


@pytest.fixture
def window(chromium):
    """Opens windows; after the test, no page may have logged an error or asked anything of another host."""
    contexts, complaints = [], []

    def open_window(**options):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(_said(message)) if _is_complaint(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if _is_foreign(request.url) else None)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(window):
    return window()


def _is_complaint(message):
    # On a page's own address Streamlit first asks there for what it then finds at the root (`/upload/_stcore/health`).
    probing = message.location["url"].endswith(("/_stcore/health", "/_stcore/host-config"))
    return message.type == "error" and not probing


def _said(message):
    return f"{message.text} ({message.location['url']})"


def _is_foreign(url):
    return url.startswith("http") and not url.startswith("http://127.0.0.1:")
