import csv
import threading
import time
from datetime import UTC, datetime
from itertools import count, pairwise

import cv2
import numpy as np
import pytest

from digitcore import Settings, WriterProfile, read_image
from digitcore.video import LiveReader
from digitcore.video.log import LOG_INTERVAL_S, MIN_STANDING_TIME_S
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


class Viewer:
    """Feeds a reader with frames at the rate of the synthetic camera."""

    def __init__(self, reader):
        self.reader, self.now_s, self.shown = reader, 0.0, None

    def process(self, frames):
        """Process frames and return the text after each."""
        texts = []
        for frame in frames:
            self.shown = self.reader.process(frame, now_s=self.now_s)
            texts.append(self.reader.view.reading.text)
            self.now_s += 1 / FRAMES_PER_SECOND
        return texts


@pytest.fixture
def viewer(reader):
    return Viewer(reader)


@pytest.fixture(scope="module")
def blank():
    return list(shaken(number_page(""), 0.5, STILL, 1))


@pytest.fixture(scope="module")
def still():
    """A second of 507."""
    return list(shaken(number_page("507"), 1, STILL, 1))


def changes(texts):
    return sum(before != after for before, after in pairwise(texts))


@pytest.mark.slow
@pytest.mark.parametrize(
    "scene", ["pen on paper", *(pytest.param(each, marks=pytest.mark.nightly) for each in SCENES if each != "pen on paper")]
)
def test_a_shaken_camera_reads_a_number_soon_and_without_flicker(viewer, scene):
    text, paper, shake = SCENES[scene]
    texts = viewer.process(shaken(number_page(text, scene=paper), 2.5, shake, 7))
    first = next(index for index, each in enumerate(texts) if each)
    assert texts.index(text) / FRAMES_PER_SECOND <= LOCK_WITHIN_S
    assert texts[first:].count(text) >= 0.97 * len(texts[first:])
    assert changes(texts[first:]) <= 1


def test_nothing_is_shown_before_a_track_is_confirmed(viewer, still):
    viewer.process(still[:2])
    view = viewer.reader.view
    assert (view.reading.text, view.reading.digits) == ("", [])
    assert (view.annotated == view.picture).all()


@pytest.mark.slow
def test_a_number_with_a_point_is_shown_as_it_is_written(viewer):
    page = photograph("25", "round", (480, 300), 120, Scene(), 1)
    first, second = read_image(page).digits
    with_point = page.copy()
    center_xy = (first.box_xywh[0] + first.box_xywh[2] + second.box_xywh[0]) // 2, first.box_xywh[1] + first.box_xywh[3] - 5
    cv2.circle(with_point, center_xy, 6, (30, 30, 34), cv2.FILLED, cv2.LINE_AA)
    texts = viewer.process([with_point] * FRAMES_PER_SECOND)
    assert texts[-1] == "25"
    assert viewer.reader.view.reading.written_text == "2.5"


def test_a_new_number_is_read_within_a_second_and_never_mixed_with_the_old_one(viewer):
    texts = viewer.process(numbers_in_turn(["507", "42"], 2))
    assert "42" in texts[: round((2 + CHANGE_WITHIN_S) * FRAMES_PER_SECOND)]
    assert texts[-1] == "42"
    assert set(texts) <= {"", "507", "42"}
    assert [entry.text for entry in viewer.reader.log.entries] == ["507", "42"]


def test_a_removed_number_disappears_within_a_second(viewer, still, blank):
    viewer.process(still)
    texts = viewer.process(blank * 2)
    assert texts[0] == "507"
    assert texts[-1] == ""
    assert viewer.reader.view.reading.status == "blank"


def test_a_number_in_only_two_frames_is_never_shown(viewer, still, blank):
    assert set(viewer.process([*blank, *still[:2]])) == {""}
    assert (viewer.shown == still[1]).all()
    assert set(viewer.process(blank)) == {""}
    assert viewer.reader.log.entries == ()


def test_a_mark_next_to_a_number_in_only_two_frames_is_never_shown(viewer, still):
    viewer.process(still)
    passing_mark = [frame.copy() for frame in still[:2]]
    for frame in passing_mark:
        frame[340:460, 300:310] = 40
    assert set(viewer.process([*passing_mark, *still])) == {"507"}


