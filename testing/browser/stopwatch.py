"""Times what a person waits for inside the page itself, frame by frame, so that no test tool's own pace is measured.

The clock starts with the time that the browser gives the event (the mouse let go, a click), and stops at the first frame in
which the page shows what is waited for.
"""

from typing import Final

from playwright.sync_api import Page

from testing.browser.pages import READING

ANSWER: Final = "text(watched) && text(watched) !== before"
"""There is a text in the watched place, and another than before."""

TIMEOUT_MS: Final = 120_000

STOPPED: Final = "window.digitsStopwatch?.elapsed !== null"
ELAPSED: Final = "window.digitsStopwatch.elapsed"
ARM: Final = """
([event, sign, watched]) => {
  const find = (selector, root = document) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const each of root.querySelectorAll('.stBidiComponent, [data-testid="stBidiComponentIsolated"], [data-testid^="stBidi"]')) {
      const inside = [each, ...each.querySelectorAll('*')].map(node => node.shadowRoot).filter(Boolean);
      for (const shadow of inside) { const deep = find(selector, shadow); if (deep) return deep; }
    }
    return null;
  };
  const visible = selector => { const found = find(selector); return Boolean(found && found.getClientRects().length); };
  const text = selector => (find(selector)?.innerText ?? '').trim();
  const idle = () => find('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning';
  const before = text(watched);
  const shows = new Function('visible', 'text', 'idle', 'watched', 'before', `return ${sign};`);
  const watch = { start: null, elapsed: null };
  window.digitsStopwatch = watch;
  const look = () => {
    if (window.digitsStopwatch !== watch) return;
    if (shows(visible, text, idle, watched, before)) watch.elapsed = performance.now() - watch.start;
    else requestAnimationFrame(look);
  };
  const begin = happened => { watch.start = happened.timeStamp; requestAnimationFrame(look); };
  window.addEventListener(event, begin, { capture: true, once: true });
}
"""


def arm(page: Page, event: str, sign: str, watched: str = READING) -> None:
    """Get ready to time from the next event of a kind until the page shows a sign.

    Args:
        page: any page of the app.
        event: the browser's name of it: `pointerup`, `click`, `change`.
        sign: a JavaScript expression of `visible(selector)`, `text(selector)`, `idle()` (no run of the script is under way),
            `watched` and `before` (its text now); `ANSWER` is one. Selectors reach into the canvas's own room, too.
        watched: CSS of the place whose text changes.
    """
    page.evaluate(ARM, [event, sign, watched])


def elapsed_ms(page: Page) -> float:
    """Wait for the sign; the milliseconds that it took.

    Raises:
        playwright.sync_api.TimeoutError: it didn't come within `TIMEOUT_MS`.
    """
    page.wait_for_function(STOPPED, timeout=TIMEOUT_MS)
    return float(page.evaluate(ELAPSED))


_WATCH: Final = """
selector => {
  const values = new Set();
  window.digitsValues = values;
  const look = () => {
    for (const each of document.querySelectorAll(selector)) values.add(each.getAttribute('aria-valuenow') ?? '');
    if (window.digitsValues === values) requestAnimationFrame(look);
  };
  look();
}
"""


def watch_values(page: Page, selector: str) -> None:
    """Note every value that a progress bar has in any frame from now on.

    Args:
        page: any page of the app.
        selector: CSS of the bar, which needn't be there yet.
    """
    page.evaluate(_WATCH, selector)


def seen_values(page: Page) -> set[str]:
    """Return the different values since `watch_values`, as the bar's `aria-valuenow` has them."""
    return set(page.evaluate("[...window.digitsValues]"))
