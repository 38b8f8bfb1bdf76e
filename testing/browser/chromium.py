"""Finds a Chromium for the browser tests, or gets one: `python -m testing.browser.chromium`.

One that is there already, else Debian's package where the package manager can be used, else Playwright's own download. Chromium without
its windows, `chromium-headless-shell`, comes first: it needs less than half of the processor time to load a page.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from testing.browser import debian

NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """Return the path of an installed Chromium: the system's, else Playwright's own."""
    system = next(filter(None, map(shutil.which, NAMES)), None)
    if system:
        return system
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).is_file() else None


def ensure() -> str:
    """Return the path of a Chromium; install one where there is none.

    Raises:
        RuntimeError: there is none and none can be installed, with what to do.
    """
    for install in (_nothing, partial(debian.install, NAMES[0]), partial(debian.install, "chromium"), _from_playwright):
        install()
        if path := find():
            return path
    raise RuntimeError("The browser tests need Chromium: install it with your system's package manager, then run `make test` again.")


@contextmanager
def launched() -> Iterator[Browser]:
    """Run a Chromium, installed where there is none, until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure(), args=list(ARGUMENTS))
        yield browser
        browser.close()


def _nothing() -> None:
    """First see what is there already."""


def _from_playwright() -> None:
    debian.run(sys.executable, "-m", "playwright", "install", "chromium")


if __name__ == "__main__":
    try:
        print(f"Chromium for the browser tests: {ensure()}")
    except RuntimeError as error:
        sys.exit(str(error))
