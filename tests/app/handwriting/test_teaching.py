import numpy as np
import pytest

from app.handwriting.session import Handwriting
from app.handwriting.teaching import Phase, Teaching
from digitcore import DrawingError, ProfileError, Stroke, WriterProfile
from digitcore.io.strokes import MAX_STROKES
from digitcore.recognition.teaching import FieldGrid, digits_in_fields
from digitcore.recognition.writer_profile import MAX_EXAMPLES
from synthetic.hands import strokes

SIZE_WH = (500, 240)


def page_of(digits, hand):
    grid = FieldGrid(SIZE_WH)
    return [
        Stroke(path * 80 + (grid.box(digit).x + 25, grid.box(digit).y + 20), pen_px=8) for digit in digits for path in strokes(digit, hand)
    ]


@pytest.fixture
def teaching():
    started = Teaching()
    started.start()
    started.canvas.resize(SIZE_WH)
    return started


def test_after_two_rounds_all_digits_are_examples(teaching):
    handwriting = Handwriting()
    teaching.finish_round(page_of(range(10), "round"), handwriting)
    assert (teaching.phase, teaching.round_number, len(handwriting)) == (Phase.WRITING, 2, 0)
    teaching.finish_round(page_of(range(10), "slanted"), handwriting)
    assert (teaching.phase, len(handwriting)) == (Phase.RESULT, 20)
    assert handwriting.profile.labels.tolist() == [*range(10), *range(10)]


def test_the_second_round_is_compared_with_the_first_one_alone(teaching):
    teaching.finish_round(page_of([7], "hooked"), Handwriting())
    teaching.finish_round(page_of([1, 7], "hooked"), Handwriting())
    shown = digits_in_fields(page_of([1, 7], "hooked"), SIZE_WH)
    assert [each.label for each in teaching.comparisons] == [1, 7]
    assert all((each.model_input == shown[each.label]).all() for each in teaching.comparisons)


def test_earlier_examples_have_no_part_in_the_comparison(teaching):
    handwriting, confidences = Handwriting(), []
    for _ in range(2):
        teaching.start()
        teaching.finish_round(page_of(range(10), "round"), handwriting)
        teaching.finish_round(page_of(range(10), "square"), handwriting)
        confidences.append([each.after.confidence for each in teaching.comparisons])
    assert confidences[0] == confidences[1]
    assert len(handwriting) == 40


def test_an_empty_second_round_teaches_the_first_one_without_a_comparison(teaching):
    handwriting = Handwriting()
    teaching.finish_round(page_of([2], "round"), handwriting)
    teaching.finish_round([], handwriting)
    assert (len(handwriting), teaching.comparisons) == (1, [])
    assert teaching.missing() == [0, 1, *range(3, 10)]


def test_an_empty_first_round_leaves_nothing_to_compare_with(teaching):
    handwriting = Handwriting()
    teaching.finish_round([], handwriting)
    teaching.finish_round(page_of([2], "round"), handwriting)
    assert (len(handwriting), teaching.comparisons) == (1, [])


def test_without_any_digit_nothing_is_learned(teaching):
    handwriting = Handwriting()
    for _ in range(2):
        teaching.finish_round([], handwriting)
    assert (teaching.phase, handwriting.profile) == (Phase.RESULT, None)


def test_a_digit_that_was_written_in_one_round_is_not_missing(teaching):
    teaching.finish_round(page_of([*range(9)], "round"), Handwriting())
    assert teaching.missing() == [9]
    teaching.finish_round(page_of([9], "round"), Handwriting())
    assert teaching.missing() == []


def test_cancelling_drops_what_was_written(teaching):
    teaching.finish_round(page_of([2], "round"), Handwriting())
    teaching.stop()
    assert (teaching.phase, teaching.rounds) == (Phase.OFF, [])


def test_a_round_that_cannot_be_read_is_not_finished(teaching):
    with pytest.raises(DrawingError):
        teaching.finish_round([Stroke(np.array([[1.0, 1.0]]), 8)] * (MAX_STROKES + 1), Handwriting())
    assert teaching.round_number == 1


def test_each_round_begins_with_an_empty_canvas(teaching):
    teaching.canvas.history = teaching.canvas.history.with_step([{"path": [["M", 1, 1]]}])
    generation = teaching.canvas.generation
    teaching.finish_round(page_of([2], "round"), Handwriting())
    assert teaching.canvas.history.strokes == []
    assert teaching.canvas.generation != generation


def test_a_full_handwriting_is_reported_and_nothing_is_added(teaching):
    handwriting, full = Handwriting(), WriterProfile()
    for _ in range(MAX_EXAMPLES - 1):
        full.add(np.full((28, 28), 9, np.uint8), 1)
    handwriting.load(full)
    teaching.finish_round(page_of([2], "round"), handwriting)
    with pytest.raises(ProfileError):
        teaching.finish_round(page_of([2], "round"), handwriting)
    assert len(handwriting) == MAX_EXAMPLES - 1
