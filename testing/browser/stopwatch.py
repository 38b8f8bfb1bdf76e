"""Measure how long a person waits, inside the page and frame by frame, so that the delays of the test tool aren't included.

The clock starts at the browser's timestamp of an event (the release of the mouse button, a click) and stops at the first frame that fulfils
a condition.
"""

from typing import Final

from playwright.sync_api import Page

from testing.browser.pages import READING

ANSWER: Final = "text(watched) && text(watched) !== before"
"""Condition that the watched element has a text, and another one than before."""

TIMEOUT_MS: Final = 120_000

STOPPED: Final = "() => window.digitsStopwatch?.elapsed !== null"
ELAPSED: Final = "window.digitsStopwatch.elapsed"
ARM: Final = """
([event, watched]) => {
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
  const isFulfilled = () => CONDITION;
  const watch = { start: null, elapsed: null };
  window.digitsStopwatch = watch;
  const observe = () => {
    if (window.digitsStopwatch !== watch) return;
    if (isFulfilled()) watch.elapsed = performance.now() - watch.start;
    else requestAnimationFrame(observe);
  };
  const begin = happened => { watch.start = happened.timeStamp; requestAnimationFrame(observe); };
  window.addEventListener(event, begin, { capture: true, once: true });
}
"""


def arm(page: Page, event: str, condition: str, watched: str = READING) -> None:
    """Prepare to measure from the next event of a kind until the page fulfils a condition.

    Args:
        page: any page of the app.
        event: the name of the DOM event: `pointerup`, `click`, `change`.
        condition: a JavaScript expression of `visible(selector)`, `text(selector)`, `idle()` (the page's script isn't running), `watched`
            and `before` (its text now); `ANSWER` is one. Selectors also search the shadow roots of components, such as the canvas.
        watched: CSS selector of the element whose text changes.
    """
    page.evaluate(ARM.replace("CONDITION", condition), [event, watched])


def elapsed_ms(page: Page) -> float:
    """Wait until the condition is fulfilled, and return the measured time in milliseconds.

    Raises:
        playwright.sync_api.TimeoutError: it isn't fulfilled within `TIMEOUT_MS`.
    """
    page.wait_for_function(STOPPED, timeout=TIMEOUT_MS)
    return float(page.evaluate(ELAPSED))


_WATCH: Final = """
selector => {
  const values = new Set();
  window.digitsValues = values;
  const observe = () => {
    for (const each of document.querySelectorAll(selector)) values.add(each.getAttribute('aria-valuenow') ?? '');
    if (window.digitsValues === values) requestAnimationFrame(observe);
  };
  observe();
}
"""


def watch_values(page: Page, selector: str) -> None:
    """Start to record the values of a progress bar, frame by frame.

    Args:
        page: any page of the app.
        selector: CSS selector of the bar, which needn't exist yet.
    """
    page.evaluate(_WATCH, selector)


def seen_values(page: Page) -> set[str]:
    """Return the distinct values of the bar's `aria-valuenow` since `watch_values`."""
    return set(page.evaluate("[...window.digitsValues]"))
