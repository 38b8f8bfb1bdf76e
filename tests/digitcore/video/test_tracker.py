import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.video.track import (
    MAX_TENTATIVE_TIME_S,
    MIN_CHANGE_CONFIDENCE,
    MIN_CONFIRMATION_DETECTIONS,
    MIN_CONFIRMATION_TIME_S,
)
from digitcore.video.tracker import MAX_MISSED_TIME_S, Tracker
from testing.detections import detection, draw_ink
from tests.properties import given, settings

FRAME_S = 0.05


CONFIRMATION_FRAMES = max(MIN_CONFIRMATION_DETECTIONS, round(MIN_CONFIRMATION_TIME_S / FRAME_S) + 1)
"""The number of frames after which a certain mark is confirmed."""


class Feed:
    """Feeds a tracker with frames at a fixed rate."""

    def __init__(self):
        self.tracker, self.now_s = Tracker(), 0.0

    def update(self, *frames, frame_s=FRAME_S):
        """Update the tracker with the marks of each frame, and return the text after each."""
        texts = []
        for marks in frames:
            self.tracker.update(marks, self.now_s)
            texts.append("".join(str(digit.label) for digit in self.tracker.digits()))
            self.now_s += frame_s
        return texts

    def ids(self):
        return sorted(track.track_id for track in self.tracker.tracks)


@pytest.fixture
def feed():
    return Feed()


def test_without_marks_there_are_no_tracks(feed):
    assert feed.update([], []) == ["", ""]
    assert feed.tracker.tracks == []


def test_a_certain_mark_is_confirmed_after_a_time(feed):
    assert feed.update(*[[detection(3)]] * (CONFIRMATION_FRAMES + 2)) == [""] * (CONFIRMATION_FRAMES - 1) + ["3"] * 3


def test_a_certain_mark_is_confirmed_after_a_number_of_detections(feed):
    assert feed.update(*[[detection(3)]] * (MIN_CONFIRMATION_DETECTIONS + 1), frame_s=0.15) == [""] * (MIN_CONFIRMATION_DETECTIONS - 1) + [
        "3",
        "3",
    ]


def test_a_mark_detected_twice_is_never_shown(feed):
    assert set(feed.update(*[[detection(3)]] * 2, *[[]] * 20)) == {""}
    assert feed.tracker.tracks == []


def test_an_uncertain_mark_is_shown_late_and_with_a_reason(feed):
    frames = round(MAX_TENTATIVE_TIME_S / FRAME_S)
    texts = feed.update(*[[detection(3, confidence=0.5)]] * (frames + 2))
    assert texts[: frames - 1] == [""] * (frames - 1)
    assert texts[-1] == "3"
    (digit,) = feed.tracker.digits()
    assert digit.accepted
    assert digit.reason != ""
    assert digit.confidence == pytest.approx(0.5, abs=0.01)


def test_a_confirmed_digit_has_no_reason(feed):
    feed.update(*[[detection(3)]] * CONFIRMATION_FRAMES)
    (digit,) = feed.tracker.digits()
    assert (digit.label, digit.accepted, digit.reason) == (3, True, "")
    assert digit.confidence == pytest.approx(0.99, abs=1e-4)


def test_a_refused_mark_is_never_shown(feed):
    assert set(feed.update(*[[detection(3, accepted=False)]] * 40)) == {""}


def test_a_digit_refused_in_some_frames_stays(feed):
    feed.update(*[[detection(3)]] * 20)
    assert set(feed.update(*[[detection(3, accepted=index % 3 == 0)] for index in range(60)])) == {"3"}


def test_a_mark_accepted_in_a_third_of_the_frames_is_not_shown(feed):
    assert set(feed.update(*[[detection(3, accepted=index % 3 == 2)] for index in range(60)])) == {""}


def test_a_digit_that_is_refused_from_now_on_disappears(feed):
    feed.update(*[[detection(3)]] * 20)
    texts = feed.update(*[[detection(3, accepted=False)]] * 30)
    assert (texts[0], texts[-1]) == ("3", "")


