import csv
import threading
import time
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest

from digitcore import Settings
from digitcore.video import LiveReader
from digitcore.video.log import LOG_INTERVAL_S
from digitcore.video.reader import MAX_FRAME_SIDE_PX
from synthetic.paper import Scene, photograph
from synthetic.video import FRAMES_PER_SECOND, STILL, Shake, number_page, numbers_in_turn, shaken

LOCK_WITHIN_S = 0.7
CHANGE_WITHIN_S = 1.0

SCENES = {
    "pen on paper": ("5071", Scene(), Shake()),
    "chalk on a board, shaken": ("28", Scene(paper_rgb=(40, 60, 50), ink_rgb=(225, 228, 220), noise=6), Shake(jitter_px=12.0)),
    "squared paper, uneven light": ("639", Scene(ruling="squared", light_fall=0.5), Shake()),
}


@pytest.fixture
def reader(classifier):
    return LiveReader(classifier=classifier)


class Watching:
    """A reader before a stream of so many frames a second."""

    def __init__(self, reader):
        self.reader, self.now_s, self.shown = reader, 0.0, None

    def see(self, frames):
        """The text after each of these frames."""
        texts = []
        for frame in frames:
            self.shown = self.reader.process(frame, now_s=self.now_s)
            texts.append(self.reader.view.reading.text)
            self.now_s += 1 / FRAMES_PER_SECOND
        return texts


@pytest.fixture
def watching(reader):
    return Watching(reader)


@pytest.fixture(scope="module")
def blank():
    return list(shaken(number_page(""), 0.5, STILL, 1))


@pytest.fixture(scope="module")
def still():
    """A second of 507."""
    return list(shaken(number_page("507"), 1, STILL, 1))


def changes(texts):
    return sum(before != after for before, after in pairwise(texts))


@pytest.mark.parametrize("scene", SCENES)
def test_a_number_before_a_shaken_camera_is_read_soon_and_steadily(watching, scene):
    text, paper, shake = SCENES[scene]
    texts = watching.see(shaken(number_page(text, scene=paper), 4, shake, 7))
    first = next(index for index, each in enumerate(texts) if each)
    assert texts.index(text) / FRAMES_PER_SECOND <= LOCK_WITHIN_S
    assert texts[first:].count(text) >= 0.97 * len(texts[first:])
    assert changes(texts[first:]) <= 1


def test_before_it_is_sure_nothing_is_said(watching, still):
    watching.see(still[:2])
    view = watching.reader.view
    assert (view.reading.text, view.reading.digits) == ("", [])
    assert (view.annotated == view.picture).all()


def test_a_new_number_is_read_within_a_second_and_no_mixture_before(watching):
    texts = watching.see(numbers_in_turn(["507", "42"], 2))
    assert "42" in texts[: round((2 + CHANGE_WITHIN_S) * FRAMES_PER_SECOND)]
    assert texts[-1] == "42"
    assert set(texts) <= {"", "507", "42"}
    assert [entry.text for entry in watching.reader.log.entries] == ["507", "42"]


def test_a_number_that_is_taken_away_is_gone_within_a_second(watching, still, blank):
    watching.see(still)
    texts = watching.see(blank * 2)
    assert texts[0] == "507"
    assert texts[-1] == ""
    assert watching.reader.view.reading.status == "blank"


def test_a_number_seen_for_two_frames_is_never_shown(watching, still, blank):
    assert set(watching.see([*blank, *still[:2]])) == {""}
    assert (watching.shown == still[1]).all()
    assert set(watching.see(blank)) == {""}
    assert watching.reader.log.entries == ()


def test_a_mark_beside_a_number_for_two_frames_is_never_shown(watching, still):
    watching.see(still)
    passing = [frame.copy() for frame in still[:2]]
    for frame in passing:
        frame[340:460, 300:310] = 40
    assert set(watching.see([*passing, *still])) == {"507"}


def test_what_is_shown_has_boxes_where_the_digits_are(watching, still):
    watching.see(still)
    view = watching.reader.view
    assert view.reading.status == "ok"
    assert [(digit.label, digit.line, digit.accepted) for digit in view.reading.digits] == [(5, 0, True), (0, 0, True), (7, 0, True)]
    assert watching.shown is view.annotated
    drawn = (view.annotated != view.picture).any(axis=2)
    for digit in view.reading.digits:
        x, y, width, height = digit.box_xywh
        assert (still[-1][y : y + height, x : x + width].min(), still[-1].min()) == pytest.approx((40, 40), abs=25)
        assert 80 < height < 120
        assert drawn[y - 4 : y + height + 4, x - 4 : x + width + 4].any()
    assert not drawn[-40:].any()


