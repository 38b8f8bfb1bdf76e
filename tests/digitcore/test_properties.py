"""Properties of the public functions: any picture is read, any other input is rejected by a documented error, equal input reads alike."""

import json
import re

import cv2
import numpy as np
import pytest
from hypothesis import strategies as st
from PIL import Image

from digitcore import (
    DigitError,
    DrawingError,
    ImageError,
    Settings,
    StageName,
    Stroke,
    annotate,
    read_image,
    read_strokes,
    strokes_of,
)
from digitcore.io.conversion import WORKING_SIDE_PX
from digitcore.io.decode import load_picture
from digitcore.io.strokes import MAX_POINTS, MAX_STROKES
from digitcore.recognition.constraints import NumberConstraint
from synthetic.hands import HANDS, strokes, write
from tests.digitcore.invariants import attempt, check_reading, facts
from tests.properties import example, given, settings
from tests.strategies import (
    canvas_objects,
    damaged,
    drawings,
    encoded,
    make_picture,
    picture_files,
    pictures,
    valid_settings,
    wrong_sources,
)

FILES = picture_files()
media = st.sampled_from([Settings(), Settings.for_drawing()])


def expected_stages(chosen, *, has_marks):
    """List the stages that settings ask for, in the documented order."""
    is_photo = chosen.medium == "photo"
    detection = [StageName.POLARITY, StageName.PAPER, StageName.DARKNESS, StageName.THRESHOLD, StageName.WRITING]
    used = {
        *(StageName.ORIGINAL, StageName.GREY, StageName.INK),
        *([] if chosen.ink_is_known else detection),
        *([StageName.CLAHE] if is_photo and chosen.clahe_clip > 0 else []),
        *([StageName.SMOOTHED] if is_photo and chosen.smoothing_px > 0 else []),
        *([StageName.CROP, StageName.FIT, StageName.CENTRE] if has_marks else []),
        *([StageName.STROKE] if has_marks and chosen.minimum_stroke else []),
    }
    return [name for name in StageName if name in used]


def canvas(number, hand, *, height_px=80, pen_px=8, margin_px=20):
    """Draw a number in black on white, its digits apart, grey `(H, W)`."""
    ink = np.zeros((height_px + 2 * margin_px, height_px * len(number) + 2 * margin_px), np.uint8)
    for index, digit in enumerate(number):
        ink = write(ink, strokes(int(digit), hand), (margin_px + index * height_px, margin_px), height_px, pen_px)
    return 255 - ink


numbers = st.text("0123456789", min_size=1, max_size=4)
hands = st.sampled_from(list(HANDS))


@given(pictures(), valid_settings)
@settings(max_examples=20)
def test_any_picture_is_read_with_any_settings(picture, chosen):
    before = picture.copy()
    reading = read_image(picture, chosen)
    check_reading(reading, picture.shape[1::-1], numbers_are_known=NumberConstraint.from_settings(chosen) is not None)
    assert [stage.name for stage in reading.stages] == expected_stages(chosen, has_marks=bool(reading.digits))
    assert (picture == before).all()


@given(pictures(max_side_px=300))
@settings(max_examples=15)
def test_any_larger_picture_is_read(picture):
    check_reading(read_image(picture), picture.shape[1::-1])


def test_a_global_threshold_is_a_grey_level():
    reading = read_image(make_picture("constant", 48, 48, 4, "contiguous", 346))
    assert [stage.threshold.level <= 255 for stage in reading.stages if stage.threshold] == [True]


@pytest.mark.parametrize("shape", [(8, 640), (640, 8), (8, 3000), (3000, 8), (95, 1600), (8, 13_000)])
def test_no_stage_of_a_small_picture_is_larger_than_the_largest_working_picture(shape):
    picture = np.full(shape, 255, np.uint8)
    if shape[0] < shape[1]:
        picture[3:5, 5:-5] = 0
    else:
        picture[5:-5, 3:5] = 0
    reading = read_image(picture, Settings(minimum_stroke=0.3))
    check_reading(reading, shape[::-1])
    assert max(stage.image.size for stage in reading.stages) <= 3 * WORKING_SIDE_PX**2


