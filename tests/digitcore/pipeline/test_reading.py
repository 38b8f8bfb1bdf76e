import cv2
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digitcore import DigitError, Settings, read_image
from digitcore.io.decode import load_picture
from synthetic.hands import HANDS, strokes, write
from synthetic.paper import Scene, photograph
from tests.properties import given, settings

PHOTO_STAGES = [
    *("original", "grey", "smoothed", "polarity", "paper", "darkness", "threshold", "writing", "ink"),
    *("crop", "stroke", "fit", "centre"),
]
DRAWING_STAGES = ["original", "grey", "ink", "crop", "stroke", "fit", "centre"]


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("pen_px", [4, 16, 30])
def test_every_digit_of_every_hand_and_pen_is_read_from_the_canvas(drawing, digit, hand, pen_px):
    reading = read_image(drawing(digit, hand, pen_px=pen_px), Settings.for_drawing())
    assert (reading.status, reading.text) == ("ok", str(digit))


SCENES = {
    "white paper": Scene(),
    "pencil on grey": Scene(paper_rgb=(200, 198, 190), ink_rgb=(140, 138, 134), pen=0.05),
    "uneven light": Scene(light_fall=0.5),
    "shadow": Scene(shadow=0.6),
    "chalk": Scene(paper_rgb=(40, 60, 50), ink_rgb=(225, 228, 220), noise=6),
    "yellow felt pen": Scene(ink_rgb=(252, 222, 70), pen=0.1, light_fall=0.3),
    "red pencil": Scene(ink_rgb=(240, 150, 150), pen=0.06, shadow=0.4),
    "blurred and noisy": Scene(blur_px=3, noise=9),
}


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
@pytest.mark.parametrize("hand", ["round", *(pytest.param(each, marks=pytest.mark.nightly) for each in HANDS if each != "round")])
def test_photographs_are_read(hand, scene):
    wrong = [digit for digit in range(10) if read_image(photograph(str(digit), hand, (320, 240), 140, scene, digit)).text != str(digit)]
    assert wrong == []


def test_a_number_is_read_from_left_to_right():
    assert read_image(photograph("2026", "round", (640, 240), 120, Scene(), 1)).text == "2026"


def test_an_inverted_picture_reads_the_same(drawing):
    for digit in range(10):
        picture = drawing(digit)[..., :3]
        assert read_image(picture).text == read_image(255 - picture).text == str(digit)


@given(st.integers(0, 80), st.integers(0, 60), st.integers(0, 9))
@settings(max_examples=25, deadline=None)
def test_a_moved_drawing_gives_the_same_model_input(x, y, digit):
    def model_input(corner_xy):
        ink = write(np.zeros((280, 280), np.uint8), strokes(digit), corner_xy, 180, 16)
        return read_image(255 - ink, Settings.for_drawing()).digits[0].model_input

    assert (model_input((x + 20, y + 20)) == model_input((20, 20))).all()


def test_the_stages_come_in_the_order_of_the_way(drawing):
    picture = drawing(3)
    assert [stage.name for stage in read_image(picture).stages] == PHOTO_STAGES
    assert [stage.name for stage in read_image(picture, Settings.for_drawing()).stages] == DRAWING_STAGES


def test_each_stage_has_a_picture_and_a_sentence(drawing):
    for stage in read_image(drawing(3)).stages:
        assert stage.image.dtype == np.uint8
        assert stage.image.ndim in (2, 3)
        assert stage.note.endswith(".")


def test_the_last_stage_is_what_the_network_saw(drawing):
    reading = read_image(drawing(3))
    assert (reading.stages[-1].image == reading.digits[0].model_input).all()


def test_settings_leave_steps_out(drawing):
    names = {stage.name for stage in read_image(drawing(3), Settings(smoothing_px=0, minimum_stroke=0)).stages}
    assert not {"smoothed", "stroke"} & names


def test_clahe_can_be_chosen(drawing):
    reading = read_image(drawing(3), Settings(clahe_clip=2))
    assert reading.text == "3"
    assert "clahe" in {stage.name for stage in reading.stages}


