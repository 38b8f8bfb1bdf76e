"""Fixtures for all tests of pages: one Chromium for the whole run, whose console is checked for errors.

Tests with the same options use the same browser context and tab one after the other, since pages load much faster once their scripts are
cached and compiled. After each test the tab shows a blank page and everything that the context stored is removed.
"""

import json
from collections import defaultdict
from functools import lru_cache

import pytest
from playwright.sync_api import expect, sync_playwright

from testing.browser.chromium import ARGUMENTS, find
from testing.browser.devices import DESKTOP
from testing.browser.pages import ANSWER_TIMEOUT_MS
from testing.browser.webcam import camera_arguments, make_short_video


@pytest.fixture(scope="session")
def playwright(request):
    expect.set_options(timeout=ANSWER_TIMEOUT_MS)
    return _start_playwright(request.config)


@lru_cache(maxsize=1)
def _start_playwright(config):
    """Start Playwright, which can run only once in a process, although each folder of tests that need it has fixtures of its own."""
    driver = sync_playwright().start()
    config.add_cleanup(driver.stop)
    return driver


@pytest.fixture(scope="session")
def chromium(playwright, tmp_path_factory):
    path = find()
    if path is None:
        pytest.fail("no Chromium: run `make test`, which installs one")
    video = make_short_video(tmp_path_factory.mktemp("camera") / "number.y4m")
    browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *camera_arguments(video)])
    yield browser
    browser.close()


class Windows:
    """Browser contexts by their options, their free tabs, and the errors of pages since the last `reset`."""

    def __init__(self, browser):
        self._browser = browser
        self._contexts = {}
        self._permissions = {}
        self._free = defaultdict(list)
        self._used = []
        self._errors = []

    def open(self, script="", **options):
        """Open a tab, or reuse a free one; `script` runs first in each frame of its pages."""
        key = json.dumps([script, options], sort_keys=True)
        if key not in self._contexts:
            self._contexts[key] = self._new_context(script, options)
            self._permissions[key] = options.get("permissions", [])
            self._contexts[key].on("close", lambda _: self._contexts.pop(key, None))
        free = [each for each in self._free.pop(key, ()) if not each.is_closed()]
        page = free.pop() if free else self._monitored(self._contexts[key].new_page())
        self._free[key] = free
        self._used.append((key, page))
        return page

    def open_shared(self):
        """Open a tab in a new context, which `reset` doesn't change; the caller must close the context."""
        context = self._new_context("", {})
        return self._monitored(context.new_page())

    def reset(self):
        """Leave the pages and remove everything that they stored except the cache of scripts; return the errors."""
        for key, page in self._used:
            if not page.is_closed():
                page.evaluate("sessionStorage.clear()")
                page.goto("about:blank")
                self._free[key].append(page)
        for key in {key for key, _ in self._used} & set(self._contexts):
            self._clear(self._contexts[key], self._free[key], self._permissions[key])
        errors, self._errors, self._used = self._errors, [], []
        return errors

    def close(self):
        """Close all contexts."""
        for context in list(self._contexts.values()):
            context.close()

    def _new_context(self, script, options):
        context = self._browser.new_context(**{**DESKTOP, **options})
        context.set_default_timeout(ANSWER_TIMEOUT_MS)
        if script:
            context.add_init_script(script)
        return context

    def _monitored(self, page):
        page.on("console", lambda message: self._errors.append(_describe(message)) if _is_error(message) else None)
        page.on("pageerror", lambda error: self._errors.append(str(error)))
        page.on("request", lambda request: self._errors.append(request.url) if _is_external(request.url) else None)
        return page

    @staticmethod
    def _clear(context, kept, permissions):
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
    """Return a function that opens tabs; after the test, no page may have logged an error or sent a request to another host."""
    yield windows.open
    assert windows.reset() == []


@pytest.fixture
def page(window):
    return window()


@pytest.fixture(scope="module")
def shared_page(windows):
    """A tab for all tests of a file that don't need a newly loaded page; each test finds it as the previous test left it."""
    page = windows.open_shared()
    yield page
    page.context.close()
    assert windows.reset() == []


def _is_error(message):
    # At a page's address Streamlit first requests, without success, `/upload/_stcore/health` for example, and then `/_stcore/health`.
    probing = message.location["url"].endswith(("/_stcore/health", "/_stcore/host-config"))
    return message.type == "error" and not probing


def _describe(message):
    return f"{message.text} ({message.location['url']})"


def _is_external(url):
    return url.startswith("http") and not url.startswith("http://127.0.0.1:")
