import cv2
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np

from digitcore.layout import slant as slant_module
from digitcore.layout.components import Mark
from digitcore.layout.parameters import SlantParams
from digitcore.layout.slant import _profile_energy, estimate_slant
from digitcore.types import Box
from tests.properties import example, given

SLANTS = [-0.3, -0.15, 0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9]
BINARY = st_np.arrays(np.uint8, st.tuples(st.sampled_from([20, 30, 36, 40]), st.integers(2, 12)), elements=st.sampled_from([0, 255]))


def bars(slant):
    """Three parallel bars, 80 px high."""
    ink = np.zeros((100, 260), np.uint8)
    for x in (60, 110, 160):
        cv2.line(ink, (round(x - 40 * slant), 90), (round(x + 40 * slant), 10), 255, 7)
    return Mark(ink, Box(0, 0, 260, 100), 0, None)


def mark(ink, x=0, y=0):
    return Mark(ink, Box(x, y, ink.shape[1], ink.shape[0]), 0, None)


def sheared(ink, slant, margin):
    """The ink with its rows moved to the right in proportion to their distance below half the height, by linear interpolation."""
    height, width = ink.shape
    columns = np.arange(-margin, width + margin)
    padded, places = np.pad(ink.astype(float), ((0, 0), (1, 1))), np.arange(-1, width + 1)
    return np.array([np.interp(columns - slant * (y - height / 2), places, padded[y]) for y in range(height)])


def energy(ink, slant):
    """The sum of the squares of the numbers of ink pixels in the columns, with room for all of them."""
    return ((sheared(ink, slant, 60) > 96).sum(axis=0) ** 2).sum()


@pytest.mark.parametrize("slant", [-0.3, 0.0, 0.3, 0.6, 0.9])
def test_the_slant_of_parallel_bars_is_found(slant):
    assert estimate_slant([bars(slant)]) == pytest.approx(slant, abs=0.16)


def test_a_hair_line_has_no_slant():
    assert estimate_slant([Mark(np.full((200, 3), 255, np.uint8), Box(0, 0, 3, 200), 0, None)]) == 0


@pytest.mark.parametrize("shape", [(200, 1), (200, 9), (200, 10), (1, 1), (2, 1), (40, 2)])
def test_upright_rectangles_of_any_size_have_no_slant(shape):
    assert estimate_slant([mark(np.full(shape, 255, np.uint8))]) == 0


@pytest.mark.parametrize("slant", SLANTS)
@pytest.mark.parametrize("height", [30, 40, 120])
def test_bars_that_lean_by_one_of_the_slants_compared_have_exactly_this_slant(slant, height):
    upright = np.zeros((height, 3 * height), np.uint8)
    for x in range(height // 4, 3 * height, height // 2):
        upright[:, x : x + max(height // 12, 3)] = 255
    leaning = np.rint(sheared(upright, -slant, height)).astype(np.uint8)
    assert estimate_slant([mark(leaning)]) == pytest.approx(slant, abs=1e-9)


@pytest.mark.parametrize(("slant", "found"), [(-0.6, -0.3), (-0.2, -0.15), (0.05, 0.0), (0.1, 0.15), (0.5, 0.45), (1.1, 0.9)])
def test_a_bar_that_leans_otherwise_has_the_nearest_slant(slant, found):
    leaning = np.rint(sheared(np.full((40, 4), 255, np.uint8), -slant, 40)).astype(np.uint8)
    assert estimate_slant([mark(leaning)]) == pytest.approx(found, abs=1e-9)


@given(BINARY, st.sampled_from(SLANTS))
@example(np.full((30, 3), 255, np.uint8), 0.9)
@example(np.full((30, 3), 255, np.uint8), -0.3)
def test_the_energy_is_that_of_the_profile_of_the_sheared_ink(ink, slant):
    assert _profile_energy(ink, slant) == energy(ink, slant)


@given(BINARY.filter(lambda ink: ink.any()))
def test_the_slant_is_the_one_with_the_most_energy_less_a_tenth_for_each_unit_of_slant(ink):
    scores = [energy(ink, slant) * (1 - 0.1 * abs(slant)) for slant in SLANTS]
    assert scores[int(np.argmin(np.abs(np.array(SLANTS) - estimate_slant([mark(ink)]))))] == pytest.approx(max(scores))


@pytest.mark.parametrize(("upright_energy", "slant"), [(0.905, 0.9), (0.915, 0.0)])
def test_a_slant_of_nine_tenths_must_have_more_energy_than_none(monkeypatch, upright_energy, slant):
    """At a tenth for each unit of slant, nine tenths cost 9 percent."""
    energies = {0.0: upright_energy, 0.9: 1.0}
    monkeypatch.setattr(slant_module, "_profile_energy", lambda _, slant: energies.get(abs(round(slant, 6)), 0.5))
    assert estimate_slant([mark(np.full((40, 9), 255, np.uint8))]) == pytest.approx(slant, abs=1e-9)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"max_slant": 0.5}, 0.45),
        ({"max_slant": 0.0}, 0.0),
        ({"max_slant": 1.2}, 1.2),
        ({"max_slant": 1.1, "step": 0.1}, 1.1),
        ({"step": 1.0}, 0.0),
        ({"min_slant": -2.0, "max_slant": 2.0, "step": 0.4}, 1.2),
    ],
)
def test_the_slants_compared_are_multiples_of_the_step_within_the_limits(options, found):
    leaning = np.rint(sheared(np.full((40, 4), 255, np.uint8), -1.1 if found == 1.1 else -1.2, 60)).astype(np.uint8)
    assert estimate_slant([mark(leaning)], SlantParams(slant_cost=0.0, **options)) == found
    mirrored = SlantParams(slant_cost=0.0, min_slant=-options.get("max_slant", 0.9), max_slant=0.3, step=options.get("step", 0.15))
    assert estimate_slant([mark(leaning[:, ::-1].copy())], mirrored) == -found


