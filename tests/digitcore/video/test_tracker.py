import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitcore.recognition.normalization import crop_to_ink
from digitcore.results import Digit
from digitcore.video.track import (
    FUSION_TIME_CONSTANT_S,
    MAX_TENTATIVE_TIME_S,
    MIN_CHANGE_CONFIDENCE,
    MIN_CONFIRMATION_DETECTIONS,
    MIN_CONFIRMATION_TIME_S,
    Track,
)
from digitcore.video.tracker import MAX_MISSED_TIME_S, Tracker
from synthetic.hands import strokes, write

FRAME_S = 0.05


LOCKED = max(MIN_CONFIRMATION_DETECTIONS, round(MIN_CONFIRMATION_TIME_S / FRAME_S) + 1)
"""So many frames lock a sure mark."""


def ink_of(label):
    """A digit about as the network sees it."""
    drawn = crop_to_ink(write(np.zeros((60, 60), np.uint8), strokes(label), (10, 10), 20, 2))
    picture, (height, width) = np.zeros((28, 28), np.uint8), drawn.shape
    top, left = (28 - height) // 2, (28 - width) // 2
    picture[top : top + height, left : left + width] = drawn
    return picture


def spread(label, confidence):
    """Probabilities with so much for one digit, and the rest for all others alike."""
    probabilities = np.full(10, (1 - confidence) / 9, np.float32)
    probabilities[label] = confidence
    return probabilities


def mark(label=3, at_xy=(100, 100), *, confidence=0.99, accepted=True, line=0, ink=None, probabilities=None):
    """A mark as one frame has it: 24×40 px, its middle at `at_xy`."""
    return Digit(
        label=label,
        confidence=confidence,
        probabilities=spread(label, confidence) if probabilities is None else probabilities,
        digit_score=0.9,
        accepted=accepted,
        reason="",
        box_xywh=(round(at_xy[0]) - 12, round(at_xy[1]) - 20, 24, 40),
        line=line,
        model_input=ink_of(label) if ink is None else ink,
    )


class Watch:
    """A tracker that sees frame after frame."""

    def __init__(self):
        self.tracker, self.now_s = Tracker(), 0.0

    def see(self, *frames, frame_s=FRAME_S):
        """What is said after each of these frames; each is a list of marks."""
        said = []
        for marks in frames:
            self.tracker.update(marks, self.now_s)
            said.append("".join(str(digit.label) for digit in self.tracker.digits()))
            self.now_s += frame_s
        return said

    def ids(self):
        return sorted(track.track_id for track in self.tracker.tracks)


@pytest.fixture
def watch():
    return Watch()


def test_without_marks_nothing_is_said(watch):
    assert watch.see([], []) == ["", ""]
    assert watch.tracker.tracks == []


def test_a_sure_mark_is_said_once_it_was_seen_for_long_enough(watch):
    assert watch.see(*[[mark(3)]] * (LOCKED + 2)) == [""] * (LOCKED - 1) + ["3"] * 3


def test_a_sure_mark_is_said_once_it_was_seen_often_enough(watch):
    assert watch.see(*[[mark(3)]] * (MIN_CONFIRMATION_DETECTIONS + 1), frame_s=0.15) == [""] * (MIN_CONFIRMATION_DETECTIONS - 1) + [
        "3",
        "3",
    ]


def test_a_mark_seen_twice_is_never_said(watch):
    assert set(watch.see(*[[mark(3)]] * 2, *[[]] * 20)) == {""}
    assert watch.tracker.tracks == []


def test_an_unsure_mark_is_said_late_and_with_its_doubt(watch):
    frames = round(MAX_TENTATIVE_TIME_S / FRAME_S)
    said = watch.see(*[[mark(3, confidence=0.5)]] * (frames + 2))
    assert said[: frames - 1] == [""] * (frames - 1)
    assert said[-1] == "3"
    (digit,) = watch.tracker.digits()
    assert digit.accepted
    assert digit.reason != ""
    assert digit.confidence == pytest.approx(0.5, abs=0.01)


def test_a_sure_digit_has_no_doubt(watch):
    watch.see(*[[mark(3)]] * LOCKED)
    (digit,) = watch.tracker.digits()
    assert (digit.label, digit.accepted, digit.reason) == (3, True, "")
    assert digit.confidence == pytest.approx(0.99, abs=1e-4)


def test_a_refused_mark_is_never_said(watch):
    assert set(watch.see(*[[mark(3, accepted=False)]] * 40)) == {""}


def test_a_digit_that_is_refused_now_and_then_stays(watch):
    watch.see(*[[mark(3)]] * 20)
    assert set(watch.see(*[[mark(3, accepted=index % 3 == 0)] for index in range(60)])) == {"3"}


