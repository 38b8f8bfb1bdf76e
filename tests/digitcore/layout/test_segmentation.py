from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from digitcore.layout import lattice as lattice_module
from digitcore.layout.boxes import union_box
from digitcore.layout.components import Mark
from digitcore.layout.hypotheses import marks_read
from digitcore.layout.ink import paste_ink
from digitcore.layout.lattice import Arc, Path, Run, SegmentationLattice
from digitcore.layout.lines import Line
from digitcore.layout.over_segmentation import Segment
from digitcore.layout.parameters import LayoutParams
from digitcore.layout.segmentation import MAX_CANDIDATES, MAX_PATHS, _LineSegmenter, _prefer_single_digit
from digitcore.layout.segmentation import segment_line as segment_groups
from digitcore.parameters import replace_parameter
from digitcore.rejections import RejectionReason
from digitcore.types import Box

PARAMS = LayoutParams()


@dataclass(frozen=True)
class Classified:
    confidence: float
    digit_score: float
    label: int = 1


def bar(x, width, height=100):
    return Mark(np.full((height, width), 255, np.uint8), Box(x, 0, width, height), 0, None)


def segment_line(*arguments, **options):
    """The marks that are read."""
    return marks_read(segment_groups(*arguments, **options))


def segment(components, confidence, digit_score=0.9, **options):
    """The segmentation by a classifier that answers the same for all ink, and how many pictures it classified."""
    count = 0

    def classify(inks):
        nonlocal count
        count += len(inks)
        return [Classified(confidence, digit_score)] * len(inks)

    return segment_line(Line(components, 100.0), classify, 0.5, **options), count


def test_confident_components_are_digits_as_they_are_and_classified_once():
    bars = [bar(0, 40), bar(80, 40), bar(160, 40)]
    found, count = segment(bars, confidence=0.95)
    assert [mark for mark, _ in found] == bars
    assert count == 3


def test_a_line_of_many_doubtful_components_is_text_and_not_joined():
    bars = [bar(60 * index, 58) for index in range(10)]
    found, count = segment(bars, confidence=0.3)
    assert [mark.ink is each.ink for (mark, _), each in zip(found, bars, strict=True)] == [True] * 10
    assert count == 10


def test_kept_components_that_are_too_wide_are_rejected():
    found, _ = segment([bar(0, 40), bar(80, 300)], confidence=0.95, keep_components=True)
    assert [mark.rejection for mark, _ in found] == [None, RejectionReason.TOO_WIDE]


def test_a_rejected_component_alone_stays_rejected():
    dot = Mark(np.full((20, 20), 255, np.uint8), Box(0, 80, 20, 20), 0, RejectionReason.DOT)
    ((mark, _),), _ = segment([dot], confidence=0.95)
    assert mark is dot


def by_shape(answers, confidence=0.3):
    """Return a classifier that answers by the shape of the ink, `(h, w)`; with a low confidence for all others."""
    return lambda inks: [answers.get(ink.shape, Classified(confidence, 0.9)) for ink in inks]


def is_as_it_was(found, components):
    """Whether the components themselves were returned; the lattice makes new marks even of components that it leaves whole."""
    return len(found) == len(components) and all(mark is component for (mark, _), component in zip(found, components, strict=True))


def test_a_line_without_components_has_no_digits():
    assert segment([], 0.9) == ([], 0)
    assert segment([], 0.9, keep_components=True) == ([], 0)


@pytest.mark.parametrize(("confidence", "is_digit"), [(0.79, False), (0.8, True), (0.81, True)])
def test_components_classified_with_confidence_are_not_split(confidence, is_digit):
    components = [bar(0, 40), bar(80, 40)]
    assert is_as_it_was(segment(components, confidence)[0], components) is is_digit


@pytest.mark.parametrize(("digit_score", "is_digit"), [(0.49, False), (0.5, True), (0.51, True)])
def test_components_that_are_no_digits_by_their_score_may_be_split(digit_score, is_digit):
    components = [bar(0, 40), bar(80, 40)]
    assert is_as_it_was(segment(components, 0.9, digit_score)[0], components) is is_digit


@pytest.mark.parametrize(("width", "is_digit"), [(99, True), (100, True), (101, False)])
def test_components_wider_than_the_writing_is_high_may_be_several_digits(width, is_digit):
    components = [bar(0, width, height=34)]  # too low for a cut
    assert is_as_it_was(segment(components, 0.9)[0], components) is is_digit


