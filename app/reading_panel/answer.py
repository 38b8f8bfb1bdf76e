"""The text that was read, or why there is none."""

from typing import Final

import streamlit as st

from app.language import N_, _, localize, percent
from app.untrusted_text import escape_markdown
from digitcore import Digit, Reading
from digitcore.results import RejectionReason, Status

_MIN_SECOND_PROBABILITY: Final = 0.05
"""The probability of a line's second likeliest text from which on it is shown."""

_ADVICE: Final = {
    RejectionReason.NOT_A_DIGIT: N_("Write it again, larger and clearer."),
    RejectionReason.RELATIVELY_SMALL: N_("Write all digits at about the same height."),
    RejectionReason.DOT: N_("Write a digit, not just a dot."),
    RejectionReason.TOO_SMALL: N_("Write larger, or take the photo from closer up."),
    RejectionReason.THIN_STROKE: N_("Write everything with the same pen."),
    RejectionReason.TOO_WIDE: N_("Leave some space between the digits."),
    RejectionReason.LEFT_OVER: N_("Leave some space between the digits."),
    RejectionReason.SIGN: N_("Only digits are read. If this is a digit, write it again, clearer."),
}
"""What to do about a mark that was rejected."""


def show_answer(reading: Reading) -> None:
    """Show the text that was read, each line on a line of its own, or why there is none; then any notes.

    Args:
        reading: the reading of one picture.
    """
    match reading.status:
        case Status.BLANK:
            st.info(_("There is nothing written here. Write a digit, darker or lighter than its background."), icon=":material/draw:")
        case Status.NO_DIGIT:
            st.warning(_refusal(reading.digits[0]), icon=":material/help:")
        case _:
            with st.container(key="reading-text"):
                st.markdown("  \n".join(reading.lines))
            if reading.numbers and not reading.is_plain:
                _show_numbers(reading)
            _show_second_texts(reading)
    for note in reading.notes:
        st.caption(localize(note))


def _show_numbers(reading: Reading) -> None:
    """Show the numbers with their separators, and where those are unsure."""
    with st.container(key="reading-numbers"):
        st.markdown(_("As written: {numbers}").format(numbers=escape_markdown(reading.written_text)))
        for number in (each for line in reading.numbers for each in line if each.reason):
            st.caption(f"{escape_markdown(number.text)}: {localize(number.reason)}")


def _show_second_texts(reading: Reading) -> None:
    """Show the second likeliest text of each line that has a likely one."""
    several = len(reading.alternatives) > 1
    for line, second in ((line, texts[1]) for line, texts in enumerate(reading.alternatives, 1) if len(texts) > 1):
        if second.probability >= _MIN_SECOND_PROBABILITY:
            template = _("Line {line} could also be {text} ({share})") if several else _("Could also be {text} ({share})")
            st.caption(template.format(line=line, text=second.text, share=percent(second.probability, 0)))


def _refusal(mark: Digit) -> str:
    """Return why a mark isn't read, and what to do."""
    refusal = _("I can't read this: {reason}.").format(reason=localize(mark.reason))
    return f"{refusal} {_(_ADVICE[mark.rejection])}" if mark.rejection else refusal
