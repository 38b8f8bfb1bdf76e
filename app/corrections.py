"""Corrections: the visitor picks the right digit of a mark, which teaches the visitor's handwriting; all can be downloaded."""

import hashlib
from dataclasses import replace
from typing import Final

import streamlit as st

from app.classes import reads_digits
from app.downloads import show_download_button
from app.handwriting.session import current_handwriting
from app.language import _, localize, ngettext, number
from digitcore import Digit, ProfileError
from digitcore.io.exports import Correction, labelled_zip

CORRECTIONS_KEY: Final = "ui_corrections"
"""Session state: the corrections, by the digest of the mark's image, so that a second one replaces the first."""

LEARNING_KEY: Final = "ui_learn_from_corrections"
"""Session state: whether corrections teach the visitor's handwriting; they do at first."""

MAX_CORRECTIONS: Final = 1_000
"""How many corrections a visit keeps, about a megabyte; the oldest are dropped."""

_NOT_A_DIGIT: Final = "none"


def correction_of(digit: Digit) -> str | None:
    """Return what the visitor has corrected a mark to.

    Args:
        digit: the mark as it is read now.

    Returns:
        The right digit, empty if the mark is none; None without a correction, or if the mark is read like that by now.
    """
    given = _corrections().get(mark_id(digit))
    if given is None or given.label == _read_label(digit):
        return None
    return "" if given.label is None else digit.classes[given.label]


def show_correction(digit: Digit, key: str) -> None:
    """Show the choice of the right digit for a mark, whether that teaches the visitor's handwriting, and a download of all corrections.

    Args:
        digit: the mark as it was read.
        key: the prefix of the page's widget keys.
    """
    digest = mark_id(digit)
    given = _corrections().get(digest)
    answer = st.pills(
        _("Wrong? Pick the right digit."),
        [*(str(label) for label in range(len(digit.classes))), _NOT_A_DIGIT],
        default=None if given is None else _choice(given.label),
        format_func=lambda choice: _("not a digit") if choice == _NOT_A_DIGIT else digit.classes[int(choice)],
        wrap=True,
        key=f"{key}_correct_{digest}",
        help=_("Corrections are kept in memory for this visit. You can download them below, with their pictures."),
    )
    learns = _show_learning(key)
    # With the visitor's handwriting, a corrected mark may be read differently by now: what was read is what the correction has recorded.
    read_as = _choice(_read_label(digit) if given is None else given.predicted)
    right = None if answer == read_as else answer
    if right != (None if given is None else _choice(given.label)):
        correction = None if right is None else _corrected(digit, given, right)
        _store(digest, correction)
        _teach(digest, digit, correction, learns=learns)
        st.rerun()  # the text above has been shown without the correction
    _show_count(key)


def mark_id(digit: Digit) -> str:
    """Return the digest of a mark's image, which identifies it for this visit."""
    return hashlib.sha256(digit.model_input.tobytes()).hexdigest()[:16]


def _corrected(digit: Digit, given: Correction | None, right: str) -> Correction:
    """Correct a mark to the choice `right`; of an earlier correction, keep as what the mark was read at first."""
    label = None if right == _NOT_A_DIGIT else int(right)
    return Correction.from_digit(digit, label) if given is None else replace(given, label=label)


def _read_label(digit: Digit) -> int | None:
    return digit.label if digit.accepted and digit.separator is None else None


def _choice(label: int | None) -> str:
    """Return the choice that stands for a label."""
    return _NOT_A_DIGIT if label is None else str(label)


def _corrections() -> dict[str, Correction]:
    corrections: dict[str, Correction] = st.session_state.get(CORRECTIONS_KEY, {})
    return corrections


def _show_learning(key: str) -> bool:
    """Show the switch for learning from corrections, where that is possible, and return whether it is on."""
    if not reads_digits():
        return False
    learns = st.toggle(_("Learn from my corrections"), value=st.session_state.get(LEARNING_KEY, True), key=f"{key}_learn")
    if learns:
        st.caption(_("A digit that you correct becomes an example of your handwriting, for this visit."))
    st.session_state[LEARNING_KEY] = learns
    return learns


def _store(digest: str, correction: Correction | None) -> None:
    others = [(each, given) for each, given in _corrections().items() if each != digest]
    new = [] if correction is None else [(digest, correction)]
    st.session_state[CORRECTIONS_KEY] = dict([*others, *new][-MAX_CORRECTIONS:])


def _teach(digest: str, digit: Digit, correction: Correction | None, *, learns: bool) -> None:
    """Make a corrected digit an example of the visitor's handwriting, or take an example back."""
    handwriting = current_handwriting()
    try:
        if learns and correction is not None and correction.label is not None:
            handwriting.learn(digest, digit.model_input, correction.label)
        else:
            handwriting.unlearn(digest)
    except ProfileError as error:
        st.toast(localize(error.message), icon=":material/error:")


def _show_count(key: str) -> None:
    corrections = _corrections()
    if not corrections:
        return
    thanks = ngettext("{count} correction in this visit, thank you.", "{count} corrections in this visit, thank you.", len(corrections))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(thanks.format(count=number(len(corrections))), width="content")
        label = _("Download corrections (ZIP)")
        show_download_button(label, lambda: labelled_zip(list(corrections.values())), "corrections.zip", key=f"{key}_corrections")
