import numpy as np
import pytest

from digitcore import DrawingError, ProfileError, Stroke, WriterProfile, read_strokes
from digitcore.io.strokes import MAX_STROKES
from digitcore.recognition.personalization import PersonalClassifier
from digitcore.recognition.teaching import FieldGrid, add_digits, compare, digits_in_fields
from digitcore.recognition.writer_profile import MAX_EXAMPLES
from digitcore.types import Box
from synthetic.hands import HANDS, strokes
from synthetic.writers import make_writer

SIZE_WH = (560, 300)
WRITER = make_writer(3_000_000)


def in_field(digit, paths, size_wh=SIZE_WH, height=0.6):
    """Place paths of a digit, in its heights, in the middle of its field."""
    box = FieldGrid(size_wh).box(digit)
    points = np.concatenate(paths)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return [Stroke((path - middle) * (height * box.height) + (box.center_x, box.center_y), pen_px=8) for path in paths]


def page_of(digits, hand="round", size_wh=SIZE_WH):
    return [stroke for digit in digits for stroke in in_field(digit, strokes(digit, hand), size_wh)]


def written_by(writer, seed):
    rng = np.random.default_rng(seed)
    return [stroke for digit in range(10) for stroke in in_field(digit, writer.write(digit, rng)[0])]


def test_the_fields_cover_the_drawing_in_two_rows():
    grid = FieldGrid((500, 200))
    assert [grid.box(digit) for digit in (0, 4, 5, 9)] == [
        Box(0, 0, 100, 100),
        Box(400, 0, 100, 100),
        Box(0, 100, 100, 100),
        Box(400, 100, 100, 100),
    ]


def test_the_fields_of_any_size_have_no_gaps():
    grid = FieldGrid((373, 251))
    boxes = [grid.box(digit) for digit in range(10)]
    assert sum(box.width * box.height for box in boxes) == 373 * 251
    assert [box.x + box.width for box in boxes[:4]] == [box.x for box in boxes[1:5]]


@pytest.mark.parametrize("digit", range(10))
def test_a_stroke_belongs_to_the_field_that_holds_it(digit):
    grid = FieldGrid(SIZE_WH)
    assert {grid.digit_of(stroke) for stroke in in_field(digit, strokes(digit))} == {digit}


def test_a_stroke_over_two_fields_belongs_to_the_one_with_most_of_its_length():
    grid = FieldGrid((500, 200))
    quick_then_slow = np.concatenate([[[30.0, 50.0], [99.0, 50.0]], np.stack([np.linspace(100, 130, 300), np.full(300, 50.0)], axis=1)])
    assert grid.digit_of(Stroke(quick_then_slow, 8)) == 0
    assert grid.digit_of(Stroke(np.array([[80.0, 50.0], [160.0, 50.0]]), 8)) == 1
    assert grid.digit_of(Stroke(np.array([[50.0, 90.0], [50.0, 180.0]]), 8)) == 5


@pytest.mark.parametrize(("point", "digit"), [((-40.0, 20.0), 0), ((600.0, -9.0), 4), ((-1e5, 1e5), 5), ((560.0, 300.0), 9)])
def test_a_point_beside_the_drawing_belongs_to_the_nearest_field(point, digit):
    assert FieldGrid(SIZE_WH).digit_of(Stroke(np.array([point]), 8)) == digit


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("size_wh", [SIZE_WH, (358, 260)])
def test_a_taught_digit_is_what_reading_it_alone_gives(hand, size_wh):
    taught = digits_in_fields(page_of(range(10), hand, size_wh), size_wh)
    assert list(taught) == list(range(10))
    for digit, model_input in taught.items():
        (read,) = read_strokes(page_of([digit], hand, size_wh), size_wh).digits
        assert (model_input == read.model_input).all(), digit


def test_the_order_of_strokes_does_not_matter():
    drawing = page_of(range(10), "slanted")
    forwards, backwards = (digits_in_fields(each, SIZE_WH) for each in (drawing, drawing[::-1]))
    assert all((forwards[digit] == backwards[digit]).all() for digit in range(10))


def test_empty_fields_are_left_out():
    assert digits_in_fields([], SIZE_WH) == {}
    assert list(digits_in_fields(page_of([7, 2]), SIZE_WH)) == [2, 7]


def test_a_dot_teaches_nothing():
    dot = Stroke(np.array([[50.0, 50.0], [53.0, 51.0]]), 8)
    assert list(digits_in_fields([dot, *page_of([3])], SIZE_WH)) == [3]


def test_ink_beside_the_drawing_teaches_nothing():
    outside = Stroke(np.array([[-90.0, 20.0], [-90.0, 120.0]]), 8)
    assert digits_in_fields([outside], SIZE_WH) == {}


def test_a_drawing_with_too_many_strokes_is_refused():
    with pytest.raises(DrawingError):
        digits_in_fields([Stroke(np.array([[1.0, 1.0]]), 8)] * (MAX_STROKES + 1), SIZE_WH)


def test_digits_are_added_under_their_labels():
    profile, digits = WriterProfile(), digits_in_fields(page_of([4, 9]), SIZE_WH)
    add_digits(profile, digits)
    assert profile.labels.tolist() == [4, 9]
    assert (profile.images[1] == digits[9]).all()


def test_a_full_profile_is_reported():
    profile, digits = WriterProfile(), digits_in_fields(page_of([4]), SIZE_WH)
    for _ in range(MAX_EXAMPLES):
        add_digits(profile, digits)
    with pytest.raises(ProfileError):
        add_digits(profile, digits)


def test_a_comparison_reads_each_digit_without_and_with_the_profile(classifier):
    first, second = (digits_in_fields(written_by(WRITER, seed), SIZE_WH) for seed in (1, 2))
    profile = WriterProfile()
    add_digits(profile, first)
    comparisons = compare(second, profile, classifier)
    images = np.stack(list(second.values()))
    assert [each.label for each in comparisons] == list(second)
    assert [each.before.label for each in comparisons] == classifier.logits(images).argmax(axis=1).tolist()
    assert [each.after.label for each in comparisons] == PersonalClassifier(classifier, profile).logits(images).argmax(axis=1).tolist()
    assert sum(each.after.label == each.label for each in comparisons) >= sum(each.before.label == each.label for each in comparisons)


def test_without_digits_there_is_nothing_to_compare(classifier):
    assert compare({}, WriterProfile(), classifier) == []