@pytest.mark.parametrize(
    ("count", "confident", "is_text"), [(8, 3, True), (8, 4, False), (7, 3, False), (9, 4, True), (9, 5, False), (8, 0, True)]
)
def test_lines_of_many_components_of_which_few_are_digits_are_text(count, confident, is_text):
    components = [bar(60 * index, 30 + (index < confident)) for index in range(count)]
    found = segment_line(Line(components, 100.0), by_shape({(100, 31): Classified(0.9, 0.9)}), 0.5)
    assert is_as_it_was(found, components) is is_text


def test_rejected_components_do_not_make_a_line_text():
    components = [bar(60 * index, 30) for index in range(7)]
    dot = Mark(np.full((20, 20), 255, np.uint8), Box(450, 80, 20, 20), 0, RejectionReason.DOT)
    found, _ = segment([*components, dot], 0.3)
    assert not is_as_it_was(found, [*components, dot])
    assert found[-1][0] is dot


@pytest.mark.parametrize(("gap", "count"), [(4, 3), (5, 3), (6, 2)])
def test_components_close_to_each_other_may_be_one_digit(gap, count):
    """The third picture is that of both together."""
    assert segment([bar(0, 30), bar(30 + gap, 30)], 0.3)[1] == count


@pytest.mark.parametrize("together", [0.99, 0.01])
def test_parts_are_joined_if_they_are_likelier_together(together):
    components = [bar(0, 30), bar(32, 30)]
    classify = by_shape({(100, 62): Classified(together, 0.9)}, confidence=0.5)
    found = segment_line(Line(components, 100.0), classify, 0.5)
    if together > 0.5:
        ((mark, candidate),) = found
        assert (mark.box, mark.rejection, mark.line) == (Box(0, 0, 62, 100), None, 0)
        assert (mark.ink == paste_ink(components, mark.box)).all()
        assert candidate == Classified(0.99, 0.9)
    else:
        assert [mark.box for mark, _ in found] == [component.box for component in components]
        assert all(mark.ink is component.ink for (mark, _), component in zip(found, components, strict=True))


def bar_of_a_five(**options):
    """A low component, rejected by its geometry, above a body that is a digit by itself."""
    return [
        Mark(np.full((15, 20), 255, np.uint8), Box(10, 0, 20, 15), 2, RejectionReason.RELATIVELY_SMALL),
        Mark(np.full((80, 30), 255, np.uint8), Box(0, 20, 30, 80), 2, None),
    ]


def test_a_rejected_part_of_a_digit_is_joined_to_it_and_not_rejected_any_more():
    found = segment_line(Line(bar_of_a_five(), 100.0), by_shape({(100, 30): Classified(0.99, 0.99)}), 0.5)
    assert [(mark.box, mark.rejection, mark.line) for mark, _ in found] == [(Box(0, 0, 30, 100), None, 2)]


def test_a_rejected_component_beside_a_digit_keeps_its_reason():
    found = segment_line(Line(bar_of_a_five(), 100.0), by_shape({(80, 30): Classified(0.99, 0.99)}, confidence=0.01), 0.5)
    assert [(mark.box.height, mark.rejection) for mark, _ in found] == [(80, None), (15, RejectionReason.RELATIVELY_SMALL)]


def test_what_the_best_path_skips_is_left_over():
    components = [bar(0, 30), bar(32, 10, height=20)]
    found = segment_line(Line(components, 100.0), by_shape({(100, 30): Classified(0.6, 0.9)}, confidence=1e-6), 0.5)
    assert [mark.rejection for mark, _ in found] == [None, RejectionReason.LEFT_OVER]


@pytest.mark.parametrize(
    ("ring", "whole_score", "is_sign"),
    [
        (Box(0, 0, 30, 30), 0.1, True),
        (Box(62, 70, 30, 30), 0.1, True),
        (Box(0, 0, 30, 30), 0.5, False),  # together they are a digit
        (Box(62, 0, 30, 30), 0.1, False),  # a sign of degrees
        (Box(0, 70, 30, 30), 0.1, False),
        (Box(0, 0, 30, 60), 0.1, True),
        (Box(0, 0, 30, 61), 0.1, False),
    ],
)
def test_a_stroke_with_a_ring_at_the_upper_left_or_lower_right_is_a_percent_sign(ring, whole_score, is_sign):
    slash = Mark(np.full((100, 30), 255, np.uint8), Box(31, 0, 30, 100), 0, None)
    loop = Mark(np.full((ring.height, ring.width), 255, np.uint8), ring, 0, RejectionReason.RELATIVELY_SMALL)
    whole = union_box([slash.box, ring])
    answers = {(100, 30): Classified(0.9, 0.9), (whole.height, whole.width): Classified(1e-6, whole_score)}
    found = segment_line(Line([slash, loop], 100.0), by_shape(answers), 0.5)
    assert [mark.box for mark, _ in found] == ([whole] if is_sign else sorted([slash.box, ring], key=lambda box: box.x))
    assert (found[0][1].digit_score == whole_score) is is_sign


