"""What is known about numbers, and the alternatives of lines, through the whole pipeline."""

import numpy as np
import pytest

from digitcore import Settings, read_image
from synthetic.hands import strokes, write
from tests.digitcore.invariants import check_reading

HEIGHT_PX = 80


def drawn(*lines, pitch_px=90):
    """Draw lines of digits, black on white, grey `(H, W)`; with a small pitch they touch."""
    ink = np.zeros((len(lines) * 140 + 40, max(map(len, lines)) * pitch_px + 120), np.uint8)
    for row, line in enumerate(lines):
        for column, digit in enumerate(line):
            ink = write(ink, strokes(int(digit)), (40 + pitch_px * column, 40 + 140 * row), HEIGHT_PX, 8)
    return 255 - ink


@pytest.fixture(scope="module")
def doubtful():
    """Pictures of touching digits, each with its reading, of which at least the second text has a probability."""
    pairs = [(picture, read_image(picture)) for picture in (drawn(f"{a}{b}", pitch_px=38) for a in range(10) for b in (0, 3, 7))]
    found = [(picture, reading) for picture, reading in pairs if any(len(texts) > 1 for texts in reading.alternatives)]
    assert len(found) >= 5
    return found


@pytest.fixture(scope="module")
def clear():
    return drawn("407", "123")


def test_nothing_changes_where_the_reading_fulfils_what_is_known(clear):
    plain, known = read_image(clear), read_image(clear, Settings(digit_count="3", number_range="1-999", allowed_numbers=("407", "123")))
    assert plain.lines == known.lines == ["407", "123"]
    assert [digit.to_dict() for digit in plain.digits] == [digit.to_dict() for digit in known.digits]
    assert plain.numbers == known.numbers
    assert known.notes == ()
    assert [texts[0].text for texts in known.alternatives] == ["407", "123"]


def test_the_plain_reading_stays_with_a_note_for_each_line_that_cannot_fulfil_what_is_known(clear):
    reading = read_image(clear, Settings(allowed_numbers=("407", "88")))
    assert reading.lines == ["407", "123"]
    assert reading.notes == ("No reading of line 2 is in the list of allowed numbers.",)
    assert read_image(drawn("407"), Settings(digit_count="5")).notes == ("No reading of this line has 5 digits.",)


def test_a_page_without_digits_has_no_note_about_numbers():
    reading = read_image(np.full((60, 60), 255, np.uint8), Settings(digit_count="5"))
    assert (reading.notes, reading.alternatives) == ((), [])


def test_any_alternative_is_read_if_it_alone_is_allowed(doubtful):
    for picture, plain in doubtful:
        for other in plain.alternatives[0][1:]:
            reading = read_image(picture, Settings(allowed_numbers=(other.text, *plain.lines[1:])))
            check_reading(reading, picture.shape[::-1], numbers_are_known=True)
            assert reading.lines == [other.text, *plain.lines[1:]]
            assert "".join(each for each in reading.numbers[0][0].text if each.isdigit()) == other.text
            assert reading.notes == ()
            assert 0 < reading.alternatives[0][0].probability <= 1


def test_a_number_of_digits_decides_between_segmentations(doubtful):
    lengths = [
        (picture, other.text) for picture, plain in doubtful for other in plain.alternatives[0] if len(other.text) != len(plain.lines[0])
    ]
    assert lengths
    for picture, text in lengths:
        reading = read_image(picture, Settings(digit_count=str(len(text))))
        check_reading(reading, picture.shape[::-1], numbers_are_known=True)
        assert len(reading.lines[0]) == len(text)
        assert len([digit for digit in reading.digits if digit.accepted and digit.line == 0]) == len(text)


def test_a_digit_that_is_read_differently_for_its_number_tells_what_it_looks_like(doubtful):
    changed = []
    for picture, plain in doubtful:
        for other in plain.alternatives[0][1:]:
            for digit in read_image(picture, Settings(allowed_numbers=(other.text,))).digits:
                likeliest = int(digit.probabilities.argmax())
                if digit.accepted and digit.label != likeliest:
                    changed.append(digit)
                    assert digit.reason == f"by itself it looks like a {likeliest}"
                    assert digit.confidence == digit.probabilities[digit.label]
    assert changed
