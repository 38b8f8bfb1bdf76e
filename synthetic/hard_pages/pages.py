"""Put hard pages together: writing, sheet, view, light and camera, and the ground truth of the result."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final, TypeVar

import cv2
import numpy as np

from digitcore.types import Box, Float32Array, UInt8Array
from synthetic.hard_pages.cameras import CAMERAS, develop
from synthetic.hard_pages.effects import checked, effect_rng, random_effects
from synthetic.hard_pages.lights import LIGHTS, gentle_light
from synthetic.hard_pages.prints import PRINTS
from synthetic.hard_pages.rulings import RULINGS
from synthetic.hard_pages.scenery import BACKGROUNDS, fingers, keyboard
from synthetic.hard_pages.styles import STYLES
from synthetic.hard_pages.surfaces import FOLDS, PAPERS, Surface, noise, plain_surface
from synthetic.hard_pages.truth import HardPage, Mark, Truth
from synthetic.hard_pages.views import VIEWS, View, containing, filling_view
from synthetic.hard_pages.writing import PlacedMark, Style, draw_marks, place_rows, random_rows, random_style
from synthetic.sheet import Glyphs
from synthetic.writers import make_writer

SIZES_WH: Final = ((1000, 1000), (1280, 720), (1280, 960), (1440, 1080), (720, 1280), (900, 1200), (1200, 440), (800, 600))
"""Sizes of pictures before an effect makes them smaller."""

FIRST_WRITER: Final = 2_000_000
"""Seed of the writer of page 0; no training uses the writers from here on."""

INK_LEVEL: Final = 40
"""Least coverage of a pixel of the ink mask, of 255."""

_TREMOR: Final = 0.002
"""Greatest shaking of a pen on paper, in heights of a digit."""

_CHALK_RGB: Final = (232, 234, 226)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A sheet in a picture without light: the picture, float32 `(H, W, 3)`, and what is where in it."""

    picture: Float32Array
    view: View
    marks: Sequence[PlacedMark]
    ink: UInt8Array
    ruling_mask: UInt8Array
    is_light_ink: bool


def hard_page(seed: int, glyphs: Glyphs | None = None, effects: Mapping[str, float] | None = None) -> HardPage:
    """Generate a page of numbers as difficult as many real photographs.

    Args:
        seed: determines the page.
        glyphs: function that draws the digits; None for a synthetic writer of the seed's.
        effects: severities from 0 to 1 by effect; None for those that `random_effects` chooses.

    Raises:
        ValueError: an effect is unknown, or a severity is not between 0 and 1.

    Examples:
        >>> page = hard_page(3, effects={"lamp": 0.5})
        >>> page.traits
        ('lamp',)
    """
    chosen = random_effects(seed) if effects is None else checked(effects)
    rng = np.random.default_rng((seed, 10))
    size_wh = SIZES_WH[rng.integers(len(SIZES_WH))]
    style = apply_effects(STYLES, random_style(rng), chosen, seed)
    rows = random_rows(style, np.random.default_rng((seed, 13)))
    writer = replace(make_writer(FIRST_WRITER + seed), grid=0.0, tremor=_TREMOR * rng.random())
    marks = place_rows(rows, style, writer, glyphs, size_wh, np.random.default_rng((seed, 14)))
    surface = sheet_surface(size_wh, marks, chosen, seed)
    scene = photograph(surface, style, chosen, seed)
    return finish(scene, chosen, seed)


def apply_effects(
    stage: Mapping[str, Callable[[_T, float, np.random.Generator], _T]], value: _T, chosen: Mapping[str, float], seed: int
) -> _T:
    """Apply those effects of a stage that are chosen, in the order of the stage."""
    for name, effect in stage.items():
        if name in chosen:
            value = effect(value, chosen[name], effect_rng(seed, name))
    return value


def sheet_surface(size_wh: tuple[int, int], marks: Sequence[PlacedMark], chosen: Mapping[str, float], seed: int) -> Surface:
    """Make the sheet with all that is on it except the writing."""
    surface = plain_surface(size_wh, marks, np.random.default_rng((seed, 15)))
    return apply_effects({**PAPERS, **RULINGS, **PRINTS, **FOLDS}, surface, chosen, seed)


