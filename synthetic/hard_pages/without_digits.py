"""Pictures without a digit, as hard pages are lit and photographed: text, signs, surfaces, keyboards, empty tables, faces, foliage."""

from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np

from digitcore.types import Float32Array
from synthetic.hard_pages.characters import LETTERS
from synthetic.hard_pages.effects import OF_PICTURES, OF_SHEETS, checked, random_effects
from synthetic.hard_pages.pages import FIRST_WRITER, SIZES_WH, Scene, finish, photograph, sheet_surface
from synthetic.hard_pages.prints import printed_text
from synthetic.hard_pages.rulings import form, squared, table
from synthetic.hard_pages.scenery import BACKGROUNDS, cloth, keyboard
from synthetic.hard_pages.surfaces import Surface, noise
from synthetic.hard_pages.truth import HardPage
from synthetic.hard_pages.views import View
from synthetic.hard_pages.writing import place_rows, random_style
from synthetic.writers import make_writer

_Picture = Callable[[tuple[int, int], np.random.Generator], Float32Array]
_SAFE_SIGNS: Final = ("+", "=", "x", "÷", "#", "*", "?")


def hard_page_without_digits(seed: int, effects: Mapping[str, float] | None = None, kind: str | None = None) -> HardPage:
    """Generate a picture without a digit, of which nothing should be read.

    Args:
        seed: determines the picture.
        effects: severities from 0 to 1 by effect, see `hard_page`; those that need digits are left out. None for random ones.
        kind: what it shows, one of `KINDS`; None for a random one.

    Raises:
        ValueError: an effect or the kind is unknown, or a severity is not between 0 and 1.
    """
    drawn = random_effects(seed) if effects is None else checked(effects)
    rng = np.random.default_rng((seed, 20))
    size_wh = SIZES_WH[rng.integers(len(SIZES_WH))]
    random_kind = str(rng.choice(KINDS))
    kind = random_kind if kind is None else kind
    if kind not in KINDS:
        raise ValueError(f"expected one of {', '.join(KINDS)}, received {kind!r}.")
    if kind in PICTURES:
        chosen = {name: severity for name, severity in drawn.items() if name in OF_PICTURES}
        scene = _scene(PICTURES[kind](size_wh[::-1], rng))
    else:
        chosen = {name: severity for name, severity in drawn.items() if name in OF_PICTURES | OF_SHEETS}
        scene = _sheet(kind, size_wh, chosen, seed, rng)
    page = finish(scene, chosen, seed)
    return HardPage(page.picture, (), (*page.traits, kind), page.truth)


def _scene(picture: Float32Array) -> Scene:
    """Return a scene without a sheet; its corners are those of the picture."""
    height, width = picture.shape[:2]
    view = View(size_wh=(width, height), corners=np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float64))
    blank = np.zeros((height, width), np.uint8)
    return Scene(picture, view, (), blank, blank, is_light_ink=False)


def _sheet(kind: str, size_wh: tuple[int, int], chosen: Mapping[str, float], seed: int, rng: np.random.Generator) -> Scene:
    """Photograph a sheet with text, signs, an empty table, form or squares, or with nothing on it."""
    style = random_style(rng)
    characters = {"handwritten text": LETTERS, "signs": _SAFE_SIGNS}.get(kind)
    marks = []
    if characters is not None:
        rows = [[str(each) for each in rng.choice(characters, rng.integers(3, 9))] for _ in range(rng.integers(1, 4))]
        marks = place_rows(rows, style, make_writer(FIRST_WRITER + seed), None, size_wh, rng)
    surface = sheet_surface(size_wh, marks, chosen, seed)
    if kind in _PRINTED:
        surface = _PRINTED[kind](surface, float(rng.uniform(0.1, 1)), rng)
    return photograph(surface, style, chosen, seed)


def _faces(shape: tuple[int, int], rng: np.random.Generator) -> Float32Array:
    """Render one to three blobs like faces before a blurred wall: an oval with hair, eyes, nose and mouth."""
    height, width = shape
    picture = np.asarray(rng.uniform(60, 200, 3) * (1 + 0.1 * noise(shape, width / 4, rng)[..., np.newaxis]), np.float32)
    for _ in range(int(rng.integers(1, 4))):
        radius = min(shape) * rng.uniform(0.12, 0.3)
        x, y = rng.uniform(0.2, 0.8) * width, rng.uniform(0.3, 0.7) * height
        skin, hair = np.array((215, 165, 135)) * rng.uniform(0.4, 1.1), rng.uniform(10, 90, 3)
        for shift, radii, colour in (
            ((0, -0.25), (1.0, 1.15), hair),
            ((0, 2.2), (1.9, 1.2), rng.uniform(30, 220, 3)),
            ((0, 0), (0.8, 1.05), skin),
            ((-0.32, -0.15), (0.13, 0.07), 0.2 * skin),
            ((0.32, -0.15), (0.13, 0.07), 0.2 * skin),
            ((0, 0.15), (0.08, 0.2), 0.85 * skin),
            ((0, 0.5), (0.3, 0.08), skin * (0.8, 0.5, 0.5)),
        ):
            centre = (round(x + shift[0] * radius), round(y + shift[1] * radius))
            axes = (max(round(radii[0] * radius), 1), max(round(radii[1] * radius), 1))
            cv2.ellipse(picture, centre, axes, 0, 0, 360, [float(value) for value in colour], -1, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), min(shape) / 120), np.float32)


def _foliage(shape: tuple[int, int], rng: np.random.Generator) -> Float32Array:
    """Render leaves in many greens, the nearer ones over the farther ones."""
    picture = np.full((*shape, 3), (38, 52, 30), np.float32)
    for depth in np.linspace(0.3, 1, 260):
        centre = (round(float(rng.uniform(0, shape[1]))), round(float(rng.uniform(0, shape[0]))))
        length = min(shape) * rng.uniform(0.03, 0.09) * (0.6 + depth)
        colour = np.array((90, 140, 60)) * depth * rng.uniform(0.6, 1.3) * rng.uniform(0.85, 1.15, 3)
        axes, angle = (max(round(length), 2), max(round(0.4 * length), 1)), float(rng.uniform(0, 360))
        cv2.ellipse(picture, centre, axes, angle, 0, 360, [float(value) for value in colour], -1, cv2.LINE_AA)
        vein = (round(centre[0] + length * np.cos(np.deg2rad(angle))), round(centre[1] + length * np.sin(np.deg2rad(angle))))
        cv2.line(picture, centre, vein, [float(1.25 * value) for value in colour], max(round(length / 20), 1), cv2.LINE_AA)
    return picture


def _surface(shape: tuple[int, int], rng: np.random.Generator) -> Float32Array:
    return BACKGROUNDS[str(rng.choice(list(BACKGROUNDS)))](shape, rng)


PICTURES: Final[dict[str, _Picture]] = {"surface": _surface, "keyboard": keyboard, "fabric": cloth, "faces": _faces, "foliage": _foliage}
"""Functions that render a picture without a sheet, by kind."""

_PRINTED: Final[dict[str, Callable[[Surface, float, np.random.Generator], Surface]]] = {
    "text": printed_text,
    "empty table": table,
    "empty form": form,
    "empty squares": squared,
}
_SHEETS: Final = (*_PRINTED, "handwritten text", "signs", "empty sheet")

KINDS: Final = (*PICTURES, *_SHEETS)
"""What such pictures can show."""