def test_a_confirmed_label_is_not_changed_by_a_few_others(feed):
    ink = draw_ink(3)
    feed.update(*[[detection(3)]] * 10)
    assert set(feed.update(*[[detection(8, ink=ink)]] * 3, [detection(3)], *[[detection(8, ink=ink)]] * 3)) == {"3"}


def test_a_confirmed_label_is_not_changed_by_uncertain_others(feed):
    feed.update(*[[detection(3)]] * 10)
    assert set(feed.update(*[[detection(8, ink=draw_ink(3), confidence=MIN_CHANGE_CONFIDENCE - 0.05)]] * 60)) == {"3"}


def test_a_confirmed_label_is_replaced_by_another_that_is_certain_for_long_enough(feed):
    feed.update(*[[detection(3)]] * 10)
    texts = feed.update(*[[detection(8, ink=draw_ink(3))]] * 10)
    assert texts == ["3"] * 3 + [""] * (CONFIRMATION_FRAMES - 1) + ["8"] * (8 - CONFIRMATION_FRAMES)


def test_other_ink_at_the_same_position_is_another_mark_from_the_second_detection(feed):
    feed.update(*[[detection(0)]] * 20)
    assert feed.update(*[[detection(7)]] * 10) == ["0"] + [""] * (CONFIRMATION_FRAMES - 1) + ["7"] * (10 - CONFIRMATION_FRAMES)
    (digit,) = feed.tracker.digits()
    assert digit.confidence == pytest.approx(0.99, abs=1e-4), "predictions for the 0 are still fused"


def test_other_ink_of_the_same_digit_is_another_mark(feed):
    feed.update(*[[detection(0)]] * 20)
    assert "" in feed.update(*[[detection(0, ink=draw_ink(7))]] * 3)


def test_a_single_frame_of_other_ink_changes_nothing(feed):
    zero, seven = [detection(0)], [detection(7)]
    feed.update(*[zero] * 10)
    assert set(feed.update(seven, *[zero] * 5, seven, *[zero] * 5, seven, zero, seven)) == {"0"}


def test_ink_that_changes_slowly_stays_the_same_mark(feed):
    first, last = (draw_ink(label).astype(float) for label in (0, 7))
    steps = [(first + share * (last - first)).astype(np.uint8) for share in np.linspace(0, 1, 60)]
    feed.update(*[[detection(0)]] * 10)
    assert set(feed.update(*[[detection(0, ink=ink)] for ink in steps])) == {"0"}


def test_a_digit_missed_for_a_moment_stays(feed):
    hidden = int(MAX_MISSED_TIME_S / FRAME_S) - 1
    feed.update(*[[detection(3)]] * 10)
    assert set(feed.update(*[[]] * hidden, [detection(3)])) == {"3"}
    assert feed.ids() == [1]


def test_a_digit_that_is_no_longer_detected_disappears(feed):
    feed.update(*[[detection(3)]] * 10)
    texts = feed.update(*[[]] * 10)
    assert texts == ["3"] * (round(MAX_MISSED_TIME_S / FRAME_S) - 1) + [""] * (10 - round(MAX_MISSED_TIME_S / FRAME_S) + 1)


def test_a_missed_digit_moves_with_the_others(feed):
    row = [detection(label, (60 + 50 * index, 100)) for index, label in enumerate((3, 1, 4))]
    feed.update(*[row] * 10)
    moved = [detection(label, (60 + 50 * index + 30, 110)) for index, label in enumerate((3, 1, 4))]
    assert feed.update([moved[0], moved[2]]) == ["314"]
    assert feed.tracker.digits()[1].box_xywh == moved[1].box_xywh
    assert feed.update(moved) == ["314"]
    assert feed.ids() == [1, 2, 3]


