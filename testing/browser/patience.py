"""Watches whether a page says that it is busy: not for a wait too short to notice, always for one that a person notices."""

from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page

SHORT_MS: Final = 300
"""For a wait no longer than that a sign would only flicker."""

LONG_MS: Final = 1_000
"""From then on a person wonders."""

STATUS: Final = '[data-testid="stStatusWidget"], [data-testid="stSpinner"], [data-testid="stProgress"]'
"""What says that the page is busy: Streamlit's own indicator at the top, a spinner, a progress bar."""

_WATCH: Final = """
status => {
  const waits = [];
  window.digitsWaits = waits;
  let wait = null;
  const shown = () => [...document.querySelectorAll(status)].some(
    each => each.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && each.getClientRects().length);
  const look = () => {
    const now = performance.now();
    const busy = document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'running';
    if (busy && !wait) waits.push(wait = { start: now, elapsed_ms: 0, shown_after_ms: null });
    if (wait) wait.elapsed_ms = now - wait.start;
    if (wait && wait.shown_after_ms === null && shown()) wait.shown_after_ms = now - wait.start;
    if (!busy) wait = null;
    if (window.digitsWaits === waits) requestAnimationFrame(look);
  };
  look();
}
"""


@dataclass(frozen=True, slots=True)
class Wait:
    """One run of the page's script as the visitor saw it."""

    elapsed_ms: float
    shown_after_ms: float | None
    """When a sign appeared; None where none did."""

    @property
    def complaint(self) -> str:
        """Describe what is wrong with it; empty where nothing is."""
        if self.elapsed_ms < SHORT_MS and self.shown_after_ms is not None:
            return f"a sign flickers in a wait of {self.elapsed_ms:.0f} ms"
        if self.elapsed_ms > LONG_MS and (self.shown_after_ms is None or self.shown_after_ms > LONG_MS):
            return f"no sign within a second in a wait of {self.elapsed_ms:.0f} ms"
        return ""


def watch_waits(page: Page) -> None:
    """Note every wait from now on, frame by frame."""
    page.evaluate(_WATCH, STATUS)


def waits(page: Page) -> list[Wait]:
    """Return all waits since `watch_waits`."""
    return [Wait(each["elapsed_ms"], each["shown_after_ms"]) for each in page.evaluate("window.digitsWaits")]
