"""Take the screenshots of the README from the running app: `python -m benchmarks.screenshots` (or `make screenshots`)."""

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page

from digitcore import annotate, read_image
from digitcore.io.decode import load_picture
from digitcore.io.encode import encode_image
from testing.browser.devices import PHONE
from testing.browser.pages import (
    ANSWER_TIMEOUT_MS,
    choose_files,
    draw,
    draw_digit,
    draw_number,
    open_page,
    reading,
    wait_for_canvas,
    wait_for_rest,
)
from testing.browser.server import serve
from testing.browser.webcam import FIRST, camera, make_video, start

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "docs" / "screenshots"

COLOURS: Final = 256
"""Size of the palette that is computed for each picture: files have a third of the size, without a visible difference."""

SCHEMES: Final = ("light", "dark")
DEVICES: Final[dict[str, dict[str, Any]]] = {
    "desktop": {"viewport": {"width": 1280, "height": 860}},
    "phone": {**PHONE, "device_scale_factor": 2},
}


def shoot_draw(page: Page, url: str) -> None:
    """Draw a number and show the heat map of what the network looked at."""
    page.goto(url)
    wait_for_canvas(page)
    wait_for_rest(page)
    draw_number(page, (4, 0, 7))
    page.get_by_text("407", exact=True).first.wait_for()
    page.locator(".st-key-draw_with_map label").click()


def shoot_upload(page: Page, url: str) -> None:
    """Upload all samples and open one of them."""
    open_page(page, f"{url}/upload", "Upload pictures")
    choose_files(page, sorted((ROOT / "samples").glob("*.jpg")))
    page.get_by_role("button", name=re.compile(r"^\d.* page\.jpg$")).click()
    page.get_by_text("51939").first.wait_for()


def shoot_webcam(page: Page, url: str) -> None:
    """Start the video, wait for a reading, and freeze it."""
    open_page(page, f"{url}/webcam", "Live webcam")
    start(page)
    page.get_by_text(FIRST, exact=True).first.wait_for()
    page.get_by_role("button", name="Freeze").click()
    page.get_by_role("button", name="Resume").wait_for()


def shoot_inspector(page: Page, url: str) -> None:
    """Open a sample in the Inspector and wait for its reading."""
    open_page(page, f"{url}/inspector?picture=sample:page.jpg", "Inspector")
    reading(page).first.wait_for()


def shoot_model(page: Page, url: str) -> None:
    """Open the Model page."""
    open_page(page, f"{url}/model", "Model")


def shoot_game(page: Page, url: str) -> None:
    """Open the game, and draw a slashed zero."""
    open_page(page, f"{url}/?play=1", "Fool the machine")
    wait_for_canvas(page)
    wait_for_rest(page)
    turn = np.linspace(0, 2 * np.pi, 24)
    oval = np.stack([0.3 + 0.3 * np.sin(turn), 0.5 - 0.5 * np.cos(turn)], axis=1)
    draw(page, [oval, np.array([[0.05, 0.95], [0.55, 0.05]])], (220, 100), 230, point_step=1)
    page.get_by_text("That counts").wait_for()


def shoot_why_not(page: Page, url: str) -> None:
    """Draw a 4, and ask what would make it a 9."""
    page.goto(url)
    wait_for_canvas(page)
    wait_for_rest(page)
    draw_digit(page, 4)
    reading(page).first.wait_for()
    wait_for_rest(page)
    page.locator("summary").filter(has_text="Why not another digit?").click()
    expander = page.get_by_test_id("stExpanderDetails")
    expander.get_by_role("button", name="9", exact=True).or_(expander.get_by_role("radio", name="9", exact=True)).click()
    page.get_by_text("It would be read as").wait_for()
    expander.get_by_role("img").nth(1).wait_for()
    expander.evaluate("element => element.scrollIntoView({block: 'end'})")


def shoot_labels(page: Page, url: str) -> None:
    """Upload samples whose file names have labels, one of them wrong, and compare them with what is read."""
    open_page(page, f"{url}/upload", "Upload pictures")
    labels = {"pen": "3", "pencil": "7", "chalk": "4", "shadow": "6"}
    pictures = [
        FilePayload(name=f"{label}_{name}.jpg", mimeType="image/jpeg", buffer=(ROOT / "samples" / f"{name}.jpg").read_bytes())
        for name, label in labels.items()
    ]
    page.locator("input[type=file]").first.set_input_files(pictures)
    page.get_by_role("button", name="Compare with the labels").click()
    page.get_by_text("Digits read correctly").wait_for()
    page.get_by_text("Digits read correctly").evaluate("element => element.scrollIntoView({block: 'center'})")


def shoot_film(page: Page, url: str) -> None:
    """Open the film of a sample, and go to the activations of the first block."""
    page.goto(f"{url}/inspector?picture=sample:page.jpg&film=1")
    forward = page.get_by_role("button", name="Next step")
    forward.wait_for()
    while not page.locator("figure[data-shown]").get_by_text("First block").count():
        forward.click()
        wait_for_rest(page)