def test_a_mark_that_is_a_digit_now_and_then_only_is_none(watch):
    assert set(watch.see(*[[mark(3, accepted=index % 3 == 2)] for index in range(60)])) == {""}


def test_a_digit_that_is_refused_for_good_goes(watch):
    watch.see(*[[mark(3)]] * 20)
    said = watch.see(*[[mark(3, accepted=False)]] * 30)
    assert (said[0], said[-1]) == ("3", "")


def test_a_locked_digit_isnt_changed_by_a_few_others(watch):
    ink = ink_of(3)
    watch.see(*[[mark(3)]] * 10)
    assert set(watch.see(*[[mark(8, ink=ink)]] * 3, [mark(3)], *[[mark(8, ink=ink)]] * 3)) == {"3"}


def test_a_locked_digit_isnt_changed_by_others_that_arent_sure(watch):
    watch.see(*[[mark(3)]] * 10)
    assert set(watch.see(*[[mark(8, ink=ink_of(3), confidence=MIN_CHANGE_CONFIDENCE - 0.05)]] * 60)) == {"3"}


def test_a_locked_digit_that_is_surely_another_for_long_enough_is_the_other_after_a_silence(watch):
    watch.see(*[[mark(3)]] * 10)
    assert watch.see(*[[mark(8, ink=ink_of(3))]] * 10) == ["3"] * 3 + [""] * (LOCKED - 1) + ["8"] * (8 - LOCKED)


def test_other_ink_at_the_same_place_is_another_mark_from_the_second_sighting(watch):
    watch.see(*[[mark(0)]] * 20)
    assert watch.see(*[[mark(7)]] * 10) == ["0"] + [""] * (LOCKED - 1) + ["7"] * (10 - LOCKED)
    (digit,) = watch.tracker.digits()
    assert digit.confidence == pytest.approx(0.99, abs=1e-4), "what was said of the 0 still counts"


def test_other_ink_of_the_same_digit_is_another_mark(watch):
    watch.see(*[[mark(0)]] * 20)
    assert "" in watch.see(*[[mark(0, ink=ink_of(7))]] * 3)


def test_one_frame_of_other_ink_changes_nothing(watch):
    watch.see(*[[mark(0)]] * 10)
    assert set(watch.see([mark(7)], *[[mark(0)]] * 5, [mark(7)], *[[mark(0)]] * 5, [mark(7)], [mark(0)], [mark(7)])) == {"0"}


def test_ink_that_changes_little_by_little_stays_the_same_mark(watch):
    first, last = (ink_of(label).astype(float) for label in (0, 7))
    steps = [(first + share * (last - first)).astype(np.uint8) for share in np.linspace(0, 1, 60)]
    watch.see(*[[mark(0)]] * 10)
    assert set(watch.see(*[[mark(0, ink=ink)] for ink in steps])) == {"0"}


def test_a_digit_that_isnt_seen_for_a_moment_stays(watch):
    hidden = int(MAX_MISSED_TIME_S / FRAME_S) - 1
    watch.see(*[[mark(3)]] * 10)
    assert set(watch.see(*[[]] * hidden, [mark(3)])) == {"3"}
    assert watch.ids() == [1]


def test_a_digit_that_isnt_seen_any_more_goes(watch):
    watch.see(*[[mark(3)]] * 10)
    said = watch.see(*[[]] * 10)
    assert said == ["3"] * (round(MAX_MISSED_TIME_S / FRAME_S) - 1) + [""] * (10 - round(MAX_MISSED_TIME_S / FRAME_S) + 1)


def test_a_covered_digit_moves_with_the_others(watch):
    row = [mark(label, (60 + 50 * place, 100)) for place, label in enumerate((3, 1, 4))]
    watch.see(*[row] * 10)
    moved = [mark(label, (60 + 50 * place + 30, 110)) for place, label in enumerate((3, 1, 4))]
    assert watch.see([moved[0], moved[2]]) == ["314"]
    assert watch.tracker.digits()[1].box_xywh == moved[1].box_xywh
    assert watch.see(moved) == ["314"]
    assert watch.ids() == [1, 2, 3]


def test_marks_keep_their_identity_while_the_camera_trembles(watch):
    rng = np.random.default_rng(3)
    for _ in range(60):
        x, y = rng.uniform(-20, 20, 2)
        marks = [mark(label, (100 + 45 * place + x, 100 + y)) for place, label in enumerate((2, 7, 1, 8))]
        said = watch.see([marks[place] for place in rng.permutation(4)])
    assert said == ["2718"]
    assert watch.ids() == [1, 2, 3, 4]


def test_a_mark_that_comes_has_a_number_of_its_own(watch):
    watch.see(*[[mark(3)]] * 10, *[[]] * 10, *[[mark(3)]] * 2, [mark(3), mark(5, (300, 100))])
    assert watch.ids() == [2, 3]