def photograph(surface: Surface, style: Style, chosen: Mapping[str, float], seed: int) -> Scene:
    """Write on the sheet, and put it into the picture, on a surface and held by fingers if these are chosen."""
    rng = np.random.default_rng((seed, 16))
    view = apply_effects(VIEWS, filling_view(surface.size_wh, rng), chosen, seed)
    if surface.marks:
        view = containing(view, np.concatenate([mark.outline for mark in surface.marks]))
    ink = draw_marks(surface.marks, surface.size_wh)
    sheet = ink_on(surface, ink, style, rng) * surface.shading[..., np.newaxis]
    picture = on_background(np.asarray(sheet, np.float32), view, rng)
    seen_ink = np.asarray(view.warp(ink), np.uint8)
    if "fingers" in chosen:
        picture = fingers(picture, seen_ink, chosen["fingers"], effect_rng(seed, "fingers"))
    return Scene(picture, view, surface.marks, seen_ink, np.asarray(view.warp(surface.ruling_mask), np.uint8), surface.is_board)


def ink_on(surface: Surface, ink: UInt8Array, style: Style, rng: np.random.Generator) -> Float32Array:
    """Put ink, uint8 `(H, W)`, on a surface: transparent ink on paper, opaque chalk on a board."""
    coverage = cv2.GaussianBlur(ink, (0, 0), 0.7).astype(np.float32) / 255
    grain = 0.5 + 0.5 * np.tanh(noise(ink.shape, 2.2, rng))
    coverage *= (style.density * (1 - (0.5 if surface.is_board else style.grain) * grain)).astype(np.float32)
    if surface.is_board:
        return np.asarray(surface.rgb + (np.array(_CHALK_RGB, np.float32) - surface.rgb) * coverage[..., np.newaxis], np.float32)
    absorbed = 1 - np.array(style.ink_rgb, np.float32) / 255
    return np.asarray(surface.rgb * (1 - coverage[..., np.newaxis] * absorbed), np.float32)


def on_background(sheet: Float32Array, view: View, rng: np.random.Generator) -> Float32Array:
    """Take the picture of a sheet, which casts a soft shadow on the surface around it."""
    seen = np.asarray(view.warp(sheet), np.float32)
    mask = np.asarray(view.warp(np.full(sheet.shape[:2], 255, np.uint8)), np.uint8)
    if mask.min() == 255:
        return seen
    coverage = mask[..., np.newaxis].astype(np.float32) / 255
    background = (keyboard if view.background == "keyboard" else BACKGROUNDS[view.background])(sheet.shape[:2], rng)
    shadow = cv2.GaussianBlur(mask, (0, 0), max(min(view.size_wh) / 90, 1)).astype(np.float32)[..., np.newaxis] / 255
    return np.asarray(seen + background * (1 - 0.5 * shadow) * (1 - coverage), np.float32)


def finish(scene: Scene, chosen: Mapping[str, float], seed: int) -> HardPage:
    """Light a scene, take its picture with the camera, and scale the ground truth to the size of the picture."""
    rng = np.random.default_rng((seed, 17))
    lit = apply_effects(LIGHTS, gentle_light(scene.picture, rng), chosen, seed)
    exposed = np.asarray(cv2.GaussianBlur(np.clip(lit, 0, 255), (0, 0), rng.uniform(0.5, 1.1)), np.float32)
    picture = develop(apply_effects(CAMERAS, exposed, chosen, seed), rng)
    height, width = picture.shape[:2]
    scale = np.array([width, height]) / scene.view.size_wh
    marks = [_seen_mark(mark, scene.view, scale, (width, height)) for mark in scene.marks]
    digits = tuple(mark for mark in marks if mark.text.isdigit())
    truth = Truth(
        scene.view.corners * (width, height),
        scene.is_light_ink,
        _mask(scene.ink, (width, height), INK_LEVEL),
        _mask(scene.ruling_mask, (width, height), INK_LEVEL),
        digits,
        tuple(mark for mark in marks if not mark.text.isdigit()),
    )
    lines = tuple("".join(mark.text for mark in line) for _, line in groupby(digits, key=lambda mark: mark.line))
    return HardPage(picture, lines, tuple(chosen), truth)


def _seen_mark(mark: PlacedMark, view: View, scale: Any, size_wh: tuple[int, int]) -> Mark:
    """Return a mark with its box in the picture."""
    outline = view.project(mark.outline) * scale
    left, top = np.floor(np.clip(outline.min(axis=0), 0, size_wh) - 0.5).astype(int).clip(0)
    right, bottom = np.minimum(np.ceil(np.clip(outline.max(axis=0), 0, size_wh) + 0.5).astype(int), size_wh)
    return Mark(mark.text, mark.line, Box(int(left), int(top), int(right - left), int(bottom - top)))


def _mask(levels: UInt8Array, size_wh: tuple[int, int], least: int) -> UInt8Array:
    """Scale levels to the size of the picture, and return where they reach `least` as 255."""
    scaled = levels if levels.shape == size_wh[::-1] else cv2.resize(levels, size_wh, interpolation=cv2.INTER_AREA)
    return np.where(scaled >= least, np.uint8(255), np.uint8(0))