def test_printed_lines_can_be_kept():
    page = photograph("35", "round", (640, 480), 150, Scene(ruling="ruled", ruling_rgb=(120, 120, 160)), 2)
    writing = {
        choice: next(stage.image for stage in read_image(page, Settings(rulings=choice)).stages if stage.name == "writing")
        for choice in ("remove", "keep")
    }
    assert (writing["keep"] > 0).sum() > 1.5 * (writing["remove"] > 0).sum()
    assert read_image(page).text == "35"


def test_small_lines_are_left_out_unless_asked_for():
    page = photograph("507", "round", (800, 600), 200, Scene(), 3)
    cv2.putText(page, "2 4 1", (600, 560), cv2.FONT_HERSHEY_SIMPLEX, 1.8, (35, 38, 52), 4, cv2.LINE_AA)
    assert read_image(page).text == "507"
    assert read_image(page, Settings(smallest_line=0)).lines[0] == "507"
    assert len(read_image(page, Settings(smallest_line=0)).digits) > 3


@pytest.mark.parametrize("threshold", ["otsu", "adaptive"])
def test_a_chosen_threshold_is_used(drawing, threshold):
    reading = read_image(drawing(3), Settings(threshold=threshold))
    assert reading.text == "3"
    assert threshold in next(stage.note.lower() for stage in reading.stages if stage.name == "threshold")


def test_a_declared_polarity_is_believed(drawing):
    page = drawing(3)
    assert read_image(page, Settings(polarity="dark_ink")).text == "3"
    assert read_image(page, Settings(polarity="light_ink")).text == ""


@pytest.mark.parametrize(
    ("level", "mode"),
    [*((level, Settings()) for level in (0, 1, 128, 254, 255)), *((level, Settings.for_drawing()) for level in (254, 255))],
)
def test_one_grey_all_over_is_blank(level, mode):
    reading = read_image(np.full((280, 280, 3), level, np.uint8), mode)
    assert (reading.status, reading.text, reading.digits) == ("blank", "", [])


@pytest.mark.parametrize("level", [0, 1, 128])
def test_a_canvas_that_is_all_ink_is_no_digit(level):
    reading = read_image(np.full((280, 280, 3), level, np.uint8), Settings.for_drawing())
    assert (reading.status, reading.text) == ("no_digit", "")


@pytest.mark.parametrize("noise_sd", [2, 8, 20])
def test_noise_alone_is_no_digit(noise_sd):
    noise = np.random.default_rng(5).normal(190, noise_sd, (240, 320))
    assert read_image(np.clip(noise, 0, 255).astype(np.uint8)).text == ""


def test_light_that_falls_across_empty_paper_is_blank():
    empty = np.tile(np.linspace(230, 90, 320), (240, 1)).astype(np.uint8)
    assert read_image(empty).text == ""


@pytest.mark.parametrize("pen_px", [4, 16, 40])
def test_one_dot_predicts_nothing_and_says_why(pen_px):
    ink = write(np.zeros((280, 280), np.uint8), [np.array([[0.5, 0.5], [0.5, 0.5]])], (0, 0), 280, pen_px)
    reading = read_image(255 - ink, Settings.for_drawing())
    assert (reading.status, reading.text) == ("no_digit", "")
    assert reading.digits[0].reason == "it is a dot or a blot"
    assert not reading.digits[0].accepted


@pytest.mark.parametrize("factor", [0.25, 1, 9])
def test_boxes_are_in_pixels_of_the_original(factor):
    side = round(280 * factor)
    ink = write(np.zeros((side, side), np.uint8), strokes(8), (70 * factor, 50 * factor), 180 * factor, 16 * factor)
    x, y, width, height = read_image(255 - ink).digits[0].box_xywh
    true_x, true_y, true_width, true_height = (
        int(v) for v in (np.argmax(ink.any(0)), np.argmax(ink.any(1)), ink.any(0).sum(), ink.any(1).sum())
    )
    slack = max(2, 0.02 * side)
    assert abs(x - true_x) <= slack
    assert abs(y - true_y) <= slack
    assert abs(width - true_width) <= 2 * slack
    assert abs(height - true_height) <= 2 * slack