def test_of_marks_that_cover_each_other_the_one_seen_more_is_said(watch):
    whole, part = mark(8, (100, 100)), mark(1, (106, 104))
    watch.see(*[[whole]] * 10)
    assert set(watch.see(*[[part, whole], [whole, part]] * 5)) == {"8"}
    assert len(watch.tracker.tracks) == 2


def test_marks_that_touch_are_both_said(watch):
    assert watch.see(*[[mark(8, (100, 100)), mark(1, (115, 100))]] * LOCKED)[-1] == "81"


def line_of(text, y, *, line, rise_px=0):
    return [mark(int(digit), (100 + 60 * place, y + rise_px * place), line=line) for place, digit in enumerate(text)]


def lines_said(watch):
    digits = watch.tracker.digits()
    return ["".join(str(digit.label) for digit in digits if digit.line == number) for number in range(digits[-1].line + 1)]


@settings(deadline=None)
@given(st.permutations(range(6)), st.integers(0, 2**32 - 1))
def test_digits_come_line_by_line_from_the_left_whatever_the_order_of_the_marks(order, seed):
    rng = np.random.default_rng(seed)
    places = [(100, 100), (160, 110), (230, 95), (90, 200), (150, 190), (400, 205)]
    watch = Watch()
    for _ in range(LOCKED):
        sway = rng.uniform(-4, 4, (6, 2))
        marks = [
            mark(label, np.array(place) + sway[label], line=7 - label // 3)  # a reading's own numbers of lines mean nothing
            for label, place in enumerate(places)
        ]
        watch.see([marks[place] for place in order])
    digits = watch.tracker.digits()
    assert [digit.label for digit in digits] == [0, 1, 2, 3, 4, 5]
    assert [digit.line for digit in digits] == [0, 0, 0, 1, 1, 1]


def test_a_covered_digit_stays_in_its_line_when_the_lines_are_counted_anew(watch):
    watch.see(*[line_of("123", 100, line=0) + line_of("456", 200, line=1)] * 10)
    first, _, last = line_of("456", 200, line=3)
    watch.see([*line_of("123", 100, line=1), first, last])
    assert lines_said(watch) == ["123", "456"]


def test_a_covered_line_stays_a_line_when_those_below_are_counted_anew(watch):
    watch.see(*[line_of("123", 100, line=0) + line_of("456", 200, line=1)] * 10)
    watch.see(line_of("456", 200, line=0))
    assert lines_said(watch) == ["123", "456"]


def test_covered_digits_stay_in_a_line_that_slopes(watch):
    slope = line_of("1234", 100, line=0, rise_px=14)
    watch.see(*[slope] * 10)
    watch.see(slope[:2])
    assert lines_said(watch) == ["1234"]


def test_the_list_of_tracks_is_the_askers_own(watch):
    watch.see([mark(3)])
    watch.tracker.tracks.clear()
    assert watch.ids() == [1]


unsure = st.tuples(st.integers(0, 9), st.floats(0.1, 0.85)).map(lambda said: spread(*said))
any_answer = st.one_of(
    unsure, st.just(spread(4, 1.0)), st.lists(st.floats(0.01, 1), min_size=10, max_size=10).map(np.array).map(lambda p: p / p.sum())
)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.02, 0.3), any_answer), min_size=1, max_size=30))
def test_fused_probabilities_are_the_weighted_mean_of_all_logarithms(sightings):
    times_s = np.cumsum([step_s for step_s, _ in sightings])
    answers = np.array([answer for _, answer in sightings])
    track = None
    for now_s, answer in zip(times_s, answers, strict=True):
        seen = mark(3, confidence=0.5, probabilities=answer.astype(np.float32))
        if track is None:
            track = Track(1, now_s, seen)
        else:
            track.update(seen, now_s)
    weights = np.exp((times_s - times_s[-1]) / FUSION_TIME_CONSTANT_S)
    means = weights @ np.log(np.maximum(answers, 1e-6)) / weights.sum()
    expected = np.exp(means) / np.exp(means).sum()
    assert track.prediction.probabilities == pytest.approx(expected, abs=1e-5)
    assert math.isclose(track.prediction.probabilities.sum(), 1, abs_tol=1e-5)
    assert track.fused_digit().confidence == pytest.approx(expected[track.fused_digit().label], abs=1e-5)


def test_a_locked_digit_keeps_its_label_whatever_is_likeliest_now(watch):
    watch.see(*[[mark(3)]] * 10, *[[mark(8, ink=ink_of(3), confidence=0.85)]] * 60)
    (digit,) = watch.tracker.digits()
    assert (digit.label, digit.reason) == (3, "")
    assert digit.confidence == digit.probabilities[3] < digit.probabilities[8]
