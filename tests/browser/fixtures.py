"""Chromium for all tests that look at pages: one for the whole run, with its console watched.

Tests with the same options share a browser context and a tab, one after the other: pages load much faster where their scripts are cached
and compiled. After each test the tab is left and everything that the context stored is removed.
"""

import json
from collections import defaultdict

import pytest
from playwright.sync_api import expect, sync_playwright

from testing.browser.chromium import ARGUMENTS, find
from testing.browser.pages import ANSWER_TIMEOUT_MS

FAKE_CAMERA = "--use-fake-device-for-media-stream"


@pytest.fixture(scope="session")
def playwright():
    expect.set_options(timeout=ANSWER_TIMEOUT_MS)
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


class Windows:
    """Browser contexts by their options, the tabs that no test uses now, and what pages complained of since the last `take`."""

    def __init__(self, browser):
        self._browser = browser
        self._contexts = {}
        self._free = defaultdict(list)
        self._used = []
        self._complaints = []

    def open(self, script="", **options):
        """Open a window, or take a free one; `script` runs first in each of its pages' frames."""
        key = json.dumps([script, options], sort_keys=True)
        if key not in self._contexts:
            self._contexts[key] = self._new_context(script, options)
            self._contexts[key].on("close", lambda _: self._contexts.pop(key, None))
        free = [each for each in self._free.pop(key, ()) if not each.is_closed()]
        page = free.pop() if free else self._watched(self._contexts[key].new_page())
        self._free[key] = free
        self._used.append((key, page))
        return page

    def open_shared(self):
        """Open a window in a context of its own, which `take` leaves as it is; whoever opens it closes its context."""
        context = self._new_context("", {})
        return self._watched(context.new_page())

    def take(self):
        """Leave the pages and remove what they stored, but keep the cache of scripts; return the complaints."""
        for key, page in self._used:
            if not page.is_closed():
                page.evaluate("sessionStorage.clear()")
                page.goto("about:blank")
                self._free[key].append(page)
        for key in {key for key, _ in self._used} & set(self._contexts):
            self._forget(self._contexts[key], self._free[key], json.loads(key)[1].get("permissions", []))
        complaints, self._complaints, self._used = self._complaints, [], []
        return complaints

    def close(self):
        """Close all contexts."""
        for context in list(self._contexts.values()):
            context.close()

    def _new_context(self, script, options):
        context = self._browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(ANSWER_TIMEOUT_MS)
        if script:
            context.add_init_script(script)
        return context

    def _watched(self, page):
        page.on("console", lambda message: self._complaints.append(_said(message)) if _is_complaint(message) else None)
        page.on("pageerror", lambda error: self._complaints.append(str(error)))
        page.on("request", lambda request: self._complaints.append(request.url) if _is_foreign(request.url) else None)
        return page

    @staticmethod
    def _forget(context, kept, permissions):
        for page in set(context.pages) - set(kept):
            page.close()
        context.set_storage_state({"cookies": [], "origins": []})
        context.clear_permissions()
        context.grant_permissions(permissions)


@pytest.fixture(scope="session")
def windows(chromium):
    opened = Windows(chromium)
    yield opened
    opened.close()


@pytest.fixture
def window(windows):
    """Opens windows; after the test, no page may have logged an error or asked anything of another host."""
    yield windows.open
    assert windows.take() == []


@pytest.fixture
def page(window):
    return window()


@pytest.fixture(scope="module")
def shared_page(windows):
    """A window for all tests of a file that don't need a page in its first state; they find it as the test before left it."""
    page = windows.open_shared()
    yield page
    page.context.close()
    assert windows.take() == []


def _is_complaint(message):
    # On a page's own address Streamlit first asks there for what it then finds at the root (`/upload/_stcore/health`).
    probing = message.location["url"].endswith(("/_stcore/health", "/_stcore/host-config"))
    return message.type == "error" and not probing


def _said(message):
    return f"{message.text} ({message.location['url']})"


def _is_foreign(url):
    return url.startswith("http") and not url.startswith("http://127.0.0.1:")