def shoot_break(page: Page, url: str) -> None:
    """Show what noise on the weights does."""
    open_page(page, f"{url}/model?part=break", "Break it")
    page.get_by_text("What the damaged copy misreads").wait_for()
    page.get_by_role("heading", name="Break it").evaluate("heading => heading.scrollIntoView()")


def shoot_learn(page: Page, url: str) -> None:
    """Let a small network learn."""
    open_page(page, f"{url}/model?part=learn", "Watch one learn")
    page.get_by_role("button", name="Learn").click()
    page.get_by_text("Its first mistakes").wait_for()
    page.get_by_role("heading", name="Watch one learn").evaluate("heading => heading.scrollIntoView()")


ANIMATION_WH: Final = (550, 330)
ANIMATION_FRAMES: Final = 30
ANIMATION_STEP_MS: Final = 250
"""The animation shows the upper part of a page at half its size."""


class Shot(NamedTuple):
    """A page to take screenshots of, in one language."""

    name: str
    shoot: Callable[[Page, str], None]
    locale: str = "en-US"
    devices: tuple[str, ...] = tuple(DEVICES)
    schemes: tuple[str, ...] = SCHEMES


SHOTS: Final = (
    Shot("draw", shoot_draw),
    Shot("upload", shoot_upload),
    Shot("webcam", shoot_webcam),
    Shot("inspector", shoot_inspector),
    Shot("model", shoot_model),
    Shot("draw-es", shoot_draw, "es-ES"),
    *(
        Shot(name, shoot, devices=("desktop",), schemes=("light",))
        for name, shoot in (
            ("game", shoot_game),
            ("why-not", shoot_why_not),
            ("labels", shoot_labels),
            ("film", shoot_film),
            ("break", shoot_break),
            ("learn", shoot_learn),
        )
    ),
)


def take(browser: Browser, url: str, shot: Shot, device: str, scheme: str) -> bytes:
    """Take one screenshot as PNG: the visible part of a page on a desktop, the whole page on a phone."""
    options = {**DEVICES[device], "locale": shot.locale, "color_scheme": scheme}
    page = _open_tab(browser, **options)
    shot.shoot(page, url)
    page.mouse.move(0, 0)
    wait_for_rest(page)
    if device == "phone":
        _enlarge_viewport(page)
    picture = page.screenshot()
    page.context.close()
    return picture


def reduced(picture: bytes) -> bytes:
    """Reduce a PNG to a palette of `COLOURS` colours."""
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def annotated_page() -> bytes:
    """Annotate the sample of a whole page, as JPEG."""
    encoded = (ROOT / "samples" / "page.jpg").read_bytes()
    return encode_image(annotate(load_picture(encoded).pixels, read_image(encoded)), "jpeg")


def record_webcam(browser: Browser, url: str) -> bytes:
    """Record the Webcam page while it reads two numbers, one after the other, as an animated WebP."""
    page = _open_tab(browser, **DEVICES["desktop"])
    open_page(page, f"{url}/webcam", "Live webcam")
    start(page)
    page.get_by_text(FIRST, exact=True).first.wait_for()
    width, height = ANIMATION_WH
    shots = []
    for _ in range(ANIMATION_FRAMES):
        page.wait_for_timeout(ANIMATION_STEP_MS)
        shot = Image.open(io.BytesIO(page.screenshot(clip={"x": 64, "y": 60, "width": 2 * width, "height": 2 * height})))
        shots.append(shot.convert("RGB").resize(ANIMATION_WH, Image.Resampling.LANCZOS))
    buffer = io.BytesIO()
    shots[0].save(buffer, "WEBP", save_all=True, append_images=shots[1:], duration=ANIMATION_STEP_MS, loop=0, quality=60, method=6)
    page.context.close()
    return buffer.getvalue()


def main() -> None:
    """Take screenshots of all pages, or of those named on the command line, in light and dark, on a desktop and on a phone."""
    names = sys.argv[1:] or [shot.name for shot in SHOTS]
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "page-read.jpg").write_bytes(annotated_page())
    with TemporaryDirectory() as folder, serve() as server, camera(make_video(Path(folder) / "numbers.y4m")) as browser:
        if "webcam" in names:
            (FOLDER / "webcam.webp").write_bytes(record_webcam(browser, server.url))
        for shot in (shot for shot in SHOTS if shot.name in names):
            for device in shot.devices:
                for scheme in shot.schemes:
                    picture = take(browser, server.url, shot, device, scheme)
                    (FOLDER / f"{shot.name}-{device}-{scheme}.png").write_bytes(reduced(picture))


def _open_tab(browser: Browser, **options: Any) -> Page:
    """Open a tab in a new browser context with these options."""
    context = browser.new_context(**options)
    context.set_default_timeout(ANSWER_TIMEOUT_MS)
    return context.new_page()


def _enlarge_viewport(page: Page) -> None:
    """Make the viewport as high as the page, since Streamlit scrolls inside an element, which a full-page screenshot would cut off."""
    width, height = DEVICES["phone"]["viewport"]["width"], 0
    while (needed := page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollHeight")) > height:
        height = needed
        page.set_viewport_size({"width": width, "height": height})
        wait_for_rest(page)


if __name__ == "__main__":
    main()
