"""Properties of decoding and encoding: any file, any array, any archive, any record."""

import csv
import io
import json
import zipfile

import cv2
import numpy as np
import pytest
from hypothesis import strategies as st
from PIL import Image

from digitcore import ArchiveError, ImageError, Settings, read_image
from digitcore.io.archives import is_archive, is_system_file, unpack
from digitcore.io.conversion import WORKING_SIDE_PX, check_array, composite_on_paper, reduce_to_working_size, to_eight_bits, to_rgb
from digitcore.io.decode import load_picture
from digitcore.io.encode import encode_image
from digitcore.io.exports import Correction, labelled_zip, stages_zip
from digitcore.io.formats import unsupported_format_message
from digitcore.io.records import CSV_FIELDS, error_record, reading_record, to_csv
from digitcore.io.strokes import Stroke, draw_path, draw_strokes
from tests.digitcore.invariants import attempt
from tests.properties import given, settings
from tests.strategies import SEEDS, damaged, drawings, grey_pictures, picture_files, pictures, valid_settings, wrong_arrays, wrong_sources

FILES = picture_files()


def zip_of(files, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


ZIPS = [
    zip_of([("1.png", b"one" * 20), ("folder/2.png", b"two"), ("folder/", b"")]),
    zip_of([("1.png", b"one" * 20), ("ä.png", b"")], zipfile.ZIP_STORED),
    zip_of([("1.png", b"one" * 20)], zipfile.ZIP_BZIP2),
    zip_of([("1.png", b"one" * 20)], zipfile.ZIP_LZMA),
]


@given(st.binary(max_size=200) | damaged(list(FILES.values())))
@settings(max_examples=20)
def test_any_bytes_become_a_picture_or_an_image_error(content):
    picture, error = attempt(lambda: load_picture(content), ImageError)
    if error is not None:
        assert error.message.endswith((".", "try again."))
        return
    assert (picture.pixels.dtype, picture.pixels.ndim, picture.pixels.shape[2]) == (np.uint8, 3, 3)
    assert picture.pixels.shape[1::-1] == picture.size_wh  # none of these files is large enough to be reduced
    assert picture.scale == 1


@pytest.mark.parametrize("content", FILES.values(), ids=FILES.keys())
def test_every_beginning_of_a_file_is_read_or_an_image_error(content):
    for length in range(0, len(content), 7):
        picture, error = attempt(lambda length=length: load_picture(content[:length]), ImageError)
        assert (picture is None) != (error is None)


@given(pictures(min_side_px=8, max_side_px=300))
def test_a_loaded_array_keeps_its_size_and_its_colours(picture):
    before = picture.copy()
    loaded = load_picture(picture)
    assert loaded.size_wh == picture.shape[1::-1]
    assert (picture == before).all()
    if picture.ndim == 2:
        assert (loaded.pixels == picture[..., np.newaxis]).all()
    elif picture.shape[2] == 3:
        assert (loaded.pixels == picture).all()


@given(wrong_sources)
def test_whatever_is_no_picture_is_a_value_error(source):
    with pytest.raises(ValueError, match=r"^expected bytes or uint8 .*, received "):
        check_array(source)


@given(st.integers(1, 4_000), st.integers(1, 40), st.booleans(), st.sampled_from([(), (3,), (4,)]))
@settings(max_examples=20)
def test_only_larger_pictures_are_reduced_and_keep_their_aspect_ratio(long_px, short_px, is_upright, channels):
    shape = (long_px, short_px) if is_upright else (short_px, long_px)
    pixels = np.full((*shape, *channels), 7, np.uint8)
    reduced = reduce_to_working_size(pixels)
    if max(shape) <= WORKING_SIDE_PX:
        assert reduced is pixels
        return
    assert max(reduced.shape[:2]) == WORKING_SIDE_PX
    assert (reduced == 7).all()
    scale = WORKING_SIDE_PX / max(shape)
    assert all(abs(side - scale * full) <= 0.5 or side == 1 for side, full in zip(reduced.shape, shape, strict=False))


@given(pictures(min_side_px=1, channels=[4]))
def test_a_transparent_picture_keeps_opaque_pixels_and_shows_one_paper_elsewhere(picture):
    before, composite = picture.copy(), composite_on_paper(picture)
    alpha = picture[..., 3]
    assert composite.dtype == np.uint8
    assert composite.shape == (*picture.shape[:2], 3)
    assert (composite[alpha == 255] == picture[alpha == 255][:, :3]).all()
    hidden = composite[alpha == 0]
    assert (hidden == 0).all() or (hidden == 255).all()
    assert (picture == before).all()


@given(pictures(min_side_px=1))
def test_any_picture_becomes_rgb(picture):
    rgb = to_rgb(picture)
    assert rgb.dtype == np.uint8
    assert rgb.shape == (*picture.shape[:2], 3)
    assert (to_rgb(rgb) == rgb).all()


@given(SEEDS, st.sampled_from([np.uint8, np.int8, np.uint16, np.int16, np.int32, np.uint32, np.float32, np.float64]), st.booleans())
def test_any_depth_becomes_eight_bits_in_the_same_order_of_levels(seed, dtype, is_negative):
    rng = np.random.default_rng(seed)
    levels = rng.normal(0, 10 ** rng.uniform(0, 4), (7, 9))
    deep = (levels if is_negative else np.abs(levels)).clip(*_limits(dtype)).astype(dtype)
    before, eight_bits = deep.copy(), to_eight_bits(deep)
    assert eight_bits.dtype == np.uint8
    assert eight_bits.shape == deep.shape
    order = np.argsort(deep, axis=None, kind="stable")
    assert (np.diff(eight_bits.ravel()[order].astype(int)) >= 0).all()
    assert (deep == before).all()


def _limits(dtype):
    return (np.iinfo(dtype).min, np.iinfo(dtype).max) if np.issubdtype(dtype, np.integer) else (-1e30, 1e30)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_levels_that_are_not_finite_count_as_none(value):
    assert to_eight_bits(np.array([[value, 0.0, 1.0, 2.0]], np.float32)).tolist() == [[0, 0, 128, 255]]


EXTREME_RANGES = {
    "32 bits": np.array([[-3e38, 3e38]], np.float32),
    "64 bits": np.array([[-1e300, 1e300]]),
    "64 bits from 0": np.array([[0, 1e300]]),
    "the greatest of 16 bits": np.array([[-65504, 65504]], np.float16),
    "the greatest of 32 bits": np.array([[np.finfo(np.float32).min, np.finfo(np.float32).max]]),
    "the greatest of 64 bits": np.array([[np.finfo(np.float64).min, np.finfo(np.float64).max]]),
    "the greatest of extended precision": np.array([[np.finfo(np.longdouble).min, np.finfo(np.longdouble).max]]),
    "the least of 32 bits": np.array([[0, np.finfo(np.float32).smallest_subnormal]], np.float32),
    "the least of 64 bits": np.array([[-np.finfo(np.float64).smallest_subnormal, 0]]),
}


@pytest.mark.parametrize("deep", EXTREME_RANGES.values(), ids=EXTREME_RANGES.keys())
def test_the_greatest_and_the_least_floating_point_levels_are_scaled_as_well(deep):
    assert to_eight_bits(deep).tolist() == [[0, 255]]


@given(SEEDS, st.sampled_from([2.0**1000, 2.0**-1000]))
def test_extreme_levels_are_scaled_like_ordinary_ones(seed, unit):
    levels = np.random.default_rng(seed).normal(0, 1, (7, 9))
    extreme = to_eight_bits(np.append(levels * unit, np.inf)).astype(int)
    assert np.abs(extreme - to_eight_bits(np.append(levels, np.inf))).max() <= 1


@given(st.binary(max_size=100) | damaged(list(FILES.values())))
@settings(max_examples=20)
def test_a_message_for_any_bytes_says_what_to_do(content):
    assert unsupported_format_message(content).endswith("Save it as JPEG or PNG and try again.")


@given(pictures(min_side_px=1, channels=[1, 3]))
def test_a_png_holds_exactly_its_pixels(picture):
    before, content = picture.copy(), encode_image(picture, "png")
    assert (np.asarray(Image.open(io.BytesIO(content))) == picture).all()
    assert encode_image(picture, "png") == content
    assert (picture == before).all()


@given(pictures(min_side_px=8, channels=[1, 3], kinds=["constant", "gradient"]))
@settings(max_examples=20)
def test_a_jpeg_holds_about_its_pixels(picture):
    decoded = np.asarray(Image.open(io.BytesIO(encode_image(picture, "jpeg"))))
    assert decoded.shape == picture.shape
    assert np.abs(decoded.astype(int) - picture).max() < 24


NO_PICTURES = {
    "empty": np.zeros((0, 5), np.uint8),
    "empty in colour": np.zeros((5, 0, 3), np.uint8),
    "floating-point": np.zeros((5, 5)),
    "a mask": np.zeros((5, 5), np.bool_),
    "one channel": np.zeros((5, 5, 1), np.uint8),
    "two channels": np.zeros((5, 5, 2), np.uint8),
    "four channels": np.zeros((5, 5, 4), np.uint8),
    "one axis": np.zeros(5, np.uint8),
    "four axes": np.zeros((2, 5, 5, 3), np.uint8),
    "nothing": None,
    "a list": [[0, 255]],
}


@pytest.mark.parametrize("image", NO_PICTURES.values(), ids=NO_PICTURES.keys())
@pytest.mark.parametrize("file_format", ["png", "jpeg"])
def test_what_is_no_picture_can_not_be_encoded(image, file_format):
    with pytest.raises(ValueError, match=r"^expected uint8 of shape \(H, W\) or \(H, W, 3\), not empty, received "):
        encode_image(image, file_format)


@given(wrong_arrays())
def test_no_wrong_array_can_be_encoded(image):
    if image.dtype == np.uint8 and image.ndim == 3 and image.shape[2] == 3:
        assert encode_image(image, "png")
        return
    with pytest.raises(ValueError, match="expected uint8"):
        encode_image(image, "png")


@given(st.binary(max_size=100) | damaged(ZIPS))
@settings(max_examples=20)
def test_any_bytes_are_unpacked_or_an_archive_error(content):
    files, error = attempt(lambda: list(unpack(content)), ArchiveError)
    assert error is not None or files
    for file in files or []:
        assert isinstance(file.content, bytes)
        assert file.error is None or (file.content == b"" and isinstance(file.error, ArchiveError))


def test_a_file_without_a_name_is_unpacked_or_an_archive_error():
    files, error = attempt(lambda: list(unpack(zip_of([("", b"one"), ("1.png", b"two")]))), ArchiveError)
    assert error is not None or files[-1].content == b"two"


@given(st.dictionaries(st.text("abz09 ._-äß/", min_size=1, max_size=20), st.binary(max_size=200), min_size=1, max_size=5))
def test_an_archive_gives_its_files_back(files):
    plain = {name: content for name, content in files.items() if not name.endswith("/") and not is_system_file(name)}
    unpacked, error = attempt(lambda: list(unpack(zip_of(files.items()))), ArchiveError)
    if not plain:
        assert "empty" in error.message
        return
    assert [file.name for file in unpacked] == list(plain)
    for file in unpacked:
        unsafe = file.name.startswith("/") or ".." in file.name.split("/")
        assert (file.error is not None) == unsafe
        assert file.content == (b"" if unsafe else plain[file.name])


@given(st.text(), st.binary(max_size=8))
def test_any_name_is_checked(name, content):
    assert is_archive(name + ".zip", content)
    assert is_archive(name, b"PK\x03\x04" + content)
    assert is_system_file("__MACOSX/" + name)
    assert isinstance(is_system_file(name), bool)


starts_of_formulas = ["=1+1", "+1", "-1", "@A1", "\tx", "\rx", "\nx"]
cells = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from([*starts_of_formulas, '"', ",", "''"])


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=4))
def test_a_csv_gives_its_cells_back_and_no_cell_is_a_formula(rows):
    table = to_csv([error_record(name, error) for name, error in rows])
    header, *read = csv.reader(io.StringIO(table, newline=""))
    assert tuple(header) == CSV_FIELDS
    for (name, error), row in zip(rows, read, strict=True):
        found = dict(zip(header, row, strict=True))
        assert found["status"] == "error"
        for given_text, cell in ((name, found["file"]), (error, found["error"])):
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
            assert cell in (given_text, f"'{given_text}")