@given(pictures(min_side_px=0, max_side_px=9, kinds=["noise", "constant"]))
def test_a_picture_is_too_small_exactly_if_a_side_has_fewer_than_eight_pixels(picture):
    if min(picture.shape[:2]) >= 8:
        check_reading(read_image(picture), picture.shape[1::-1])
    else:
        with pytest.raises(ImageError, match="at least 8×8"):
            read_image(picture)


@given(wrong_sources)
def test_whatever_is_no_picture_is_a_value_error(source):
    with pytest.raises(ValueError, match=r"^expected bytes or uint8 of shape \(H, W\), \(H, W, 3\) or \(H, W, 4\), received "):
        read_image(source)


@given(st.binary(max_size=200) | damaged(list(FILES.values())))
@settings(max_examples=20)
def test_any_bytes_are_read_or_rejected_as_a_bad_picture(content):
    reading, error = attempt(lambda: read_image(content), ImageError)
    if error is None:
        check_reading(reading, reading.size_wh)
    else:
        assert error.message
        assert error.status in (400, 413, 415)


@pytest.mark.parametrize("content", FILES.values(), ids=FILES.keys())
@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_a_file_is_read_from_any_kind_of_bytes(content, kind):
    reading = read_image(content)
    check_reading(reading, reading.size_wh)
    assert facts(read_image(kind(content))) == facts(reading)


@given(pictures(), media)
@settings(max_examples=20)
def test_the_same_picture_reads_the_same_twice(picture, chosen):
    assert facts(read_image(picture, chosen)) == facts(read_image(picture, chosen))


@given(pictures(), media)
@settings(max_examples=12)
def test_a_loaded_picture_reads_as_its_source_does(picture, chosen):
    assert facts(read_image(load_picture(picture), chosen)) == facts(read_image(picture, chosen))


@given(pictures(channels=[1]), media)
@settings(max_examples=20)
def test_equal_channels_read_as_one_channel_does(picture, chosen):
    assert facts(read_image(np.dstack([picture] * 3), chosen)) == facts(read_image(picture, chosen))


@given(pictures(channels=[3]), media)
@settings(max_examples=15)
def test_an_opaque_picture_reads_as_it_does_without_its_alpha(picture, chosen):
    opaque = np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])
    assert facts(read_image(opaque, chosen)) == facts(read_image(picture, chosen))


@given(pictures(), media, st.sampled_from(["PNG", "BMP", "TIFF", "WEBP"]))
@settings(max_examples=20)
def test_a_lossless_file_reads_as_its_pixels_do(picture, chosen, file_format):
    if picture.ndim == 3 and picture.shape[2] == 4 and file_format in ("BMP", "WEBP"):
        return  # one stores no alpha, the other changes the colours of transparent pixels
    content = encoded(Image.fromarray(picture), file_format, **({"lossless": True} if file_format == "WEBP" else {}))
    assert facts(read_image(content, chosen)) == facts(read_image(picture, chosen))


@given(numbers, hands, st.tuples(*[st.integers(0, 60)] * 4))
@settings(max_examples=15)
def test_white_padding_around_a_drawing_keeps_its_text(number, hand, margins_px):
    drawing = canvas(number, hand)
    padded = cv2.copyMakeBorder(drawing, *margins_px, cv2.BORDER_CONSTANT, value=255)
    reading, again = read_image(drawing, Settings.for_drawing()), read_image(padded, Settings.for_drawing())
    assert again.text == reading.text
    top, _, left, _ = margins_px
    moved = [(x + left, y + top, width, height) for x, y, width, height in (digit.box_xywh for digit in reading.digits)]
    assert [digit.box_xywh for digit in again.digits] == moved


@given(numbers, hands, media)
@settings(max_examples=20)
def test_a_written_number_is_read_from_left_to_right(number, hand, chosen):
    reading = read_image(canvas(number, hand), chosen)
    assert reading.text == number
    lefts = [digit.box_xywh[0] for digit in reading.digits if digit.accepted]
    assert lefts == sorted(lefts)


