"""Measure a change of a setting in the Inspector on a photograph of 12 megapixels."""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Page

from benchmarks.timing import Row
from digitcore.io.encode import encode_image
from synthetic.paper import Scene, photograph
from testing.browser.pages import choose_files, open_page, reading
from testing.browser.stopwatch import ANSWER, arm, elapsed_ms

PHOTO_WH: Final = (4000, 3000)
WARM_UP_RUNS: Final = 2
RUNS: Final = 12
"""Number of changes, the warm-up included."""

INSPECT_BUTTON: Final = "Open in the Inspector"
SETTING: Final = ("radiogroup", "How ink is found")
"""Role and name of the control that is changed; its options are selected in turn."""

STAGES: Final = ".st-key-inspector-stages"
"""CSS selector of the stages. Their text changes with each run of the pipeline, since it contains times."""

_OPEN_MS: Final = 5_000
"""Time for the Inspector to open and show the picture."""


def setting_row(browser: Browser, url: str) -> tuple[list[Row], str]:
    """Measure a change of a setting; return the row, or no row and the reason why it was skipped."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "photo.jpg"
        path.write_bytes(encode_image(photograph("2026", "round", PHOTO_WH, 700, Scene(light_fall=0.4, shadow=0.3), 1), "jpeg"))
        context = browser.new_context()
        page = context.new_page()
        open_page(page, f"{url}/upload", "Upload pictures")
        choose_files(page, [path])
        reading(page).first.wait_for()
        times = _changes_ms(page)
        context.close()
    if not times:
        return [], f"skipped: the Inspector has no {SETTING[0]} named {SETTING[1]!r}, or Upload no button {INSPECT_BUTTON!r}"
    return [Row("a change in the Inspector on 12 megapixels", median(times), "ms", 500)], ""


def _changes_ms(page: Page) -> list[float]:
    """Measure all changes after the warm-up in milliseconds; none if the pages have no such button or control."""
    button = page.get_by_role("button", name=INSPECT_BUTTON).first
    control = page.get_by_role(SETTING[0], name=SETTING[1])
    if not button.count():
        return []
    button.click()
    page.wait_for_timeout(_OPEN_MS)
    if not control.count():
        return []
    options = control.get_by_role("radio").all()
    times = []
    for run in range(RUNS):
        option = options[(run + 1) % len(options)]
        arm(page, "pointerup", f"{ANSWER} && idle()", STAGES)
        option.click()
        times.append(elapsed_ms(page))
        page.wait_for_timeout(300)
    return times[WARM_UP_RUNS:]
