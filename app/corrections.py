"""Wrong? Tell it the right digit: corrections of this visit, counted, and to be taken along."""

import hashlib
from typing import Final

import streamlit as st

from app.downloads import show_download_button
from app.language import _
from digitcore import Digit
from digitcore.io.corrections import Correction, labelled_zip
from digitcore.recognition.model_input import CLASS_COUNT

CORRECTIONS_KEY: Final = "ui_corrections"
"""By the picture's digest, so that a second thought replaces the first."""

MOST: Final = 1_000
"""A visit keeps so many, about a megabyte; the oldest go first."""

_NO_DIGIT: Final = "none"


def show_correction(digit: Digit, key: str) -> None:
    """Ask for the right digit.

    Args:
        digit: what was read.
        key: the page's prefix of widget keys.
    """
    digest = hashlib.sha256(digit.model_input.tobytes()).hexdigest()[:16]
    choices = [*(str(label) for label in range(CLASS_COUNT)), _NO_DIGIT]
    told = st.session_state.get(CORRECTIONS_KEY, {}).get(digest)
    answer = st.pills(
        _("Wrong? Tell it the right digit."),
        choices,
        default=None if told is None else _NO_DIGIT if told.label is None else str(told.label),
        format_func=lambda choice: _("no digit") if choice == _NO_DIGIT else choice,
        wrap=True,
        key=f"{key}_correct_{digest}",
        help=_("Your correction stays in this visit's memory. Download all of them with their pictures below."),
    )
    _remember(digest, digit, answer)
    _show_count(key)


def _remember(digest: str, digit: Digit, answer: str | None) -> None:
    corrections: dict[str, Correction] = dict(st.session_state.get(CORRECTIONS_KEY, {}))
    corrections.pop(digest, None)
    if answer is not None:
        corrections[digest] = Correction.of(digit, None if answer == _NO_DIGIT else int(answer))
    st.session_state[CORRECTIONS_KEY] = dict(list(corrections.items())[-MOST:])


def _show_count(key: str) -> None:
    corrections: dict[str, Correction] = st.session_state[CORRECTIONS_KEY]
    if not corrections:
        return
    many = _("{count} corrections in this visit, thank you.").format(count=len(corrections))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("One correction in this visit, thank you.") if len(corrections) == 1 else many, width="content")
        label = _("Download corrections (ZIP)")
        show_download_button(label, lambda: labelled_zip(list(corrections.values())), "corrections.zip", key=f"{key}_corrections")