def test_the_log_is_of_new_numbers_with_time_and_the_least_confidence(watching, still):
    before, rest = datetime.now(UTC), iter(still * 2)
    while not watching.reader.log.entries:
        watching.see([next(rest)])
    confidences = [digit.confidence for digit in watching.reader.view.reading.digits]
    watching.see(rest)
    (entry,) = watching.reader.log.entries
    assert entry.text == "507"
    assert before <= entry.at <= datetime.now(UTC)
    assert entry.confidence == min(confidences) < max(confidences)


def test_by_time_the_log_has_a_reading_every_two_seconds(watching, still):
    watching.reader.log.periodic = True
    watching.see(still * 5)
    rows = list(csv.DictReader(watching.reader.log.to_csv().splitlines()))
    assert [row["text"] for row in rows] == ["507"] * (1 + int(4.5 / LOG_INTERVAL_S))


def test_hold_freezes_picture_and_reading_while_frames_are_counted_on(watching, still):
    watching.see(still)
    held = watching.reader.view
    watching.reader.freeze()
    texts = watching.see(shaken(number_page("42"), 1, Shake(), 2))
    view = watching.reader.view
    assert set(texts) == {"507"}
    assert (view.reading, view.picture, view.annotated) == (held.reading, held.picture, held.annotated)
    assert watching.shown is held.annotated
    assert view.stats.frames == held.stats.frames + len(texts)
    assert view.time_s == pytest.approx(watching.now_s - 1 / FRAMES_PER_SECOND)
    assert [entry.text for entry in watching.reader.log.entries] == ["507"]


def test_go_on_reads_anew(watching, still):
    watching.see(still)
    watching.reader.freeze()
    watching.see(still[:5])
    watching.reader.resume()
    other = list(shaken(number_page("42"), CHANGE_WITHIN_S, Shake(), 2))
    watching.see(other[:1])
    assert (watching.shown == other[0]).all(), "marks from before the hold are still shown"
    assert watching.see(other[1:])[-1] == "42"


def test_hold_before_any_frame_holds_the_first(reader, still):
    reader.freeze()
    first = reader.process(still[0], now_s=0.0)
    assert (first == still[0]).all()
    assert reader.process(still[1], now_s=0.05) is first


def test_views_that_somebody_keeps_never_change(watching, still):
    def told(view):
        return (
            *(view.reading.to_dict(), view.reading.status, view.reading.size_wh, view.stats, view.time_s),
            *(view.picture.tobytes(), view.annotated.tobytes(), [digit.model_input.tobytes() for digit in view.reading.digits]),
        )

    kept = []
    for frame in [*still[::2], *shaken(number_page("42"), 0.5, Shake(), 2)]:
        watching.see([frame])
        kept.append((watching.reader.view, told(watching.reader.view)))
    watching.reader.freeze()
    watching.see(still[:2])
    watching.reader.resume()
    watching.see(still[:2])
    assert len({id(view) for view, _ in kept}) == len(kept)
    assert all(told(view) == before for view, before in kept)


def test_frames_are_never_written_to(watching, still):
    frames = [frame.copy() for frame in still]
    for frame in frames:
        frame.setflags(write=False)
    assert watching.see(frames)[-1] == "507"


KINDS = {"grey": (), "RGB": (3,), "RGBA": (4,)}
SMALL = [(1, 1), (5, 3), (3, 5), (8, 8), (17, 64), (64, 17), (79, 161)]


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        *((shape, kind) for shape in SMALL for kind in KINDS),
        ((640, 17), "RGB"),
        ((17, 640), "grey"),
        ((4, 2000), "RGB"),
        ((3000, 4000), "RGB"),
    ],
    ids=str,
)
def test_frames_of_any_size_are_shown(watching, shape, kind):
    noise = np.random.default_rng(5).integers(0, 256, (*shape, *KINDS[kind]), np.uint8)
    watching.see([noise, np.zeros_like(noise), np.full_like(noise, 255)])
    assert watching.shown.dtype == np.uint8
    height, width, depth = watching.shown.shape
    assert depth == 3
    assert max(height, width) <= MAX_FRAME_SIDE_PX
    assert watching.reader.view.reading.size_wh == (width, height)
    if min(shape) >= 8 and max(shape) <= MAX_FRAME_SIDE_PX:
        assert (height, width) == shape