@given(pictures(), cells)
@settings(max_examples=12)
def test_the_record_of_a_reading_is_strict_json_and_a_row(picture, name):
    reading = read_image(picture)
    record = reading_record(name, reading)
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    (row,) = csv.DictReader(io.StringIO(to_csv([record]), newline=""))
    assert row["text"].lstrip("'") == reading.text
    assert int(row["refused"]) == sum(not digit.accepted for digit in reading.digits)
    assert row["lowest_confidence"] == ("" if reading.lowest_confidence is None else str(round(reading.lowest_confidence, 6)))


@given(pictures(), valid_settings)
@settings(max_examples=10)
def test_the_stages_of_any_reading_are_packed_in_their_order(picture, chosen):
    reading = read_image(picture, chosen)
    content = stages_zip(reading, chosen)
    assert stages_zip(reading, chosen) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        *images, recipe = archive.namelist()
        assert [name[3:-4] for name in images] == [stage.name for stage in reading.stages]
        for name, stage in zip(images, reading.stages, strict=True):
            assert (np.asarray(Image.open(io.BytesIO(archive.read(name)))) == stage.image).all()
        assert Settings.from_json(archive.read(recipe)) == chosen


corrections = st.builds(Correction, grey_pictures(28, 28), *[st.none() | st.integers(0, 9)] * 2, st.floats(0, 1))


