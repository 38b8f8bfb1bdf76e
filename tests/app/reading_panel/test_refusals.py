import pytest

from app.reading_panel.refusals import refusal
from digitcore import RejectionReason
from tests.app.reading_panel.marks import mark

SIZE_WH = (100, 100)


@pytest.mark.parametrize("reason", RejectionReason)
def test_every_reason_has_its_advice(reason):
    text = refusal([mark(rejection=reason)], SIZE_WH)
    assert text.startswith(f"I can't read this: {reason.message}. ")
    assert text.endswith(".")


@pytest.mark.parametrize(
    ("box", "advice"),
    [
        ((0, 0, 20, 20), "Write it again, larger and clearer."),
        ((0, 0, 40, 50), "Write it again, clearer."),
        ((0, 0, 90, 90), "Only digits from 0 to 9 are read."),
        ((0, 0, 50, 20), "If these are several digits, leave some space between them."),
    ],
)
def test_the_advice_for_what_does_not_look_like_a_digit_fits_its_size(box, advice):
    assert refusal([mark(box=box, rejection="not_a_digit")], SIZE_WH).endswith(f"like a digit. {advice}")


def test_several_marks_are_never_to_be_written_larger():
    text = refusal([mark(box=(0, 0, 20, 20), rejection="not_a_digit")] * 2, SIZE_WH)
    assert text == "I can't read this: it does not look like a digit. Only digits from 0 to 9 are read."


def test_every_reason_is_given_once_and_so_is_their_common_advice():
    marks = [mark(rejection=reason) for reason in ("too_wide", "left_over", "dot", "left_over")]
    assert refusal(marks, SIZE_WH) == (
        "I can't read this: it is left over after splitting touching digits; it is too wide for one digit; it is a dot or a blot. "
        "Leave some space between the digits. Write a digit, not just a dot."
    )


def test_what_is_no_digit_and_a_sign_have_one_advice():
    text = refusal([mark(rejection="not_a_digit"), mark(rejection="sign")], SIZE_WH)
    assert text.endswith(". Only digits from 0 to 9 are read.")
    assert text.count("Only digits") == 1
