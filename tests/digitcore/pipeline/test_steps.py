"""The single steps of `digitcore.pipeline`: what is recorded, which setting leads where, and what a mark becomes."""

import math
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore import Settings, read_image
from digitcore.layout.hypotheses import marks_read, only
from digitcore.layout.parameters import LayoutParams
from digitcore.messages import Message
from digitcore.pipeline import answer
from digitcore.pipeline import ink as ink_steps
from digitcore.pipeline import marks as mark_steps
from digitcore.pipeline import run as run_module
from digitcore.pipeline.run import PipelineRun
from digitcore.preprocessing.polarity import InkPolarity
from digitcore.preprocessing.stroke_width import StrokeEstimate
from digitcore.recognition.parameters import AcceptanceParams
from digitcore.recognition.prediction import Prediction
from digitcore.rejections import RejectionReason
from digitcore.stages import GlobalThreshold, StageName
from digitcore.types import Box
from synthetic.hands import strokes, write
from tests.properties import given

PAPER = np.full((40, 60), 200, np.uint8)


@pytest.fixture
def run(classifier):
    """Return a function that starts a run of the pipeline with changed settings."""
    return lambda **changes: PipelineRun(Settings(**changes), classifier)


def mark(box=(0, 0, 10, 20), line=0, rejection=None):
    return SimpleNamespace(box=Box(*box), line=line, rejection=rejection)


def classified(digit_score=0.5, confidence=0.9, label=3):
    probabilities = np.full(10, (1 - confidence) / 9, np.float32)
    probabilities[label] = confidence
    normalized = SimpleNamespace(model_input=np.full((28, 28), label, np.uint8))
    prediction = Prediction(probabilities)
    return SimpleNamespace(normalized=normalized, prediction=prediction, digit_score=digit_score, confidence=prediction.confidence)


SCALES = st.sampled_from([Fraction(1), Fraction(5, 2), Fraction(1, 2), Fraction(1, 3), Fraction(7, 4), Fraction(9, 8)])


def covered(start, length, scale, size):
    """Return the pixels of a side of the original that a part of the working picture covers, looked at one by one."""
    return [pixel for pixel in range(size) if pixel + 1 > start * scale and pixel < (start + length) * scale]


@given(
    st.tuples(st.integers(0, 15), st.integers(0, 11), st.integers(1, 16), st.integers(1, 12)),
    st.tuples(SCALES, SCALES),
)
def test_a_box_covers_each_pixel_of_the_original_that_its_mark_covers_in_part(box, scale_xy):
    width, height = math.ceil(16 * scale_xy[0]), math.ceil(12 * scale_xy[1])
    x, y, box_width, box_height = box
    box = Box(x, y, min(box_width, 16 - x), min(box_height, 12 - y))
    columns, rows = covered(box.x, box.width, scale_xy[0], width), covered(box.y, box.height, scale_xy[1], height)
    expected = columns[0], rows[0], len(columns), len(rows)
    found = answer._original_box(mark(box), (float(scale_xy[0]), float(scale_xy[1])), (width, height))
    assert found == expected
    assert {type(value) for value in found} == {int}


@pytest.mark.parametrize(
    ("box", "scale_xy", "size_wh", "expected"),
    [
        ((0, 0, 10, 10), (1.0, 1.0), (10, 10), (0, 0, 10, 10)),
        ((3, 4, 2, 1), (2.0, 2.0), (20, 20), (6, 8, 4, 2)),
        ((3, 4, 2, 1), (0.5, 0.5), (20, 20), (1, 2, 2, 1)),
        ((3, 4, 2, 1), (0.5, 2.0), (20, 20), (1, 8, 2, 2)),
        ((9, 8, 1, 2), (2.5, 2.5), (24, 23), (22, 20, 2, 3)),  # the edges at 25 lie beyond the picture
    ],
)
def test_a_box_in_the_original_ends_at_its_edges(box, scale_xy, size_wh, expected):
    assert answer._original_box(mark(box), scale_xy, size_wh) == expected