@given(st.lists(corrections, max_size=4))
def test_corrections_are_packed_with_their_labels(given_corrections):
    with zipfile.ZipFile(io.BytesIO(labelled_zip(given_corrections))) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("labels.csv").decode())))
        assert len(archive.namelist()) == len(rows) + 1 == len(given_corrections) + 1
        for row, correction in zip(rows, given_corrections, strict=True):
            label, said = ("none" if each is None else str(each) for each in (correction.label, correction.predicted))
            assert row["label"] == row["file"].split("/")[0] == label
            assert row["said"] == said
            assert float(row["confidence"]) == pytest.approx(correction.confidence, abs=5.1e-7)
            assert (np.asarray(Image.open(io.BytesIO(archive.read(row["file"])))) == correction.model_input).all()


@given(drawings(), st.tuples(st.integers(1, 90), st.integers(1, 90)))
@settings(max_examples=15)
def test_any_drawing_darkens_white_paper_only(drawing, size_wh):
    paper = draw_strokes(drawing, size_wh)
    assert paper.dtype == np.uint8
    assert paper.shape == size_wh[::-1]
    assert (paper >= draw_strokes([*drawing, *drawing], size_wh)).all()
    assert (draw_strokes([], size_wh) == 255).all()


@given(drawings(), st.tuples(st.integers(1, 90), st.integers(1, 90)))
@settings(max_examples=15)
def test_the_order_of_strokes_changes_no_more_than_the_rounding_of_their_edges(drawing, size_wh):
    forwards, backwards = draw_strokes(drawing, size_wh).astype(int), draw_strokes(drawing[::-1], size_wh)
    assert np.abs(forwards - backwards).max() <= len(drawing)


