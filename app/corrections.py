"""Corrections: the visitor picks the right digit of a mark; all corrections of the visit can be downloaded."""

import hashlib
from typing import Final

import streamlit as st

from app.downloads import show_download_button
from app.language import _, ngettext, number
from digitcore import Digit
from digitcore.io.exports import Correction, labelled_zip
from digitcore.recognition.model_input import CLASS_COUNT

CORRECTIONS_KEY: Final = "ui_corrections"
"""Session state: the corrections, by the digest of the mark's image, so that a second one replaces the first."""

MAX_CORRECTIONS: Final = 1_000
"""How many corrections a visit keeps, about a megabyte; the oldest are dropped."""

_NOT_A_DIGIT: Final = "none"


def show_correction(digit: Digit, key: str) -> None:
    """Show the choice of the right digit for a mark, and a download of all corrections.

    Args:
        digit: the mark as it was read.
        key: the prefix of the page's widget keys.
    """
    digest = hashlib.sha256(digit.model_input.tobytes()).hexdigest()[:16]
    given = st.session_state.get(CORRECTIONS_KEY, {}).get(digest)
    answer = st.pills(
        _("Wrong? Pick the right digit."),
        [*(str(label) for label in range(CLASS_COUNT)), _NOT_A_DIGIT],
        default=None if given is None else _NOT_A_DIGIT if given.label is None else str(given.label),
        format_func=lambda choice: _("not a digit") if choice == _NOT_A_DIGIT else choice,
        wrap=True,
        key=f"{key}_correct_{digest}",
        help=_("Corrections are kept in memory for this visit. You can download them below, with their pictures."),
    )
    _store(digest, digit, answer)
    _show_count(key)


def _store(digest: str, digit: Digit, answer: str | None) -> None:
    corrections: dict[str, Correction] = dict(st.session_state.get(CORRECTIONS_KEY, {}))
    corrections.pop(digest, None)
    if answer is not None:
        corrections[digest] = Correction.from_digit(digit, None if answer == _NOT_A_DIGIT else int(answer))
    st.session_state[CORRECTIONS_KEY] = dict(list(corrections.items())[-MAX_CORRECTIONS:])


def _show_count(key: str) -> None:
    corrections: dict[str, Correction] = st.session_state[CORRECTIONS_KEY]
    if not corrections:
        return
    thanks = ngettext("{count} correction in this visit, thank you.", "{count} corrections in this visit, thank you.", len(corrections))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(thanks.format(count=number(len(corrections))), width="content")
        label = _("Download corrections (ZIP)")
        show_download_button(label, lambda: labelled_zip(list(corrections.values())), "corrections.zip", key=f"{key}_corrections")