def test_tracks_keep_their_ids_while_the_camera_shakes(feed):
    rng = np.random.default_rng(3)
    for _ in range(60):
        x, y = rng.uniform(-20, 20, 2)
        marks = [detection(label, (100 + 45 * index + x, 100 + y)) for index, label in enumerate((2, 7, 1, 8))]
        texts = feed.update([marks[index] for index in rng.permutation(4)])
    assert texts == ["2718"]
    assert feed.ids() == [1, 2, 3, 4]


def test_every_track_has_an_id_of_its_own(feed):
    feed.update(*[[detection(3)]] * 10, *[[]] * 10, *[[detection(3)]] * 2, [detection(3), detection(5, (300, 100))])
    assert feed.ids() == [2, 3]


def test_of_overlapping_tracks_the_one_with_more_weight_is_shown(feed):
    whole, part = detection(8, (100, 100)), detection(1, (106, 104))
    feed.update(*[[whole]] * 10)
    assert set(feed.update(*[[part, whole], [whole, part]] * 5)) == {"8"}
    assert len(feed.tracker.tracks) == 2


def test_touching_marks_are_both_shown(feed):
    assert feed.update(*[[detection(8, (100, 100)), detection(1, (115, 100))]] * CONFIRMATION_FRAMES)[-1] == "81"


def line_of(text, y, *, line, rise_px=0):
    return [detection(int(digit), (100 + 60 * index, y + rise_px * index), line=line) for index, digit in enumerate(text)]


def line_texts(feed):
    digits = feed.tracker.digits()
    return ["".join(str(digit.label) for digit in digits if digit.line == number) for number in range(digits[-1].line + 1)]


@settings(deadline=None)
@given(st.permutations(range(6)), st.integers(0, 2**32 - 1))
def test_digits_are_in_reading_order_whatever_the_order_of_the_marks(order, seed):
    rng = np.random.default_rng(seed)
    positions_xy = [(100, 100), (160, 110), (230, 95), (90, 200), (150, 190), (400, 205)]
    feed = Feed()
    for _ in range(CONFIRMATION_FRAMES):
        sway = rng.uniform(-4, 4, (6, 2))
        marks = [
            detection(label, np.array(position_xy) + sway[label], line=7 - label // 3)  # only equality of line numbers matters
            for label, position_xy in enumerate(positions_xy)
        ]
        feed.update([marks[index] for index in order])
    digits = feed.tracker.digits()
    assert [digit.label for digit in digits] == [0, 1, 2, 3, 4, 5]
    assert [digit.line for digit in digits] == [0, 0, 0, 1, 1, 1]


def test_a_missed_digit_stays_in_its_line_when_lines_are_renumbered(feed):
    feed.update(*[line_of("123", 100, line=0) + line_of("456", 200, line=1)] * 10)
    first, _, last = line_of("456", 200, line=3)
    feed.update([*line_of("123", 100, line=1), first, last])
    assert line_texts(feed) == ["123", "456"]


def test_a_missed_line_stays_a_line_when_lines_are_renumbered(feed):
    feed.update(*[line_of("123", 100, line=0) + line_of("456", 200, line=1)] * 10)
    feed.update(line_of("456", 200, line=0))
    assert line_texts(feed) == ["123", "456"]


def test_missed_digits_stay_in_a_sloping_line(feed):
    slope = line_of("1234", 100, line=0, rise_px=14)
    feed.update(*[slope] * 10)
    feed.update(slope[:2])
    assert line_texts(feed) == ["1234"]


def test_the_list_of_tracks_is_a_copy(feed):
    feed.update([detection(3)])
    feed.tracker.tracks.clear()
    assert feed.ids() == [1]


def test_a_confirmed_label_is_kept_whatever_is_likeliest_now(feed):
    feed.update(*[[detection(3)]] * 10, *[[detection(8, ink=draw_ink(3), confidence=0.85)]] * 60)
    (digit,) = feed.tracker.digits()
    assert (digit.label, digit.reason) == (3, "")
    assert digit.confidence == digit.probabilities[3] < digit.probabilities[8]
