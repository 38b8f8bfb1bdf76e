"""Chromium for all tests that look at pages: one for each worker; a fresh window for each test, with its console watched.

Windows with the same options share one browser context, and with it the cache of scripts, which makes pages load much faster.
"""

import json

import pytest
from playwright.sync_api import sync_playwright

from testing.browser.chromium import ARGUMENTS, find

TIMEOUT_MS = 120_000
"""How long an action may take, loading a page included."""

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


@pytest.fixture(scope="session")
def contexts(chromium):
    """The browser contexts by their options."""
    opened = {}
    yield opened
    for context in list(opened.values()):
        context.close()


@pytest.fixture
def window(chromium, contexts):
    """Opens windows; after the test, no page may have logged an error or asked anything of another host."""
    pages, complaints = [], []

    def open_window(**options):
        key = json.dumps(options, sort_keys=True)
        if key not in contexts:
            contexts[key] = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
            contexts[key].set_default_timeout(TIMEOUT_MS)
            contexts[key].on("close", lambda _: contexts.pop(key, None))
        page = contexts[key].new_page()
        pages.append(page)
        page.on("console", lambda message: complaints.append(_said(message)) if _is_complaint(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if _is_foreign(request.url) else None)
        return page

    yield open_window
    for context in {page.context for page in pages} & set(contexts.values()):
        _forget(context)
    assert complaints == []


def _forget(context):
    """Close the context's pages and remove what they stored, but keep the cache of scripts."""
    for page in context.pages:
        page.close()
    context.set_storage_state({"cookies": [], "origins": []})
    context.clear_permissions()


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