@pytest.mark.parametrize(("height", "is_digit"), [(69, False), (70, True)])
def test_low_components_are_digits_by_themselves_only_where_they_stand_alone(height, is_digit):
    together = [bar(0, 30), bar(32, 30, height)]
    assert is_as_it_was(segment(together, 0.9)[0], together) is is_digit
    apart = [bar(0, 30), bar(60, 30, height)]
    assert is_as_it_was(segment(apart, 0.9)[0], apart)


@pytest.mark.parametrize(("width", "rejection"), [(1499, "left_over"), (1500, "left_over"), (1501, "too_wide")])
def test_groups_of_enormous_width_are_not_split(width, rejection):
    ((mark, _),), _ = segment([bar(0, width, height=34)], 0.9)
    assert mark.rejection == rejection


def test_a_group_with_too_many_candidates_is_kept_without_merging_any(monkeypatch):
    monkeypatch.setattr(lattice_module, "merge_ink", None)
    bars = [bar(12 * index, 10) for index in range(103)]  # five runs begin with each, but for the last four
    found, count = segment(bars, 0.3, params=replace_parameter(PARAMS, "segmentation.max_text_digit_share", 0.0))  # so that it is no text
    assert len(bars) * 5 - 10 > MAX_CANDIDATES
    assert count == 103
    assert is_as_it_was(found, bars)


@pytest.mark.parametrize(("width", "rejection"), [(139, None), (140, None), (141, RejectionReason.TOO_WIDE)])
def test_components_are_kept_up_to_the_width_of_a_digit(width, rejection):
    dot = Mark(np.full((20, 170), 255, np.uint8), Box(400, 0, 170, 20), 0, RejectionReason.RELATIVELY_SMALL)
    found, count = segment([bar(0, width), dot], 0.9, keep_components=True)
    assert [mark.rejection for mark, _ in found] == [rejection, RejectionReason.RELATIVELY_SMALL]
    assert count == 2


def test_wide_components_of_text_are_classified_once_and_rejected():
    components = [bar(60 * index, 30) for index in range(8)] + [bar(600, 170)]
    found, count = segment(components, 0.3)
    assert [mark.rejection for mark, _ in found] == [None] * 8 + [RejectionReason.TOO_WIDE]
    assert count == 9


def segments_of(*sizes_wh, level=255):
    """Segments beside each other, whose sizes are in pixels."""
    lefts = np.cumsum([0, *[width for width, _ in sizes_wh]]).tolist()
    boxes = [Box(left, 0, *size) for left, size in zip(lefts, sizes_wh, strict=False)]
    return [Segment(np.full((box.height, box.width), level, np.uint8), box, False, False) for box in boxes]


def lattice_of(segments, confidence=0.5):
    """A lattice of which all segments together, too, are a candidate."""
    everything = Run(0, len(segments) - 1)
    boxes = {everything: union_box(segment.box for segment in segments)}
    return SegmentationLattice(segments, [0] * len(segments), 100.0, boxes, {}, {everything: Classified(confidence, 1.0)})


def is_implausible(lattice, path, confidence):
    line = Line([bar(0, 40)], 100.0)
    return _LineSegmenter(line, by_shape({}), 0.5, {0: Classified(confidence, 0.9)}, PARAMS)._is_implausible(lattice, path)


@pytest.mark.parametrize(("confidence", "limit"), [(0.5, 3.75), (0.9, 3.75)])
def test_a_split_is_given_up_if_it_costs_too_much_for_its_width(confidence, limit):
    """Each of one and a half writing heights, and one more, may cost 1.5, among digits, too."""
    lattice = lattice_of(segments_of((100, 100), (50, 100)))
    digits = (Arc(Run(0, 0), True), Arc(Run(1, 1), True))
    assert not is_implausible(lattice, Path(digits, limit), confidence)
    assert is_implausible(lattice, Path(digits, limit + 1e-6), confidence)