@given(numbers, numbers, hands)
@settings(max_examples=15)
def test_lines_are_read_from_the_top_and_joined_by_a_slash(above, below, hand):
    upper, lower = canvas(above, hand), canvas(below, hand)
    width = max(upper.shape[1], lower.shape[1])
    page = np.vstack([np.pad(each, ((0, 0), (0, width - each.shape[1])), constant_values=255) for each in (upper, lower)])
    assert read_image(page, Settings.for_drawing()).text == f"{above}/{below}"


@given(drawings(), st.tuples(st.integers(8, 120), st.integers(8, 120)))
@settings(max_examples=20)
def test_any_drawing_is_read(drawing, size_wh):
    before = [stroke.points.copy() for stroke in drawing]
    check_reading(read_strokes(drawing, size_wh), size_wh)
    assert all((stroke.points == points).all() for stroke, points in zip(drawing, before, strict=True))


@given(drawings(limit_px=1e5, max_strokes=3))
@settings(max_examples=15)
def test_strokes_far_outside_of_the_paper_are_read(drawing):
    check_reading(read_strokes(drawing, (64, 48)), (64, 48))


@given(drawings(), st.floats(0.1, 100))
@settings(max_examples=12)
def test_the_pens_of_strokes_do_not_matter(drawing, pen_px):
    other_pens = [Stroke(stroke.points, pen_px) for stroke in drawing]
    assert facts(read_strokes(other_pens, (100, 100))) == facts(read_strokes(drawing, (100, 100)))


@given(numbers, hands, st.integers(0, 40), st.integers(0, 40))
@settings(max_examples=15)
def test_moved_strokes_have_the_same_text_and_moved_boxes(number, hand, right_px, down_px):
    def drawing(left, top):
        digits = enumerate(number)
        paths = [path * 80 + (left + 90 * index, top) for index, digit in digits for path in strokes(int(digit), hand)]
        return read_strokes([Stroke(path, 8) for path in paths], (480, 200))

    here, there = drawing(30, 30), drawing(30 + right_px, 30 + down_px)
    assert there.text == here.text == number
    moved = [(x + right_px, y + down_px, width, height) for x, y, width, height in (digit.box_xywh for digit in here.digits)]
    assert [digit.box_xywh for digit in there.digits] == moved


UNREADABLE_POINTS = {
    "infinity": [[np.inf, 1], [2, 2]],
    "not a number": [[1, np.nan]],
    "huge": [[0, 0], [1e9, 1e9]],
    "beyond the integers": [[0, 0], [1e300, 1e300]],
    "as high as a pen is too wide for": [[0, 0], [0, 300_000]],
}


@pytest.mark.parametrize("points", UNREADABLE_POINTS.values(), ids=UNREADABLE_POINTS.keys())
def test_strokes_of_impossible_points_are_read_or_rejected(points):
    drawing = [Stroke(np.array(points, np.float64), 8)]
    reading, error = attempt(lambda: read_strokes(drawing, (64, 64)), DigitError, ValueError)
    if error is None:
        check_reading(reading, (64, 64))
    else:
        assert re.fullmatch(r"expected coordinates of at most 100,000 px, received \S+\.", str(error))


WRONG_STROKES = {
    "no points": Stroke(np.zeros((0, 2)), 8),
    "three axes": Stroke(np.zeros((4, 3)), 8),
    "one axis": Stroke(np.zeros(4), 8),
    "complex": Stroke(np.zeros((4, 2), np.complex128), 8),
    "texts": Stroke(np.array([["1", "2"]]), 8),
    "a list": Stroke([[1, 2], [3, 4]], 8),
    "no pen": Stroke(np.zeros((2, 2)), None),
    "a pen that is not a number": Stroke(np.zeros((2, 2)), np.nan),
    "an infinite pen": Stroke(np.zeros((2, 2)), np.inf),
    "a negative pen": Stroke(np.zeros((2, 2)), -1),
    "a truth value": Stroke(np.zeros((2, 2)), True),
}


@pytest.mark.parametrize("stroke", WRONG_STROKES.values(), ids=WRONG_STROKES.keys())
def test_wrong_strokes_are_a_value_error(stroke):
    with pytest.raises(ValueError, match=r"^expected .*, received .*\.$"):
        read_strokes([Stroke(np.ones((3, 2)), 8), stroke], (64, 64))