def test_the_box_of_a_mark_low_on_a_tall_narrow_strip_covers_it():
    ink = write(np.zeros((4000, 101), np.uint8), strokes(5), (20, 3920), 60, 8)
    rows = np.flatnonzero((ink > 96).any(axis=1))
    (digit,) = read_image(255 - ink, Settings.for_drawing()).digits
    _, top, _, height = digit.box_xywh
    assert abs(top - rows[0]) <= 5  # two pixels of the working picture
    assert abs(top + height - 1 - rows[-1]) <= 5


@pytest.mark.parametrize(("side", "is_wide"), [(4000, True), (4000, False)])
def test_the_box_of_a_mark_in_a_large_square_picture_covers_it(side, is_wide):
    shape = (side - 300, side) if is_wide else (side, side - 300)
    ink = write(np.zeros(shape, np.uint8), strokes(5), (3300, 3300), 300, 40)
    columns, rows = np.flatnonzero((ink > 96).any(axis=0)), np.flatnonzero((ink > 96).any(axis=1))
    (digit,) = read_image(255 - ink, Settings.for_drawing()).digits
    x, y, width, height = digit.box_xywh
    assert np.abs([x - columns[0], y - rows[0], x + width - 1 - columns[-1], y + height - 1 - rows[-1]]).max() <= 8


@pytest.mark.parametrize(
    ("score", "is_accepted"), [(0.2, False), (math.nextafter(0.25, 0), False), (0.25, True), (math.nextafter(0.25, 1), True)]
)
def test_a_mark_is_accepted_from_its_threshold_on(score, is_accepted):
    digit = answer._to_digit(mark(line=2), classified(score), 0.25, (5, 6, 7, 8), 0.75)
    assert digit.accepted == is_accepted
    assert digit.digit_score == score
    assert digit.rejection is (None if is_accepted else RejectionReason.NOT_A_DIGIT)
    assert digit.reason == ("" if is_accepted else "it does not look like a digit")
    assert (digit.label, digit.line, digit.box_xywh) == (3, 2, (5, 6, 7, 8))
    assert digit.confidence == pytest.approx(0.9)
    assert digit.probabilities[3] == np.float32(0.9)
    assert (digit.model_input == 3).all()


@pytest.mark.parametrize("reason", list(RejectionReason))
@pytest.mark.parametrize("score", [0.0, 1.0])
def test_a_mark_whose_shape_is_no_digits_is_refused_whatever_its_score(reason, score):
    digit = answer._to_digit(mark(rejection=reason), classified(score, confidence=0.3), 0.5, (0, 0, 1, 1), 0.75)
    assert (digit.accepted, digit.digit_score, digit.rejection, digit.reason) == (False, 0.0, reason, reason.message)


@pytest.mark.parametrize(
    ("unsure_below", "reason"), [(0.0, ""), (0.5, ""), (0.51, "unsure between 3 and 0"), (1.0, "unsure between 3 and 0")]
)
def test_an_accepted_mark_says_whether_it_is_unsure(unsure_below, reason):
    digit = answer._to_digit(mark(), classified(0.9, confidence=0.5), 0.25, (0, 0, 1, 1), unsure_below)
    assert (digit.accepted, digit.reason) == (True, reason)


def test_the_thresholds_of_marks_are_those_of_their_scores_lines_and_sides(monkeypatch):
    calls = []
    monkeypatch.setattr(mark_steps, "acceptance_thresholds", lambda *arguments: calls.append(arguments))
    marks = [(mark((0, 0, 30, 20), 0), classified(0.25)), (mark((5, 5, 4, 50), 3), classified(0.75))]
    mark_steps._acceptance_thresholds(marks, 0.625, AcceptanceParams(max_vote_log_odds=2.0))
    ((scores, lines, sides_px, may_be_digit, reject_below, params),) = calls
    assert params == AcceptanceParams(max_vote_log_odds=2.0)
    assert (scores, lines.tolist(), sides_px.tolist(), may_be_digit.tolist(), reject_below) == (
        [0.25, 0.75],
        [0, 3],
        [30, 50],
        [True, True],
        0.625,
    )


