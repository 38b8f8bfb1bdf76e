"""Nothing that a visitor sees moves while a page is loaded for the first time (Cumulative Layout Shift, https://web.dev/articles/cls)."""

import pytest

from testing.browser.devices import PHONE
from testing.browser.pages import LOAD_TIMEOUT_MS, open_page, wait_for_canvas, wait_for_rest

MAX_SHIFT = 0.05
"""A score up to 0.1 is called good."""

RECORD = """
window.layoutShifts = [];
new PerformanceObserver(list => list.getEntries().filter(entry => !entry.hadRecentInput).forEach(entry => window.layoutShifts.push({
  value: entry.value, moved: entry.sources.map(source => source.node?.textContent?.slice(0, 40)),
}))).observe({ type: "layout-shift", buffered: true });
"""

SCREENS = {"desktop": {"viewport": {"width": 1280, "height": 800}}, "phone": {**PHONE, "viewport": {"width": 390, "height": 844}}}
PAGES = {
    "/": "Write a number",
    "/upload": "Upload pictures",
    "/webcam": "Live webcam",
    "/inspector": "Inspector",
    "/inspector?picture=sample:page.jpg": "Inspector",
    "/model": "Model",
}


@pytest.fixture(params=list(SCREENS))
def page(chromium, request):
    """A tab of a context without any cached script; the cached ones of other tests would hide what moves."""
    context = chromium.new_context(**SCREENS[request.param], locale="en-US")
    context.set_default_timeout(LOAD_TIMEOUT_MS)
    context.add_init_script(RECORD)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("address", ["/", *(pytest.param(each, marks=pytest.mark.nightly) for each in PAGES if each != "/")])
def test_nothing_moves_while_a_page_is_loaded(page, server, address):
    open_page(page, server.url + address, PAGES[address])
    if address == "/":
        wait_for_canvas(page)
    wait_for_rest(page)
    shifts = page.evaluate("window.layoutShifts")
    assert sum(each["value"] for each in shifts) <= MAX_SHIFT, shifts
