"""Write the pictures in `samples/`, the app's icon and its preview: `python -m synthetic.samples` (or `make samples`)."""

from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from synthetic.hands import strokes, write
from synthetic.pages import page
from synthetic.paper import Scene, photograph

SAMPLES_DIR: Final = Path(__file__).resolve().parent.parent / "samples"
ICON_PATH: Final = SAMPLES_DIR.parent / "app" / "favicon.png"
PREVIEW_PATH: Final = ICON_PATH.with_name("preview.png")
PREVIEW_SIZE_WH: Final = (1200, 630)
"""The size that services show in previews of links, in pixels."""

PREVIEW_DIGITS: Final = ((2, "slanted"), (0, "round"), (2, "round"), (6, "square"))
"""The digits of the preview, each with its handwriting style."""

PAPER_RGB: Final = (251, 250, 247)
INK_RGB: Final = (31, 36, 41)
HIGHLIGHT_RGB: Final = (0, 99, 163)
SEED: Final = 7


class Sample(NamedTuple):
    """A sample picture: file name, digits, handwriting style, and scene."""

    file: str
    text: str
    hand: str
    scene: Scene


SAMPLES: Final = (
    Sample("pen.jpg", "3", "round", Scene(ink_rgb=(28, 44, 128), pen=0.06, light_fall=0.25)),
    Sample("pencil.jpg", "7", "slanted", Scene(paper_rgb=(206, 203, 196), ink_rgb=(128, 126, 122), pen=0.05, light_fall=0.3)),
    Sample("chalk.jpg", "4", "square", Scene(paper_rgb=(38, 58, 50), ink_rgb=(226, 228, 220), pen=0.1, noise=6)),
    Sample("shadow.jpg", "5", "round", Scene(ink_rgb=(30, 30, 34), pen=0.07, light_fall=0.2, shadow=0.55)),
)

PAGE_FILE: Final = "page.jpg"
PAGE_SEED: Final = 233
"""Seed of a page with four lines on ruled paper, on a table, half of it in shadow."""


def icon() -> Image.Image:
    """Draw the app's icon: a white 5 on blue, 64×64 RGB."""
    side_px = 256
    ink = write(np.zeros((side_px, side_px), np.uint8), strokes(5), (76, 40), 176, 26)
    coverage = ink[..., np.newaxis] / 255
    rgb = np.array(HIGHLIGHT_RGB) * (1 - coverage) + 255 * coverage
    return Image.fromarray(rgb.astype(np.uint8)).resize((64, 64), Image.Resampling.LANCZOS)


def preview() -> Image.Image:
    """Draw the picture in previews of links to the app: a handwritten number, each digit in a frame above what it is read as."""
    width, height = PREVIEW_SIZE_WH
    ink = np.zeros((height, width), np.uint8)
    frame_wh, pitch, top, written_height = (220, 300), 260, 90, 230
    left = (width - pitch * len(PREVIEW_DIGITS) + pitch - frame_wh[0]) // 2
    corners = [left + pitch * position for position in range(len(PREVIEW_DIGITS))]
    for corner, (digit, hand) in zip(corners, PREVIEW_DIGITS, strict=True):
        paths = strokes(digit, hand)
        x = np.concatenate(paths)[:, 0]
        ink = write(ink, paths, (corner + (frame_wh[0] - written_height * (x.min() + x.max())) / 2, top + 35), written_height, 20)
    coverage = ink[..., np.newaxis] / 255
    picture = Image.fromarray((np.array(PAPER_RGB) * (1 - coverage) + np.array(INK_RGB) * coverage).round().astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for corner, (digit, _) in zip(corners, PREVIEW_DIGITS, strict=True):
        draw.rounded_rectangle((corner, top, corner + frame_wh[0], top + frame_wh[1]), 24, outline=HIGHLIGHT_RGB, width=6)
        draw.text((corner + frame_wh[0] // 2, top + 405), str(digit), HIGHLIGHT_RGB, ImageFont.load_default(130), anchor="mm")
    return picture.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def main() -> None:
    """Write all samples, the icon and the preview."""
    SAMPLES_DIR.mkdir(exist_ok=True)
    for sample in SAMPLES:
        picture = photograph(sample.text, sample.hand, (640, 480), 250, sample.scene, SEED)
        Image.fromarray(picture).save(SAMPLES_DIR / sample.file, quality=88)
    Image.fromarray(page(PAGE_SEED).picture).save(SAMPLES_DIR / PAGE_FILE, quality=88)
    icon().save(ICON_PATH, optimize=True)
    preview().save(PREVIEW_PATH, optimize=True)


if __name__ == "__main__":
    main()