def test_a_mark_in_the_last_pixel_has_a_box_inside_the_picture():
    tiny = np.zeros((24, 33), np.uint8)
    tiny[2:22, 16] = 255
    tiny[10:14, 31:33] = 255
    for digit in read_image(tiny).digits:
        x, y, width, height = digit.box_xywh
        assert 0 <= x < x + width <= 33
        assert 0 <= y < y + height <= 24


def test_the_answer_as_json_has_the_contracts_fields(drawing):
    answer = read_image(drawing(7)).to_dict()
    assert set(answer) == {"status", "text", "lines", "numbers", "alternatives", "digits", "notes", "elapsed_ms"}
    assert (answer["text"], answer["lines"]) == ("7", ["7"])
    digit = answer["digits"][0]
    assert set(digit) == {"label", "confidence", "probabilities", "digit_score", "accepted", "reason", "box_xywh", "line", "separator"}
    assert digit["label"] == 7
    assert digit["confidence"] == max(digit["probabilities"])
    assert sum(digit["probabilities"]) == pytest.approx(1, abs=1e-4)
    assert answer["elapsed_ms"] > 0


@pytest.mark.slow
@given(arrays(np.uint8, st.tuples(st.integers(8, 60), st.integers(8, 60))), st.sampled_from(["photo", "drawing"]))
@settings(max_examples=60, deadline=None)
def test_any_picture_gives_an_answer(picture, medium):
    reading = read_image(picture, Settings(medium=medium))
    assert reading.status in ("ok", "blank", "no_digit")
    for digit in reading.digits:
        x, y, width, height = digit.box_xywh
        assert 0 <= x < x + width <= picture.shape[1]
        assert 0 <= y < y + height <= picture.shape[0]


def test_wrong_input_is_told_apart_from_bad_pictures():
    with pytest.raises(ValueError, match="expected bytes or uint8"):
        read_image("digits.png")
    with pytest.raises(DigitError):
        read_image(b"not a picture")


def test_the_source_is_never_written_to(drawing):
    picture = drawing(3)
    before = picture.copy()
    picture.setflags(write=False)
    read_image(picture)
    assert (picture == before).all()


@pytest.mark.slow
def test_a_loaded_picture_reads_as_its_file_does_with_boxes_in_the_original():
    photo = photograph("52", "round", (3200, 2400), 900, Scene(), 1)
    loaded = load_picture(photo)
    assert loaded.pixels.shape[1] == 1600
    once, again = read_image(photo), read_image(loaded)
    assert [digit.to_dict() for digit in again.digits] == [digit.to_dict() for digit in once.digits]
    assert again.size_wh == (3200, 2400)
    assert again.digits[0].box_xywh[3] > 800


def test_the_steps_of_mnists_recipe_can_be_turned_off(drawing):
    squashed, boxed = (read_image(drawing(1), Settings(**change)) for change in ({"aspect_ratio": "squash"}, {"centring": "box"}))
    fitted = {stage.name: stage for stage in squashed.stages}["fit"]
    assert fitted.image.shape == (20, 20)
    assert "aspect ratio is lost" in fitted.note
    centred = {stage.name: stage for stage in boxed.stages}["centre"]
    rows = np.flatnonzero(centred.image.any(axis=1))
    assert (rows[0], rows[-1]) == (4, 23)
    assert "middle of its box" in centred.note
    assert (centred.image == boxed.digits[0].model_input).all()


@pytest.mark.parametrize("gap_px", [2, 10])
def test_a_photographed_eight_of_two_rings_is_one_digit(gap_px):
    paper = np.full((300, 300), 225, np.uint8)
    cv2.circle(paper, (150, 110), 34, 60, 8, cv2.LINE_AA)
    cv2.circle(paper, (148, 194 + gap_px), 42, 60, 8, cv2.LINE_AA)
    assert read_image(paper).text == "8"
