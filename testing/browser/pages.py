"""Use the app's pages as a person does, for tests, benchmarks and screenshots."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import Locator, Page, expect

from digitcore.types import Float64Array
from synthetic.hands import strokes

ANSWER_TIMEOUT_MS: Final = 180_000
"""Timeout of a page's reaction, generous for a machine that is busy with other work."""

LOAD_TIMEOUT_MS: Final = 300_000
"""Timeout of loading a page in a browser that has just been started, on a machine that is busy with other work."""

READING: Final = ".st-key-reading-text"
"""CSS selector of the text that was read."""

CANVAS: Final = ":is(.st-key-draw-canvas, .st-key-play-canvas) canvas"
HEIGHT_PX: Final = 180
"""Default height of a digit drawn on the canvas."""

CORNER_XY: Final = (75, 50)
"""Default upper left corner of a digit drawn on the canvas, in pixels."""

POINT_STEP: Final = 3
"""By default the mouse visits every third point of a path, as in quick writing: Chromium renders a frame for each."""

THEMES: Final = {"light": "rgb(251, 250, 247)", "dark": "rgb(20, 24, 29)"}
"""The themes and their background colours, in the notation of computed styles."""

MODEL_SECTIONS: Final = {
    "Mistakes": ("The mistakes", 2),
    "Confidence": ("How sure must it be?", 2),
    "Hard cases": ("Variation across seeds", 2),
    "Architecture": ("How it was trained", 1),
    "Speed on this server": ("Speed on this server", 0),
    "Can you beat it?": ("Can you beat it?", 0),
    "Break it": ("Break it", 2),
    "Watch one learn": ("Watch one learn", 0),
}
"""The sections of the Model page, each with its last heading and its number of charts."""


def reading(page: Page) -> Locator:
    """Locate the element that shows what was read."""
    return page.locator(READING)


def open_page(page: Page, url: str, heading: str) -> None:
    """Go to an address and wait until the page shows its heading."""
    page.goto(url, timeout=LOAD_TIMEOUT_MS)
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


def show_in(page: Page, theme: str) -> None:
    """Switch to a theme of `THEMES` through the system's colour scheme, and wait until the page is rendered in it."""
    page.emulate_media(color_scheme=theme)
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", THEMES[theme], timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)


def choose_section(page: Page, section: str) -> None:
    """Choose a section of the Model page and wait until it is rendered."""
    heading, charts = MODEL_SECTIONS[section]
    page.get_by_role("radio", name=section).click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(charts, timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)


def wait_for_canvas(page: Page) -> None:
    """Wait until the canvas can be drawn on."""
    expect(page.locator(CANVAS).last).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


def draw(
    page: Page,
    paths: Sequence[Float64Array],
    corner_xy: tuple[float, float] = CORNER_XY,
    height_px: float = HEIGHT_PX,
    *,
    point_step: int = POINT_STEP,
) -> None:
    """Draw paths on the canvas with the mouse.

    Args:
        page: the Draw page.
        paths: float64 `(N, 2)` each, the points x, y of a stroke in heights of the drawing.
        corner_xy: upper left corner of the drawing on the canvas, in pixels.
        height_px: height of the drawing.
        point_step: the mouse visits one of so many points; 1 for paths of few points.
    """
    canvas = page.locator(CANVAS).last
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None, "the canvas is not on the page"
    for path in paths:
        visited = [*path[::point_step], path[-1]]
        points = [(box["x"] + corner_xy[0] + x * height_px, box["y"] + corner_xy[1] + y * height_px) for x, y in visited]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point)
        page.mouse.up()


def draw_digit(page: Page, digit: int, hand: str = "round") -> None:
    """Draw one digit on the canvas."""
    draw(page, strokes(digit, hand))


def draw_number(page: Page, digits: Sequence[int]) -> None:
    """Draw digits side by side over the whole width of the canvas."""
    box = page.locator(CANVAS).last.bounding_box()
    assert box is not None, "the canvas is not on the page"
    pitch = box["width"] / (len(digits) * HEIGHT_PX)
    height = min(0.8 * pitch, 0.7 * box["height"] / HEIGHT_PX)
    left, top = CORNER_XY[0] / HEIGHT_PX, CORNER_XY[1] / HEIGHT_PX
    for position, digit in enumerate(digits):
        draw(page, [path * height + (pitch * (position + 0.2) - left, 0.15 * box["height"] / HEIGHT_PX - top) for path in strokes(digit)])


def download(page: Page, button: Locator) -> tuple[str, bytes]:
    """Click a download button, and return the file's name and contents."""
    wait_for_rest(page)
    with page.expect_download() as downloaded:
        button.click()
    return downloaded.value.suggested_filename, Path(downloaded.value.path()).read_bytes()


def press(page: Page, key: str) -> None:
    """Click the button with a Streamlit key, once the page is idle.

    Streamlit loses a click if another widget sends its value within a few milliseconds of it, as the canvas does 200 ms after a stroke.
    """
    wait_for_rest(page)
    page.locator(f".st-key-{key} button").click()


def navigation_links(page: Page) -> Locator:
    """Locate the links to all pages; Streamlit renders each twice, for a mouse and for touch, and shows one of them."""
    return page.locator(".st-key-navigation a:visible")


def navigate(page: Page, title: str) -> None:
    """Click a page's link in the navigation."""
    navigation_links(page).filter(has_text=title).click()


def choose_setting(page: Page, field: str, value: str) -> None:
    """Click one of the values of a setting on the Inspector page."""
    page.locator(f".st-key-inspector_set_{field}").get_by_text(value, exact=True).click()


def choose_files(page: Page, files: Sequence[Path]) -> None:
    """Select files from the disk on the Upload page, all at once."""
    page.locator("input[type=file]").first.set_input_files(list(files))


def all_read_condition(count: int) -> str:
    """Return the condition for `stopwatch.arm` that `count` files are read: the summary counts them, and the page is idle."""
    return f"idle() && visible({READING!r}) && ({count} < 2 || text('.st-key-upload-summary').startsWith('{count:,} '))"


def progress_bar() -> str:
    """Return the CSS selector of the bar that shows how many files are read; the file chooser has progress bars, too."""
    return '[data-testid="stProgress"] [role="progressbar"]'


_IS_IDLE: Final = """
() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning'
  && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')
  && [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')].every(chart => chart.querySelector('canvas, svg'))
  && [...document.images].every(image => image.complete)
  && document.fonts.status === 'loaded'
  && document.getAnimations().every(each => each.playState !== 'running' || each.effect.getTiming().iterations === Infinity)
"""

POLLING_MS: Final = 100
"""Interval of polling; with a shorter one, the page would render frames only because of the polling."""

IDLE_MS: Final = 250
"""Time after which the page is checked again, since it also seems idle between two runs of its script."""


def wait_for_rest(page: Page) -> None:
    """Wait until the page is idle: its script isn't running, charts and pictures are rendered, and no animation is running."""
    page.wait_for_function(_IS_IDLE, timeout=ANSWER_TIMEOUT_MS, polling=POLLING_MS)
    page.wait_for_timeout(IDLE_MS)
    page.wait_for_function(_IS_IDLE, timeout=ANSWER_TIMEOUT_MS, polling=POLLING_MS)