@given(drawings(max_strokes=3), st.integers(0, 20), st.integers(0, 20))
@settings(max_examples=20)
def test_a_drawing_moved_by_whole_pixels_is_the_same_drawing_moved(drawing, right_px, down_px):
    # Sixteenths of a pixel are drawn exactly; lines that the border clips are not.
    drawing = [Stroke(np.round(stroke.points / 2) / 4 + 50, stroke.pen_px / 2) for stroke in drawing]
    here, there = np.zeros((120, 120), np.uint8), np.zeros((120, 120), np.uint8)
    for stroke in drawing:
        draw_path(here, stroke.points, stroke.pen_px, grey=255)
        draw_path(there, stroke.points + np.array([right_px, down_px]), stroke.pen_px, grey=255)
    assert (there[down_px:, right_px:] == here[: 120 - down_px, : 120 - right_px]).all()


@pytest.mark.parametrize("pen_px", [np.nan, np.inf, 40_000.0, -1.0, None, "8"])
def test_a_pen_of_impossible_width_is_a_value_error(pen_px):
    with pytest.raises(ValueError, match=r"^expected a pen of 0 to 32,767 px, received .*\.$"):
        draw_path(np.zeros((9, 9), np.uint8), np.zeros((2, 2)), pen_px, grey=0)
    with pytest.raises(ValueError, match="expected a pen"):
        draw_strokes([Stroke(np.zeros((2, 2)), pen_px)], (9, 9))


@pytest.mark.parametrize("points", [[[np.nan, 0.0]], [[0.0, np.inf]], [[1e300, 0.0]], [[0.0, -100_001.0]], np.zeros((0, 2)), [[1.0]], [[]]])
def test_points_at_impossible_places_are_a_value_error(points):
    with pytest.raises(ValueError, match=r"^expected .*, received .*\.$"):
        draw_path(np.zeros((9, 9), np.uint8), np.array(points, np.float64), 1, grey=0)


@pytest.mark.parametrize("pen_px", [0, 1, 8.4, np.float32(30), np.int64(1_000), 32_767])
@pytest.mark.parametrize("far_px", [300, 100_000])
def test_lines_from_far_away_are_drawn_in_their_width(pen_px, far_px):
    paper = draw_strokes([Stroke(np.array([[-far_px, 100], [far_px, 100]]), pen_px)], (100, 200))
    inner = paper[:, 2:-2]  # OpenCV's antialiasing differs where it clips a line
    assert (inner == inner[:, :1]).all()
    assert (inner[:, 0] < 128).sum() == pytest.approx(min(max(float(pen_px), 1), 200), abs=1)


def test_a_picture_of_opencv_is_encoded_with_its_colours_in_order():
    picture = np.zeros((8, 8, 3), np.uint8)
    picture[..., 0] = 200
    decoded = cv2.imdecode(np.frombuffer(encode_image(picture, "png"), np.uint8), cv2.IMREAD_COLOR)
    assert decoded[0, 0].tolist() == [0, 0, 200]