@pytest.mark.parametrize("reason", [None, *RejectionReason])
def test_only_marks_without_a_rejection_signs_and_those_too_wide_for_one_digit_vote(reason):
    first = (mark(), classified(0.5))
    alone = mark_steps._acceptance_thresholds([first], 0.5, AcceptanceParams())
    together = mark_steps._acceptance_thresholds([first, (mark(rejection=reason), classified(0.99))], 0.5, AcceptanceParams())
    assert (together[0] < alone[0]) == (reason in (None, RejectionReason.TOO_WIDE, RejectionReason.SIGN))


def test_a_stage_is_recorded_with_the_time_since_the_one_before(run, monkeypatch):
    times = iter([10.25, 10.75])
    monkeypatch.setattr(run_module.time, "perf_counter", lambda: next(times))  # type: ignore[attr-defined]
    recording = run()
    recording.stage_start_s = 9.0
    for name in (StageName.ORIGINAL, StageName.GREY):
        assert recording.record(name, PAPER, Message("A note."), GlobalThreshold(StageName.GREY, 5)) is PAPER
    assert [(stage.name, stage.note, stage.threshold.level) for stage in recording.stages] == [
        ("original", "A note.", 5),
        ("grey", "A note.", 5),
    ]
    assert [stage.elapsed_ms for stage in recording.stages] == [1250, 500]


def test_classified_marks_are_counted(run):
    counting = run()
    ink = np.pad(np.full((20, 4), 255, np.uint8), 8)
    assert counting.classify([]) == []
    assert [each.prediction.label for each in counting.classify([ink, ink])] == [1, 1]
    counting.classify([ink])
    assert counting.classification_count == 3


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, ["smoothed"]),
        ({"clahe_clip": 0.001}, ["clahe", "smoothed"]),
        ({"clahe_clip": 2.0, "smoothing_px": 0.0}, ["clahe"]),
        ({"smoothing_px": 0.0}, []),
        ({"smoothing_px": 5.0}, ["smoothed"]),
        ({"medium": "drawing", "clahe_clip": 2.0, "smoothing_px": 2.0}, []),
    ],
)
def test_photographs_are_enhanced_as_far_as_asked_for(run, changes, names):
    enhancing = run(**changes)
    grey = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
    enhanced = ink_steps._enhance(grey, enhancing)
    assert [stage.name for stage in enhancing.stages] == names
    assert enhanced is (enhancing.stages[-1].image if names else grey)
    assert [stage.note for stage in enhancing.stages if stage.name == "smoothed"] == [
        f"Noise smoothed over {changes.get('smoothing_px', 0.8):g} px." for name in names if name == "smoothed"
    ]


@pytest.mark.parametrize("estimated", list(InkPolarity))
@pytest.mark.parametrize(("setting", "expected"), [("auto", None), ("dark_ink", InkPolarity.DARK), ("light_ink", InkPolarity.LIGHT)])
def test_a_declared_polarity_overrides_the_estimate_but_not_the_stroke_width(monkeypatch, run, estimated, setting, expected):
    monkeypatch.setattr(ink_steps, "estimate_polarity_and_stroke_width", lambda *_: StrokeEstimate(estimated, 0.07))
    found = ink_steps._estimate_polarity(PAPER, PAPER > 255, run(polarity=setting))
    assert found.polarity is (expected or estimated)
    assert found.width == 0.07


@pytest.mark.parametrize(("polarity", "expected", "contrast"), [("dark_ink", [0, 55, 255], 1.0), ("light_ink", [255, 200, 0], 1.0)])
def test_the_ink_of_a_drawing_is_its_darkness_or_its_light(polarity, expected, contrast):
    ink, found = ink_steps._known_ink(np.array([[255, 200, 0]], np.uint8), Settings(medium="drawing", polarity=polarity))
    assert ink.tolist() == [expected]
    assert found == contrast


@pytest.mark.parametrize(("darkest", "contrast"), [(255, 0.0), (204, 0.2), (0, 1.0)])
def test_the_contrast_of_a_drawing_is_that_of_its_strongest_ink(darkest, contrast):
    _, found = ink_steps._known_ink(np.array([[255, darkest]], np.uint8), Settings.for_drawing())
    assert found == pytest.approx(contrast)