def test_boxes_are_drawn_around_the_digits(viewer, still):
    viewer.process(still)
    view = viewer.reader.view
    assert view.reading.status == "ok"
    assert [(digit.label, digit.line, digit.accepted) for digit in view.reading.digits] == [(5, 0, True), (0, 0, True), (7, 0, True)]
    assert viewer.shown is view.annotated
    drawn = (view.annotated != view.picture).any(axis=2)
    for digit in view.reading.digits:
        x, y, width, height = digit.box_xywh
        assert (still[-1][y : y + height, x : x + width].min(), still[-1].min()) == pytest.approx((40, 40), abs=25)
        assert 80 < height < 120
        assert drawn[y - 4 : y + height + 4, x - 4 : x + width + 4].any()
    assert not drawn[-40:].any()


def test_the_log_has_new_numbers_with_time_and_lowest_confidence(viewer, still):
    before, rest = datetime.now(UTC), iter(still * 2)
    while not viewer.reader.log.entries:
        viewer.process([next(rest)])
    confidences = [digit.confidence for digit in viewer.reader.view.reading.digits]
    viewer.process(rest)
    (entry,) = viewer.reader.log.entries
    assert entry.text == "507"
    assert before <= entry.at <= datetime.now(UTC)
    assert entry.confidence == min(confidences) < max(confidences)


def test_in_the_periodic_mode_the_log_has_an_entry_every_two_seconds(viewer, still):
    viewer.reader.log.periodic = True
    viewer.process(still * 3)
    rows = list(csv.DictReader(viewer.reader.log.to_csv().splitlines()))
    assert [row["text"] for row in rows] == ["507"] * (1 + int((2.5 - MIN_STANDING_TIME_S) / LOG_INTERVAL_S))


def test_freeze_keeps_picture_and_reading_while_frames_are_counted(viewer, still):
    viewer.process(still * 2)
    frozen = viewer.reader.view
    viewer.reader.freeze()
    texts = viewer.process(shaken(number_page("42"), 1, Shake(), 2))
    view = viewer.reader.view
    assert set(texts) == {"507"}
    assert (view.reading, view.picture, view.annotated) == (frozen.reading, frozen.picture, frozen.annotated)
    assert viewer.shown is frozen.annotated
    assert view.stats.frames == frozen.stats.frames + len(texts)
    assert view.time_s == pytest.approx(viewer.now_s - 1 / FRAMES_PER_SECOND)
    assert [entry.text for entry in viewer.reader.log.entries] == ["507"]


def test_resume_starts_with_new_tracks(viewer, still):
    viewer.process(still)
    viewer.reader.freeze()
    viewer.process(still[:5])
    viewer.reader.resume()
    other = list(shaken(number_page("42"), CHANGE_WITHIN_S, Shake(), 2))
    viewer.process(other[:1])
    assert (viewer.shown == other[0]).all(), "marks from before the freeze are still shown"
    assert viewer.process(other[1:])[-1] == "42"


def test_freeze_before_the_first_frame_keeps_that_frame(reader, still):
    reader.freeze()
    first = reader.process(still[0], now_s=0.0)
    assert (first == still[0]).all()
    assert reader.process(still[1], now_s=0.05) is first


def test_views_are_never_modified(viewer, still):
    def contents(view):
        return (
            *(view.reading.to_dict(), view.reading.status, view.reading.size_wh, view.stats, view.time_s),
            *(view.picture.tobytes(), view.annotated.tobytes(), [digit.model_input.tobytes() for digit in view.reading.digits]),
        )

    kept = []
    for frame in [*still[::2], *shaken(number_page("42"), 0.5, Shake(), 2)]:
        viewer.process([frame])
        kept.append((viewer.reader.view, contents(viewer.reader.view)))
    viewer.reader.freeze()
    viewer.process(still[:2])
    viewer.reader.resume()
    viewer.process(still[:2])
    assert len({id(view) for view, _ in kept}) == len(kept)
    assert all(contents(view) == before for view, before in kept)


def test_frames_are_never_modified(viewer, still):
    frames = [frame.copy() for frame in still]
    for frame in frames:
        frame.setflags(write=False)
    assert viewer.process(frames)[-1] == "507"


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
def test_frames_of_any_size_are_processed(viewer, shape, kind):
    noise = np.random.default_rng(5).integers(0, 256, (*shape, *KINDS[kind]), np.uint8)
    viewer.process([noise, np.zeros_like(noise), np.full_like(noise, 255)])
    assert viewer.shown.dtype == np.uint8
    height, width, depth = viewer.shown.shape
    assert depth == 3
    assert max(height, width) <= MAX_FRAME_SIDE_PX
    assert viewer.reader.view.reading.size_wh == (width, height)
    if min(shape) >= 8 and max(shape) <= MAX_FRAME_SIDE_PX:
        assert (height, width) == shape


@pytest.mark.parametrize("level", [0, 255])
def test_a_uniform_frame_is_blank(viewer, level):
    frame = np.full((480, 640, 3), level, np.uint8)
    assert set(viewer.process([frame] * 15)) == {""}
    assert viewer.reader.view.reading.status == "blank"
    assert (viewer.shown == frame).all()


