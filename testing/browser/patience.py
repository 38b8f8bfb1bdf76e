"""Check when a page shows a busy indicator: never during a wait too short to notice, and always during a long one."""

from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page

SHORT_MS: Final = 300
"""In a shorter wait a busy indicator would only flicker."""

LONG_MS: Final = 2_000
"""In a longer wait a person expects a busy indicator. The app shows Streamlit's after a second and a half."""

STATUS: Final = '[data-testid="stStatusWidget"], [data-testid="stSpinner"], [data-testid="stProgress"]'
"""CSS selectors of the busy indicators: Streamlit's own at the top of the page, a spinner, a progress bar."""

_WATCH: Final = """
status => {
  const waits = Object.assign([], { frames: 0 });
  window.digitsWaits = waits;
  let wait = null;
  const shown = () => [...document.querySelectorAll(status)].some(
    each => each.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && each.getClientRects().length);
  const observe = () => {
    const now = performance.now();
    const busy = document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'running';
    if (busy && !wait) waits.push(wait = { start: now, elapsed_ms: 0, shown_after_ms: null });
    if (wait) wait.elapsed_ms = now - wait.start;
    if (wait && wait.shown_after_ms === null && shown()) wait.shown_after_ms = now - wait.start;
    if (!busy) wait = null;
    waits.frames += 1;
    if (window.digitsWaits === waits) requestAnimationFrame(observe);
  };
  observe();
}
"""


@dataclass(frozen=True, slots=True)
class Wait:
    """A run of the page's script, as the visitor sees it."""

    elapsed_ms: float
    shown_after_ms: float | None
    """Time from the start of the run until a busy indicator appeared; None if none did."""

    @property
    def problem(self) -> str:
        """Describe what is wrong with the busy indicator; empty if nothing is."""
        if self.elapsed_ms < SHORT_MS and self.shown_after_ms is not None:
            return f"a busy indicator flickers in a wait of {self.elapsed_ms:.0f} ms"
        if self.elapsed_ms > LONG_MS and (self.shown_after_ms is None or self.shown_after_ms > LONG_MS):
            return f"no busy indicator within {LONG_MS / 1000:.0f} seconds in a wait of {self.elapsed_ms:.0f} ms"
        return ""


def watch_waits(page: Page) -> None:
    """Start to record every wait, frame by frame."""
    page.evaluate(_WATCH, STATUS)


def watched_frames(page: Page) -> int:
    """Return the number of frames in which a wait was looked for since `watch_waits`."""
    return int(page.evaluate("window.digitsWaits.frames"))


def waits(page: Page) -> list[Wait]:
    """Return the waits since `watch_waits`, except those that React rendered in no frame, as both their messages came at once."""
    return [Wait(each["elapsed_ms"], each["shown_after_ms"]) for each in page.evaluate("window.digitsWaits")]