@pytest.mark.parametrize("level", [0, 255])
def test_one_grey_all_over_is_blank(watching, level):
    frame = np.full((480, 640, 3), level, np.uint8)
    assert set(watching.see([frame] * 15)) == {""}
    assert watching.reader.view.reading.status == "blank"
    assert (watching.shown == frame).all()


def test_paper_without_digits_is_not_called_blank(watching, blank):
    scribbled = blank[0].copy()
    scribbled[200:206, 100:500] = 40
    watching.see([scribbled] * 15)
    assert (watching.reader.view.reading.status, watching.reader.view.reading.text) == ("no_digit", "")


def test_grey_frames_and_those_with_alpha_are_read_like_others(classifier, still):
    grey = [frame[..., 1] for frame in still]
    alpha = [np.dstack([frame, np.full(frame.shape[:2], 255, np.uint8)]) for frame in still]
    assert [Watching(LiveReader(classifier=classifier)).see(frames)[-1] for frames in (grey, alpha)] == ["507", "507"]


def test_a_phone_that_is_turned_goes_on_reading(watching, still):
    upright = list(shaken(photograph("42", "round", (480, 640), 120, Scene(), 1), 1, STILL, 1))
    assert watching.see(upright)[-1] == "42"
    assert watching.shown.shape == (640, 480, 3)
    texts = watching.see(still)
    assert watching.shown.shape == (480, 640, 3)
    assert set(texts) <= {"42", "", "507"}
    assert texts[-1] == "507"
    assert watching.see(upright)[-1] == "42"


def test_large_frames_are_reduced_and_read(watching):
    large = photograph("639", "round", (1920, 1440), 300, Scene(), 1)
    assert watching.see([large] * 12)[-1] == "639"
    view = watching.reader.view
    assert watching.shown.shape == view.picture.shape == (720, 960, 3)
    assert view.reading.size_wh == (960, 720)
    assert all(110 < digit.box_xywh[3] < 200 for digit in view.reading.digits)


@pytest.mark.parametrize(
    "frame",
    [np.zeros((48, 64), np.float32), np.zeros((1080, 1920, 3), np.float32), np.zeros((48, 64, 2), np.uint8), np.zeros(64, np.uint8)],
    ids=lambda frame: f"{frame.dtype} {frame.shape}",
)
def test_what_is_no_frame_is_a_wrong_call(reader, frame):
    with pytest.raises(ValueError, match="expected bytes or uint8"):
        reader.process(frame)
    assert reader.view is None


def test_settings_are_those_that_were_given(classifier, still):
    watching = Watching(LiveReader(Settings(polarity="light_ink"), classifier))
    assert set(watching.see(still)) == {""}


def test_the_time_is_now_unless_told(reader, still):
    before = time.monotonic()
    reader.process(still[0])
    assert before <= reader.view.time_s <= time.monotonic()


def test_the_streams_numbers_are_told(reader, still):
    for index, frame in enumerate(still):
        late_s = 0.3 if index == len(still) - 1 else 0.0
        reader.process(frame, now_s=100 + index / FRAMES_PER_SECOND + late_s, captured_s=index / FRAMES_PER_SECOND, dropped=index % 2)
    stats = reader.view.stats
    assert (stats.frames, stats.dropped) == (20, 10)
    assert stats.frames_per_second == pytest.approx(19 / (0.95 + 0.3), rel=0.4)
    assert stats.processing_ms > 0
    assert stats.delay_ms >= 290


def test_holding_and_going_on_from_another_thread_disturbs_no_frame(watching, still):
    done = threading.Event()

    def press():
        while not done.wait(0.002):
            watching.reader.freeze()
            watching.reader.resume()

    thread = threading.Thread(target=press)
    thread.start()
    try:
        watching.see(still)
    finally:
        done.set()
        thread.join()
    assert watching.reader.view.stats.frames == len(still)
    assert watching.see(still)[-1] == "507"
