"""The prompts of the game, and how many points a drawing earns for each; without Streamlit."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from app.language import N_
from digitcore import Digit, Reading, Status, Stroke

BASE_POINTS: Final = 100
MAX_POINTS: Final = 200

_MIN_STROKES_OF_NO_DIGIT: Final = 2
_MIN_SIZE_OF_NO_DIGIT: Final = 0.3
"""Least height or width of a mark that is to be no digit, in heights of the sheet: a dot or a slip of the pen is no drawing."""

_MAX_SMALL_HEIGHT: Final = 0.2
"""Greatest height of the smallest digit, in heights of the sheet."""

_MIN_LONG_DIGITS: Final = 5
_POINTS_PER_DIGIT: Final = 20
_MAX_UNSURE_CONFIDENCE: Final = 0.7
_MIN_SECOND_GUESS: Final = 0.05


class Attempt(NamedTuple):
    """A drawing and what was read on it.

    Attributes:
        reading: of the strokes.
        strokes: the drawing, in pixels of the sheet.
        size_wh: width and height of the sheet.
    """

    reading: Reading
    strokes: Sequence[Stroke]
    size_wh: tuple[int, int]

    @property
    def only_digit(self) -> Digit | None:
        """Return the digit, if the drawing is read as one digit and nothing else."""
        digits = self.reading.digits
        return digits[0] if len(digits) == 1 and digits[0].accepted and digits[0].separator is None else None

    def is_one(self, label: int, min_strokes: int = 1) -> bool:
        """Return whether the drawing is read as one certain digit and nothing else, and has at least so many strokes."""
        digit = self.only_digit
        return digit is not None and digit.label == label and len(self.strokes) >= min_strokes


class Prompt(NamedTuple):
    """What the player is asked for.

    Attributes:
        name: identifies it.
        text: in English.
        rule: when it counts, in English.
        score: returns the points of an attempt, from `BASE_POINTS` to `MAX_POINTS`, or 0 if it doesn't count.
    """

    name: str
    text: str
    rule: str
    score: Callable[[Attempt], int]


def _points(is_done: bool, share: float = 0.0) -> int:
    """Return the base points, and more the greater a share in [0, 1] is; 0 if it isn't done."""
    return round(BASE_POINTS + share * (MAX_POINTS - BASE_POINTS)) if is_done else 0


def _has_point(attempt: Attempt) -> int:
    numbers = [number for line in attempt.reading.numbers for number in line]
    return _points(any(number.value is not None and number.value % 1 != 0 for number in numbers))


def _smallest(attempt: Attempt) -> int:
    digit = attempt.only_digit
    height = digit.box_xywh[3] / attempt.size_wh[1] if digit else 1.0
    return _points(height <= _MAX_SMALL_HEIGHT, 1 - height / _MAX_SMALL_HEIGHT)


def _longest(attempt: Attempt) -> int:
    digits = attempt.reading.digits
    is_one_line = len(attempt.reading.lines) == 1 and all(digit.accepted for digit in digits)
    return min(_POINTS_PER_DIGIT * len(digits), MAX_POINTS) if is_one_line and len(digits) >= _MIN_LONG_DIGITS else 0


def _no_digit(attempt: Attempt) -> int:
    reading = attempt.reading
    sizes = [max(digit.box_xywh[2:]) / attempt.size_wh[1] for digit in reading.digits]
    is_drawing = len(attempt.strokes) >= _MIN_STROKES_OF_NO_DIGIT and max(sizes, default=0.0) >= _MIN_SIZE_OF_NO_DIGIT
    return _points(reading.status is Status.NO_DIGIT and is_drawing)


def _unsure(attempt: Attempt) -> int:
    digit = attempt.only_digit
    confidence = digit.confidence if digit else 1.0
    return _points(confidence < _MAX_UNSURE_CONFIDENCE, 1 - confidence / _MAX_UNSURE_CONFIDENCE)


def _four_or_nine(attempt: Attempt) -> int:
    digit = attempt.only_digit
    if digit is None or digit.label not in (4, 9):
        return 0
    other = float(digit.probabilities[13 - digit.label])
    return _points(other >= _MIN_SECOND_GUESS, 2 * other)


PROMPTS: Final = (
    Prompt("zero", N_("Draw a 0 with a slash through it."), N_("It must read 0."), lambda each: _points(each.is_one(0, 2))),
    Prompt("seven", N_("Draw a 7 with two bars."), N_("It must still read 7."), lambda each: _points(each.is_one(7, 3))),
    Prompt(
        "one", N_("Draw a 1 with a flag and a foot."), N_("Two strokes or more; it must read 1."), lambda each: _points(each.is_one(1, 2))
    ),
    Prompt(
        "eight",
        N_("Draw an 8 without lifting the pen."),
        N_("One stroke; it must read 8."),
        lambda each: _points(each.is_one(8) and len(each.strokes) == 1),
    ),
    Prompt("point", N_("Write a number with a decimal point or comma."), N_("It must read it as one number, point included."), _has_point),
    Prompt(
        "smallest",
        N_("Write the smallest digit that it can read."),
        N_("At most a fifth of the sheet high. The smaller, the more points."),
        _smallest,
    ),
    Prompt(
        "longest", N_("Write the longest number that it reads whole."), N_("Five digits or more in one line: 20 points each."), _longest
    ),
    Prompt("no_digit", N_("Draw something that it doesn't take for a digit."), N_("Two strokes or more, and not too small."), _no_digit),
    Prompt("unsure", N_("Make it doubt."), N_("One digit, with a confidence below 70%. The lower, the more points."), _unsure),
    Prompt(
        "four_nine",
        N_("Draw something between a 4 and a 9."),
        N_("It must read one of them, and give the other at least 5%. The more, the more points."),
        _four_or_nine,
    ),
)
"""All prompts, the easy ones first."""