@pytest.mark.parametrize(("advantage", "is_single"), [(-1.0, True), (0.0, True), (2.5 - 1e-6, True), (2.5 + 1e-6, False), (9.0, False)])
def test_one_digit_is_preferred_unless_a_split_is_better_by_the_cost_of_a_first_cut(advantage, is_single):
    lattice = lattice_of(segments_of((50, 100), (40, 100)))
    single = lattice.single_digit_path()
    split = Path((Arc(Run(0, 0), True), Arc(Run(1, 1), True)), single.cost - advantage)
    assert _prefer_single_digit(lattice, split, PARAMS.segmentation) == (single if is_single else split)


def test_without_a_single_digit_the_path_stays():
    lattice = lattice_of(segments_of((50, 100), (40, 100)))
    lattice.candidates.clear()
    path = Path((Arc(Run(0, 0), True), Arc(Run(1, 1), True)), 99.0)
    assert _prefer_single_digit(lattice, path, PARAMS.segmentation) is path


def rings(x=0):
    """Two rings, 90 px high, that touch."""
    ink = np.zeros((100, 180), np.uint8)
    cv2.circle(ink, (50, 50), 42, 255, 7)
    cv2.circle(ink, (128, 50), 42, 255, 7)
    return Mark(ink, Box(x, 0, 180, 100), 1, None)


def halves(widest=110, confidence=0.95):
    """Return a classifier for which high ink of the width of one ring is a digit, and nothing else is."""

    def classify(inks):
        is_ring = [ink.shape[0] > 75 and 70 <= ink.shape[1] <= widest for ink in inks]
        return [Classified(confidence, 0.95) if each else Classified(0.3, 0.05) for each in is_ring]

    return classify


def test_touching_digits_are_split_where_both_are_digits():
    component = rings(x=7)
    found = segment_line(Line([component], 100.0), halves(), 0.5)
    assert [(mark.rejection, mark.line) for mark, _ in found] == [(None, 1)] * 2
    assert [candidate.confidence for _, candidate in found] == [0.95] * 2
    assert (paste_ink([mark for mark, _ in found], component.box) == component.ink).all()


def test_a_component_stays_whole_and_is_too_wide_if_no_split_is_likely():
    component = rings()
    ((mark, candidate),) = segment_line(Line([component], 100.0), lambda inks: [Classified(0.3, 0.01)] * len(inks), 0.5)
    assert mark.rejection is RejectionReason.TOO_WIDE
    assert mark.ink is component.ink
    assert candidate == Classified(0.3, 0.01)


@pytest.mark.parametrize(("neighbour", "count"), [(None, 1), (bar(300, 40), 2)])
def test_a_first_cut_costs_only_in_a_line_without_digits(neighbour, count):
    """The whole is nearly as likely as its parts: by itself it stays one digit, among digits it is split."""
    narrow = Mark(np.ascontiguousarray(rings().ink[:, ::2]), Box(0, 0, 90, 100), 0, None)

    def classify_one(ink):
        if ink.shape[0] <= 75:
            return Classified(0.01, 0.05)
        return Classified(0.12, 0.99) if ink.shape[1] > 70 else Classified(0.9, 0.95)

    found = segment_line(Line([narrow, *([neighbour] if neighbour else [])], 100.0), lambda inks: [classify_one(ink) for ink in inks], 0.5)
    assert sum(mark.box.x < 200 for mark, _ in found) == count


def test_results_come_from_left_to_right_and_the_components_stay():
    components = [bar(0, 40), rings(x=100), bar(400, 40)]
    before = [component.ink.copy() for component in components]
    found = segment_line(Line(components, 100.0), halves(), 0.5)
    lefts = [mark.box.x for mark, _ in found]
    assert lefts == sorted(lefts)
    assert (lefts[0], lefts[-1]) == (0, 400)
    assert all((component.ink == ink).all() for component, ink in zip(components, before, strict=True))


