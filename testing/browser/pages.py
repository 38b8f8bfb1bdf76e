"""What a person does on the pages, said once for tests, benchmarks and screenshots."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import Locator, Page, expect

from digitcore.types import Float64Array
from synthetic.hands import strokes

ANSWER_TIMEOUT_MS: Final = 180_000
LOAD_TIMEOUT_MS: Final = 300_000
"""How long a page may take to load in a browser that has just been started, on a machine that is busy with other work."""

READING: Final = ".st-key-reading-text"
CANVAS: Final = ".st-key-draw-canvas canvas"
HEIGHT_PX: Final = 180
CORNER_XY: Final = (75, 50)

THEMES: Final = {"light": "rgb(251, 250, 247)", "dark": "rgb(20, 24, 29)"}
"""The themes and their background colours, as a browser names them."""

MODEL_SECTIONS: Final = {
    "Mistakes": ("The worst mistakes", 2),
    "Confidence": ("How sure must it be?", 2),
    "Hard cases": ("Variation across seeds", 2),
    "Architecture": ("How it was trained", 1),
    "Speed on this server": ("Speed on this server", 0),
}
"""The sections of the Model page: each one's last heading, and its number of charts."""


def reading(page: Page) -> Locator:
    """Locate the element that shows what was read."""
    return page.locator(READING)


def open_page(page: Page, url: str, heading: str) -> None:
    """Go to an address and wait for its page."""
    page.goto(url, timeout=LOAD_TIMEOUT_MS)
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


def show_in(page: Page, theme: str) -> None:
    """Show the page in a theme of `THEMES`, as when a person changes the system's, and wait until it is drawn in it."""
    page.emulate_media(color_scheme=theme)
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", THEMES[theme], timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)


def choose_section(page: Page, section: str) -> None:
    """Choose a section of the Model page and wait until it is drawn."""
    heading, charts = MODEL_SECTIONS[section]
    page.get_by_role("radio", name=section).click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=ANSWER_TIMEOUT_MS)
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(charts, timeout=ANSWER_TIMEOUT_MS)
    wait_for_rest(page)


def wait_for_canvas(page: Page) -> None:
    """Wait until the canvas can be drawn on."""
    expect(page.locator(CANVAS).last).to_be_visible(timeout=ANSWER_TIMEOUT_MS)


def draw(page: Page, paths: Sequence[Float64Array], corner_xy: tuple[float, float] = CORNER_XY, height_px: float = HEIGHT_PX) -> None:
    """Draw paths on the canvas with the mouse, from a corner of the canvas on and as high as that."""
    canvas = page.locator(CANVAS).last
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None, "the canvas is not on the page"
    for path in paths:
        points = [(box["x"] + corner_xy[0] + x * height_px, box["y"] + corner_xy[1] + y * height_px) for x, y in path]
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
    wide = box["width"] / (len(digits) * HEIGHT_PX)
    tall = min(0.8 * wide, 0.7 * box["height"] / HEIGHT_PX)
    left, top = CORNER_XY[0] / HEIGHT_PX, CORNER_XY[1] / HEIGHT_PX
    for place, digit in enumerate(digits):
        draw(page, [path * tall + (wide * (place + 0.2) - left, 0.15 * box["height"] / HEIGHT_PX - top) for path in strokes(digit)])


def download(page: Page, button: Locator) -> tuple[str, bytes]:
    """Click a download button; the file's name and its bytes."""
    wait_for_rest(page)
    with page.expect_download() as waiting:
        button.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def press(page: Page, key: str) -> None:
    """Click the button with this key, once the page is at rest.

    Streamlit loses a click when another widget speaks within a few milliseconds of it, as the canvas does 200 ms after a stroke.
    """
    wait_for_rest(page)
    page.locator(f".st-key-{key} button").click()


def navigate(page: Page, title: str) -> None:
    """Click a page's link in the navigation."""
    page.get_by_test_id("stTopNavLink").filter(has_text=title).click()


def choose_files(page: Page, files: Sequence[Path]) -> None:
    """Give the Upload page files from the disk, all at once."""
    page.locator("input[type=file]").first.set_input_files(list(files))


def all_read_sign(count: int) -> str:
    """Return the stopwatch's sign that so many files are read: the summary counts them, and the page is at rest."""
    return f"idle() && visible({READING!r}) && ({count} < 2 || text('.st-key-upload-summary').startsWith('{count:,} '))"


def progress_bar() -> str:
    """CSS of the bar that shows how many files are read; the file chooser has bars of its own."""
    return '[data-testid="stProgress"] [role="progressbar"]'


_AT_REST: Final = """
() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning'
  && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')
  && [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')].every(chart => chart.querySelector('canvas, svg'))
  && [...document.images].every(image => image.complete)
  && document.fonts.status === 'loaded'
  && document.getAnimations().every(each => each.playState !== 'running' || each.effect.getTiming().iterations === Infinity)
"""

POLLING_MS: Final = 100
"""How often a page is asked; more often, it would draw each of its frames for the question alone."""

REST_MS: Final = 250
"""At rest for that long: between two runs of the script a page only seems to be."""


def wait_for_rest(page: Page) -> None:
    """Wait until the page is as a person looks at it: no run under way, charts and pictures drawn, nothing fading."""
    page.wait_for_function(_AT_REST, timeout=ANSWER_TIMEOUT_MS, polling=POLLING_MS)
    page.wait_for_timeout(REST_MS)
    page.wait_for_function(_AT_REST, timeout=ANSWER_TIMEOUT_MS, polling=POLLING_MS)