@pytest.mark.parametrize("size_wh", [(10**10, 10**10), (5_000, 10_001), (10**10, 10)])
def test_a_drawing_has_the_size_limit_of_a_picture(size_wh):
    with pytest.raises(ImageError, match=r"megapixels; the limit is 50\."):
        read_strokes([], size_wh)


@pytest.mark.parametrize("size_wh", [(0, 0), (0, 10**10), (7, 90)])
def test_a_drawing_has_the_least_size_of_a_picture(size_wh):
    with pytest.raises(ImageError, match="at least 8×8"):
        read_strokes([], size_wh)


@pytest.mark.parametrize("size_wh", [(-1, 90), (90.5, 90), (np.nan, 90), (90, 90, 3), (), ("90", "90"), None, 90])
def test_a_size_that_no_drawing_can_have_is_a_value_error(size_wh):
    with pytest.raises(ValueError, match=r"^expected width and height in whole pixels, received .*\.$"):
        read_strokes([], size_wh)


LARGE_DRAWINGS = {
    "a stroke of 100,000 points": lambda rng: [rng.normal((280, 185), 60, (100_000, 2))],
    "a stroke of the most points": lambda rng: [np.cumsum(rng.normal(0, 1, (MAX_POINTS, 2)), axis=0) % (560, 370)],
    "the most strokes": lambda rng: [rng.uniform(0, 370, (5, 2)) for _ in range(MAX_STROKES)],
    "the most strokes, each of the most points": lambda rng: [rng.uniform(0, 370, (MAX_POINTS // MAX_STROKES, 2))] * MAX_STROKES,
    "far away": lambda rng: [rng.uniform(-100_000, 100_000, (10_000, 2)) for _ in range(3)],
}


@pytest.mark.parametrize("paths", LARGE_DRAWINGS.values(), ids=LARGE_DRAWINGS.keys())
def test_a_drawing_of_the_most_strokes_or_points_is_read(paths):
    drawing = [Stroke(path, 8) for path in paths(np.random.default_rng(1))]
    check_reading(read_strokes(drawing, (560, 370)), (560, 370))


def test_a_drawing_of_many_points_on_the_largest_paper_is_read():
    points = np.random.default_rng(1).uniform(0, 7_000, (10_000, 2))
    check_reading(read_strokes([Stroke(points, 8)], (7_000, 7_000)), (7_000, 7_000))


@pytest.mark.parametrize(
    "drawing",
    [
        [Stroke(np.zeros((1, 2)), 8)] * (MAX_STROKES + 1),
        [Stroke(np.zeros((MAX_POINTS + 1, 2)), 8)],
        [Stroke(np.zeros((1000, 2)), 8)] * (MAX_POINTS // 1000 + 1),
    ],
    ids=["strokes", "points of a stroke", "points of all strokes"],
)
def test_a_drawing_of_more_strokes_or_points_is_rejected(drawing):
    with pytest.raises(DrawingError, match=r"the limit is 10,000 strokes with 500,000 points in all\. Undo some strokes\."):
        read_strokes(drawing, (560, 370))
    objects = [{"path": [["L", *point] for point in stroke.points.tolist()]} for stroke in drawing]
    with pytest.raises(DrawingError, match="the limit is"):
        strokes_of(objects)


@pytest.mark.parametrize("number", ["0123", "456", "789"])
@pytest.mark.parametrize("hand", list(HANDS))
def test_a_number_written_in_very_many_points_reads_as_in_a_few(number, hand):
    paths = [path * 120 + (30 + 110 * index, 60) for index, digit in enumerate(number) for path in strokes(int(digit), hand)]
    positions = [np.linspace(0, len(path) - 1, 10_000) for path in paths]
    dense = [
        np.column_stack([np.interp(each, np.arange(len(path)), path[:, axis]) for axis in (0, 1)])
        for each, path in zip(positions, paths, strict=True)
    ]
    few, many = (read_strokes([Stroke(path, 8) for path in drawn], (560, 240)) for drawn in (paths, dense))
    assert many.text == few.text == number
    assert np.abs(np.subtract([each.box_xywh for each in many.digits], [each.box_xywh for each in few.digits])).max() <= 3


@given(st.lists(st.fixed_dictionaries({}, optional={"path": st.just([]), "type": st.text(), "strokeWidth": st.floats(0.1, 100)})))
@settings(max_examples=20)
def test_objects_without_a_path_are_left_out(objects):
    line = {"path": [["M", 1, 2], ["L", 3, 4]]}
    assert [stroke.points.tolist() for stroke in strokes_of([*objects, line, *objects])] == [[[1, 2], [3, 4]]]


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(["M", "L"]), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)).map(list), min_size=1, max_size=5),
        max_size=4,
    ),
    st.floats(0.1, 100),
)
def test_the_points_of_straight_lines_are_those_of_the_canvas(paths, pen_px):
    objects = json.loads(json.dumps([{"path": path, "strokeWidth": pen_px} for path in paths]))
    parsed = strokes_of(objects)
    assert [stroke.points.tolist() for stroke in parsed] == [[numbers for _, *numbers in path] for path in paths]
    assert all(stroke.pen_px == pen_px and stroke.points.dtype == np.float64 for stroke in parsed)