@pytest.mark.parametrize(
    ("whole_score", "part_confidence", "part_score", "is_split"),
    [
        pytest.param(0.4, 0.95, 0.9, True, id="no digit, but two"),
        pytest.param(0.6, 0.95, 0.9, False, id="a digit, if a doubtful one"),
        pytest.param(0.4, 0.75, 0.9, False, id="doubtful parts"),
        pytest.param(0.4, 0.95, 0.4, False, id="parts that are no digits"),
    ],
)
def test_what_stands_alone_and_is_no_digit_is_split_where_all_parts_are(whole_score, part_confidence, part_score, is_split):
    lattice = lattice_of(segments_of((100, 10), (100, 10)))
    whole, parts = Classified(0.5, whole_score), Classified(part_confidence, part_score)
    lattice.candidates.update({Run(0, 0): parts, Run(1, 1): parts, Run(0, 1): whole})
    segmenter = _LineSegmenter(Line([], 100.0), None, 0.5, {}, PARAMS)
    path = Path((Arc(Run(0, 0), is_digit=True), Arc(Run(1, 1), is_digit=True)), 1.0)
    assert segmenter._reads_better_in_parts(lattice, path) == is_split
    assert not segmenter._reads_better_in_parts(lattice, Path((Arc(Run(0, 0), is_digit=True), Arc(Run(1, 1), is_digit=False)), 1.0))


def spelled(hypothesis):
    return [(mark.box, mark.rejection) for mark, _ in hypothesis.marks]


def test_what_is_split_has_other_hypotheses_that_differ_and_cost_more():
    (group,) = segment_groups(Line([rings(), bar(300, 20)], 100.0), lambda inks: [Classified(0.6, 0.9)] * len(inks), 0.5)[:1]
    assert 1 < len(group) <= MAX_PATHS
    assert len({tuple(spelled(each)) for each in group}) == len(group)
    costs = [each.cost for each in group]
    assert costs == sorted(costs)


@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize("confidence", [0.05, 0.12, 0.6])
def test_parts_of_what_stands_alone_have_the_first_cuts_cost_and_what_is_read_comes_first(step, confidence):
    """The rings as they are have too many segments for one digit; half as wide, they may be one."""
    ink = np.ascontiguousarray(rings().ink[:, ::step])
    component = Mark(ink, Box(0, 0, ink.shape[1], 100), 0, None)

    def classify(inks):
        return [Classified(confidence if each.shape == ink.shape else 0.65, 0.9) for each in inks]

    line = Line([component], 100.0)
    (group,) = segment_groups(line, classify, 0.5)
    lattice = SegmentationLattice.build([component], 100.0, _LineSegmenter(line, classify, 0.5, {}, PARAMS).slant)
    lattice.score(classify, [None])
    paths, single = lattice.best_paths(MAX_PATHS), lattice.single_digit_path()
    assert (single is not None) is (step == 2)
    costs = [path.cost + PARAMS.segmentation.first_cut_cost for path in paths if single is None or path.arcs != single.arcs]
    assert sorted(each.cost for each in group) == pytest.approx(sorted([*costs, *([single.cost] if single else [])]))
    assert group[0].cost == min(each.cost for each in group)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("segmentation.first_cut_cost", 0.0),
        ("segmentation.min_confidence", 0.0),
        ("slant.max_slant", 0.0),
        ("over_segmentation.max_offset", 0.01),
        ("lattice.cut_cost", 0.0),
        ("scoring.skip_cost", 0.0),
        ("scoring.min_digit_height", 1.0),
    ],
)
def test_each_stage_of_segmentation_uses_the_parameters_of_the_call(name, value):
    """Two rings that lean and touch."""
    shear = np.array([[1, -0.45, 45], [0, 1, 0]])
    ink = np.asarray(cv2.warpAffine(rings().ink[:, ::2].copy(), shear, (140, 100)), np.uint8)
    line = Line([Mark(ink, Box(0, 0, 140, 100), 0, None)], 150.0)

    def segmented(params):
        (group,) = segment_groups(line, lambda inks: [Classified(0.3 + 0.2 / each.shape[1], 0.7) for each in inks], 0.5, params)
        return [(spelled(each), each.cost) for each in group]

    assert segmented(PARAMS) == segmented(LayoutParams())
    assert segmented(replace_parameter(PARAMS, name, value)) != segmented(PARAMS)


def test_confident_and_kept_components_are_groups_of_their_own_without_other_hypotheses():
    bars = [bar(0, 40), bar(80, 40)]
    for options in ({}, {"keep_components": True}):
        groups = segment_groups(Line(bars, 100.0), lambda inks: [Classified(0.95, 0.9)] * len(inks), 0.5, **options)
        assert [len(group) for group in groups] == [1, 1]
        assert [group[0].cost for group in groups] == [0.0, 0.0]
