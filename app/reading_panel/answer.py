"""The text that was read, or why there is none."""

from collections.abc import Sequence
from html import escape
from typing import Final

import streamlit as st

from app.corrections import correction_of
from app.handwriting.session import current_profile
from app.language import _, bounded_percent, localize
from app.reading_panel.announcement import announce
from app.reading_panel.refusals import refusal
from app.reading_panel.written_text import Character, longest_line, with_separators, written_html, written_lines
from app.untrusted_text import escape_markdown
from digitcore import Reading, Status

MIN_ALTERNATIVE_PROBABILITY: Final = 0.05
"""The probability from which on another text of a line is shown."""

MAX_ALTERNATIVES: Final = 3
"""The likeliest texts of a line are shown."""

_MIN_SCROLLABLE_CHARACTERS: Final = 18
"""The length of a line from which on it may be wider than a narrow screen, and is scrolled with the arrow keys, too."""


def show_answer(reading: Reading, key: str) -> None:
    """Show the text that was read, each line on a line of its own, or why there is none; then any notes.

    Args:
        reading: the reading of one picture.
        key: the prefix of the page's widget keys.
    """
    match reading.status:
        case Status.BLANK:
            st.info(_("There is nothing written here. Write a digit, darker or lighter than its background."), icon=":material/draw:")
        case Status.NO_DIGIT:
            st.warning(refusal(reading.digits, reading.size_wh), icon=":material/help:")
        case _:
            _show_text(reading)
            announce(reading.written_text or reading.text, key)
            _show_alternatives(reading)
            if current_profile() is not None:
                st.caption(":material/history_edu: " + _("Read with your own handwriting."))
    for note in reading.notes:
        st.caption(localize(note))


def _show_text(reading: Reading) -> None:
    """Show the numbers as they are written, with the visitor's corrections, and where their separators are unsure.

    The element `reading-text` has the digits alone, as they were read. Where more is to be shown, it is hidden.
    """
    lines, plain = written_lines(reading, correction_of), [[Character(char) for char in line] for line in reading.lines]
    with st.container(key="reading-text"):
        digits = written_html(plain)
        st.html(_box(digits, plain) if lines == plain else f'<p class="digits-alone" aria-hidden="true">{digits}</p>')
    if lines != plain:
        with st.container(key="reading-numbers"):
            st.html(_box(written_html(lines), lines))
    for number in (each for line in reading.numbers for each in line if each.reason):
        st.caption(f"{escape_markdown(number.text)}: {localize(number.reason)}")


def _box(html: str, lines: Sequence[Sequence[Character]]) -> str:
    """Wrap a text whose size fits its longest line to its container; it is scrolled where that would be illegibly small."""
    characters = longest_line(lines)
    name = escape(_("The text that was read"))
    focus = f' tabindex="0" role="group" aria-label="{name}"' if characters >= _MIN_SCROLLABLE_CHARACTERS else ""
    return f'<div class="written-text"{focus}><p style="--characters: {characters}; --lines: {len(lines)}">{html}</p></div>'


def _show_alternatives(reading: Reading) -> None:
    """Show the likeliest texts of each line that has several likely ones; the card of a single digit shows which other digit it may be."""
    rows = []
    for line, texts in enumerate(reading.alternatives, 1):
        likely = [
            each for rank, each in enumerate(texts[:MAX_ALTERNATIVES]) if rank == 0 or each.probability >= MIN_ALTERNATIVE_PROBABILITY
        ]
        if len(likely) > 1 and any(len(text) > 1 for text, _share in likely):
            label = _("Line {line}").format(line=line) if len(reading.alternatives) > 1 else _("Possible readings")
            numbers = reading.numbers[line - 1] if reading.numbers else []
            shares = [f"{escape_markdown(with_separators(text, numbers))}\u00a0{bounded_percent(share)}" for text, share in likely]
            rows.append(f"{label}: {' · '.join(shares)}")
    if rows:
        st.caption("  \n".join(rows))