@given(canvas_objects)
@settings(max_examples=50)
@example([{"path": None}])
@example([{"path": [["Q", 1, 2]]}])
@example([{"path": [["M", 10**400, 1]]}])
@example([{"path": [["M", 1, 1]], "strokeWidth": None}])
@example([{"path": [["M", {}, 1]]}])
@example([5])
@example([{"path": [["M", 1, 1]], "strokeWidth": 10**400}])
@example([{"path": [["M", 1, np.nan]]}])
def test_any_objects_of_a_canvas_are_parsed_or_a_value_error(objects):
    parsed, error = attempt(lambda: strokes_of(objects), ValueError)
    assert all(stroke.points.shape == (len(stroke.points), 2) for stroke in parsed or [])
    assert all(len(stroke.points) and np.isfinite(stroke.points).all() and 0 <= stroke.pen_px <= 32_767 for stroke in parsed or [])
    assert error is None or re.fullmatch(r"expected .*, received .{1,80}\.", str(error))
    if parsed is not None:
        _, error = attempt(lambda: check_reading(read_strokes(parsed, (64, 48)), (64, 48)), ValueError)
        assert error is None or str(error).startswith("expected coordinates of at most 100,000 px, received ")


@pytest.mark.parametrize("objects", [None, 5, "path", {"path": []}, iter([])])
def test_what_is_no_list_of_objects_is_a_value_error(objects):
    with pytest.raises(ValueError, match=r"^expected a list of objects, received \w+\.$"):
        strokes_of(objects)


@pytest.mark.parametrize("pen_px", [None, "8", True, [8], np.nan, np.inf, -1, 32_768, 10**400, 10**5_000], ids=lambda pen: str(type(pen)))
def test_an_object_with_an_impossible_width_is_a_value_error(pen_px):
    with pytest.raises(ValueError, match=r"^expected a pen of 0 to 32,767 px, received .*\.$"):
        strokes_of([{"path": [["M", 1, 2]], "strokeWidth": pen_px}])


@pytest.mark.parametrize("path", [[["M"]], [["L"], ["M"]], "Mxy"])
def test_no_stroke_is_without_points(path):
    assert all(len(stroke.points) for stroke in strokes_of([{"path": path}]))


@given(pictures(channels=[3]), st.sampled_from([0.3, 1, 2.5]), valid_settings)
@settings(max_examples=20)
def test_any_reading_is_drawn_onto_its_picture_in_any_size(picture, scale, chosen):
    reading = read_image(picture, chosen)
    resized = cv2.resize(picture, None, fx=scale, fy=scale)
    before = resized.copy()
    annotated = annotate(resized, reading)
    assert annotated.dtype == np.uint8
    assert annotated.shape == resized.shape
    assert (resized == before).all()
    assert bool(reading.digits) == bool((annotated != resized).any())


@given(pictures(channels=[3]))
@settings(max_examples=15)
def test_a_picture_in_any_memory_layout_is_annotated_alike(picture):
    reading = read_image(picture)
    assert (annotate(picture, reading) == annotate(np.ascontiguousarray(picture), reading)).all()