@pytest.mark.parametrize(("darkest", "is_blank"), [(255, True), (205, True), (204, False), (203, False)])
def test_a_drawing_below_the_minimum_contrast_is_blank(darkest, is_blank):
    page = np.full((200, 200), 255, np.uint8)
    page[60:140, 90:110] = darkest
    reading = read_image(page, Settings(medium="drawing", polarity="dark_ink", minimum_contrast=0.2))
    stage = next(stage for stage in reading.stages if stage.name == "ink")
    assert (stage.note == "Nothing stands out from the paper: blank.") == is_blank
    assert stage.image.any() != is_blank


def test_a_mask_is_shown_as_white_on_black():
    image = ink_steps._to_image(np.array([[True, False], [False, True]]))
    assert image.dtype == np.uint8
    assert image.tolist() == [[255, 0], [0, 255]]


def segment_with(monkeypatch, recording, counts, left_out=0):
    """Run `_segment_lines` on lines of which each classifies so many marks; return which were kept unsplit."""
    kept = []

    def segment_line(line, classify, reject_below, params, *, keep_components):
        assert params is recording.params.layout
        recording.classification_count += line
        kept.append(keep_components)
        return [only([(line, reject_below)])]

    monkeypatch.setattr(mark_steps, "find_lines", lambda *_: (counts, left_out))
    monkeypatch.setattr(mark_steps, "segment_line", segment_line)
    monkeypatch.setattr(mark_steps, "join_loose_parts", lambda marks, *_: marks)
    marks = marks_read(mark_steps._segment_lines(PAPER, recording))
    assert marks == [(count, recording.classifier.reject_below) for count in counts]
    return kept


@pytest.mark.parametrize(
    ("excess", "kept", "has_note"),
    [(-1, [False, False], False), (0, [False, False], True), (1, [False, True], True)],
)
def test_marks_are_no_longer_split_after_the_greatest_number_of_classifications(run, monkeypatch, excess, kept, has_note):
    recording = run()
    assert segment_with(monkeypatch, recording, [mark_steps.MAX_CLASSIFICATIONS + excess, 1]) == kept
    assert bool(recording.notes) == has_note
    assert recording.notes in ([], ["Too many marks: not every pair of touching digits was split."])


def test_marks_are_not_split_where_the_settings_keep_them(run, monkeypatch):
    assert segment_with(monkeypatch, run(touching_digits="keep"), [1, 1]) == [True, True]
    assert segment_with(monkeypatch, run(touching_digits="cut"), [1, 1]) == [False, False]


def test_a_note_tells_how_many_components_were_left_out(run, monkeypatch):
    recording = run()
    segment_with(monkeypatch, recording, [1], left_out=1234)
    assert recording.notes == ["Too many marks: only the 600 largest were read, 1,234 left out."]


def test_the_smallest_line_of_the_settings_is_used(run, monkeypatch):
    calls = []
    monkeypatch.setattr(mark_steps, "find_lines", lambda *arguments: (calls.append(arguments) or [], 0))  # type: ignore[func-returns-value]
    assert mark_steps._segment_lines(PAPER, run(smallest_line=0.625)) == []
    assert calls == [(PAPER, 0.625, LayoutParams())]


def test_the_stages_of_normalization_are_those_of_the_largest_mark(drawing):
    page = np.full((200, 400), 255, np.uint8)
    page[60:140, 40:48] = 0
    page[80:140, 200:210] = 0
    reading = read_image(page, Settings.for_drawing())
    heights = [digit.box_xywh[3] for digit in reading.digits]
    crop = next(stage.image for stage in reading.stages if stage.name == "crop")
    assert heights[0] > heights[1]
    assert crop.shape == (80, 8)
    assert (reading.stages[-1].image == reading.digits[0].model_input).all()


def test_a_given_network_is_used_instead_of_the_packaged_one(classifier, drawing):
    rejecting = SimpleNamespace(
        logits=classifier.logits,
        digit_scores_from_logits=lambda logits: np.zeros(len(logits), np.float32),
        temperature=1.0,
        reject_below=0.5,
        classes=classifier.classes,
    )
    assert read_image(drawing(3), classifier=rejecting).status == "no_digit"
    assert read_image(drawing(3), classifier=classifier).text == "3"
