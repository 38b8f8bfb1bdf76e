"""Find a Chromium for the browser tests, or install one: `python -m testing.browser.chromium`.

An installed Chromium is used if there is one, else Debian's package where the package manager can be used, else Playwright's download. The
version without windows, `chromium-headless-shell`, is preferred: it needs less than half of the processor time to load a page.
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
"""Names of the executable, the preferred one first."""

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
    """Return the path of an installed Chromium, the system's or else Playwright's; None if there is none."""
    system = next(filter(None, map(shutil.which, NAMES)), None)
    if system:
        return system
    with sync_playwright() as playwright:
        downloaded = playwright.chromium.executable_path
    return downloaded if Path(downloaded).is_file() else None


def ensure() -> str:
    """Return the path of a Chromium; install one if there is none.

    Raises:
        RuntimeError: there is none and it can't be installed; the message describes what to do.
    """
    for install in (_install_nothing, partial(debian.install, NAMES[0]), partial(debian.install, "chromium"), _install_from_playwright):
        install()
        if path := find():
            return path
    raise RuntimeError("The browser tests need Chromium: install it with your system's package manager, then run `make test` again.")


@contextmanager
def launched() -> Iterator[Browser]:
    """Run a Chromium until the block ends; install one if there is none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure(), args=list(ARGUMENTS))
        yield browser
        browser.close()


def _install_nothing() -> None:
    """Do nothing, so that an installed Chromium is looked for first."""


def _install_from_playwright() -> None:
    debian.run(sys.executable, "-m", "playwright", "install", "chromium")


if __name__ == "__main__":
    try:
        print(f"Chromium for the browser tests: {ensure()}")
    except RuntimeError as error:
        sys.exit(str(error))