def test_of_equally_good_slants_the_most_upright_is_taken_and_then_the_one_to_the_right(monkeypatch):
    ink = mark(np.full((40, 9), 255, np.uint8))
    monkeypatch.setattr(slant_module, "_profile_energy", lambda _, slant: 1.0 if slant else 0.0)
    assert estimate_slant([ink], SlantParams(slant_cost=0.0)) == 0.15
    assert estimate_slant([ink], SlantParams(slant_cost=0.0, max_slant=0.0)) == -0.15


def test_a_diagonal_becomes_one_column():
    diagonal = np.flipud(np.eye(10, dtype=np.uint8)) * 255  # leans to the right by one pixel per pixel upwards
    assert _profile_energy(diagonal, 1.0) == 100
    assert _profile_energy(diagonal, 0.0) == 10
    assert _profile_energy(diagonal, -1.0) == 10
    assert _profile_energy(np.fliplr(diagonal), -1.0) == 100


@pytest.mark.parametrize("slant", [-1.0, 1.0])
def test_no_ink_is_lost_at_the_sides_of_the_sheared_picture(slant):
    """A square of 6 px becomes a parallelogram with columns of 1, 2, 3, 4, 5, 6, 5, 4, 3, 2 and 1 pixels."""
    assert _profile_energy(np.full((6, 6), 255, np.uint8), slant) == 36 + 2 * (1 + 4 + 9 + 16 + 25)


def test_levels_up_to_the_ink_level_are_no_ink():
    assert _profile_energy(np.full((5, 3), 96, np.uint8), 0.0) == 0
    assert _profile_energy(np.full((5, 3), 97, np.uint8), 0.0) == 75


@pytest.mark.parametrize("slant", [0.3, 0.6])
def test_marks_apart_count_as_the_line_that_they_form(slant):
    whole = bars(slant)
    parts = [Mark(whole.ink[:, x : x + 60], Box(x + 7, 5, min(60, 260 - x), 100), 0, None) for x in range(0, 260, 60)]
    assert estimate_slant(parts) == estimate_slant(parts[::-1]) == estimate_slant([whole])


def test_enlarged_writing_has_the_same_slant():
    ink = (np.random.default_rng(0).random((40, 30)) < 0.3).astype(np.uint8) * 255
    for factor in (2, 3, 5):
        assert estimate_slant([mark(np.kron(ink, np.ones((factor, factor), np.uint8)))]) == estimate_slant([mark(ink)])


def test_a_disc_has_no_slant_and_the_input_stays():
    disc = cv2.circle(np.zeros((61, 61), np.uint8), (30, 30), 28, 255, -1)
    before = disc.copy()
    assert estimate_slant([mark(disc)]) == 0
    assert (disc == before).all()


def test_strokes_too_thin_for_the_working_height_have_no_slant():
    thin = np.zeros((600, 300), np.uint8)
    thin[:, 100:104] = 255  # a quarter of a pixel at a height of 40
    assert estimate_slant([mark(thin)]) == 0