def test_a_frame_with_other_marks_is_not_blank(viewer, blank):
    scribbled = blank[0].copy()
    scribbled[200:206, 100:500] = 40
    viewer.process([scribbled] * 15)
    assert (viewer.reader.view.reading.status, viewer.reader.view.reading.text) == ("no_digit", "")


def test_grey_and_rgba_frames_are_read(classifier, still):
    grey = [frame[..., 1] for frame in still]
    alpha = [np.dstack([frame, np.full(frame.shape[:2], 255, np.uint8)]) for frame in still]
    assert [Viewer(LiveReader(classifier=classifier)).process(frames)[-1] for frames in (grey, alpha)] == ["507", "507"]


@pytest.mark.slow
def test_the_orientation_may_change_during_the_stream(viewer, still):
    upright = list(shaken(photograph("42", "round", (480, 640), 120, Scene(), 1), 1, STILL, 1))
    assert viewer.process(upright)[-1] == "42"
    assert viewer.shown.shape == (640, 480, 3)
    texts = viewer.process(still)
    assert viewer.shown.shape == (480, 640, 3)
    assert set(texts) <= {"42", "", "507"}
    assert texts[-1] == "507"
    assert viewer.process(upright)[-1] == "42"


@pytest.mark.slow
def test_large_frames_are_reduced_and_read(viewer):
    large = photograph("639", "round", (1920, 1440), 300, Scene(), 1)
    assert viewer.process([large] * 12)[-1] == "639"
    view = viewer.reader.view
    assert viewer.shown.shape == view.picture.shape == (720, 960, 3)
    assert view.reading.size_wh == (960, 720)
    assert all(110 < digit.box_xywh[3] < 200 for digit in view.reading.digits)


@pytest.mark.parametrize(
    "frame",
    [np.zeros((48, 64), np.float32), np.zeros((1080, 1920, 3), np.float32), np.zeros((48, 64, 2), np.uint8), np.zeros(64, np.uint8)],
    ids=lambda frame: f"{frame.dtype} {frame.shape}",
)
def test_an_array_that_is_not_a_frame_is_rejected(reader, frame):
    with pytest.raises(ValueError, match="expected bytes or uint8"):
        reader.process(frame)
    assert reader.view is None


def test_settings_are_applied(classifier, still):
    viewer = Viewer(LiveReader(Settings(polarity="light_ink"), classifier))
    assert set(viewer.process(still)) == {""}


def test_the_time_defaults_to_now(reader, still):
    before = time.monotonic()
    reader.process(still[0])
    assert before <= reader.view.time_s <= time.monotonic()


def test_the_view_has_the_statistics_of_the_stream(classifier, still):
    times = count(0, 0.01)
    reader = LiveReader(classifier=classifier, timer=lambda: next(times))
    for index, frame in enumerate(still):
        late_s = 0.3 if index == len(still) - 1 else 0.0
        reader.process(frame, now_s=100 + index / FRAMES_PER_SECOND + late_s, captured_s=index / FRAMES_PER_SECOND, dropped=index % 2)
    stats = reader.view.stats
    assert (stats.frames, stats.dropped) == (20, 10)
    assert stats.frames_per_second == pytest.approx(19 / (0.95 + 0.3))
    assert stats.processing_ms == pytest.approx(10)
    assert stats.delay_ms == pytest.approx(300 + 10)


def test_freezing_and_resuming_from_another_thread_loses_no_frame(viewer, still):
    done = threading.Event()

    def toggle():
        while not done.wait(0.002):
            viewer.reader.freeze()
            viewer.reader.resume()

    thread = threading.Thread(target=toggle)
    thread.start()
    try:
        viewer.process(still)
    finally:
        done.set()
        thread.join()
    assert viewer.reader.view.stats.frames == len(still)
    assert viewer.process(still)[-1] == "507"


def misleading_profile(digits):
    """Return a profile in which the shape of the last digit is a 1, and a 7 has another shape."""
    profile = WriterProfile()
    for _ in range(20):
        profile.add(digits[-1].model_input, 1)
    profile.add(digits[0].model_input, 7)
    return profile


def test_a_profile_is_used_from_the_next_frame_on_and_no_longer_once_it_is_removed(viewer, still):
    assert viewer.process(still)[-1] == "507"
    viewer.reader.profile = misleading_profile(viewer.reader.view.reading.digits)
    assert viewer.process(still)[-1] == "501"
    viewer.reader.profile = None
    assert viewer.process(still)[-1] == "507"
