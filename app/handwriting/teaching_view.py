"""What the visitor sees while teaching: the fields to write in, then what the handwriting has changed."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from app.draw.canvas import CanvasLook, parse, show_canvas_area
from app.draw.history import Strokes
from app.handwriting.guide import SIZES_WH, guide_url, pen_px_for
from app.handwriting.panel import show_handwriting_panel
from app.handwriting.session import current_handwriting
from app.handwriting.teaching import ROUND_COUNT, Phase, Teaching, current_teaching
from app.image_urls import data_url
from app.language import _, bounded_percent, ngettext, number
from digitcore.recognition.teaching import Comparison


def is_teaching() -> bool:
    """Return whether the Draw page shows the teaching instead of the drawing."""
    return current_teaching().phase is not Phase.OFF


def show_teaching() -> None:
    """Show the round that is to be written, or the result."""
    teaching = current_teaching()
    if teaching.phase is Phase.RESULT:
        _show_result(teaching)
    else:
        _show_round(teaching)


def _show_round(teaching: Teaching) -> None:
    text = _("Round {round} of {rounds}: write each digit in its field, the way you always write it.")
    st.markdown(text.format(round=number(teaching.round_number), rounds=number(ROUND_COUNT)))
    if teaching.rounds:
        _show_missing(teaching)
    _frame, objects = show_canvas_area(
        teaching.canvas, "teach", SIZES_WH.__getitem__, lambda size_wh: CanvasLook(pen_px_for(size_wh), guide_url(size_wh))
    )
    with st.container(horizontal=True, gap="xsmall", key="teach-tools"):
        is_last = teaching.round_number == ROUND_COUNT
        label, icon = (_("Done"), ":material/check:") if is_last else (_("Next"), ":material/arrow_forward:")
        if st.button(label, icon=icon, type="primary", disabled=not is_last and not objects, key="teach_next"):
            teaching.finish_round(parse(objects), current_handwriting())
            st.rerun()
        _show_tools(teaching, objects)


def _show_tools(teaching: Teaching, objects: Strokes) -> None:
    canvas, history = teaching.canvas, teaching.canvas.history
    st.button(_("Undo"), icon=":material/undo:", on_click=canvas.undo, disabled=not history.can_undo, key="teach_undo")
    st.button(_("Clear"), icon=":material/delete:", on_click=canvas.clear, disabled=not objects, key="teach_clear")
    st.button(_("Cancel"), icon=":material/close:", on_click=teaching.stop, key="teach_cancel")


def _show_missing(teaching: Teaching) -> None:
    missing = teaching.missing()
    if missing:
        text = ngettext("The field of {digits} was left empty.", "The fields of {digits} were left empty.", len(missing))
        st.caption(text.format(digits=", ".join(map(str, missing))))


def _show_result(teaching: Teaching) -> None:
    show_handwriting_panel()
    if teaching.comparisons:
        st.markdown(_summary(teaching.comparisons))
        st.html(f'<ul class="digit-cards">{"".join(map(_card, teaching.comparisons))}</ul>')
        st.caption(_("For this comparison it knew your first round only. From now on it uses both, on all pages."))
    elif any(teaching.rounds):
        st.markdown(_("It has learned your digits, and uses them on all pages."))
    else:
        st.info(_("Nothing was written, so nothing was learned."), icon=":material/draw:")
    _show_missing(teaching)
    with st.container(horizontal=True, gap="xsmall", key="teach-tools"):
        st.button(_("Write a number"), icon=":material/draw:", type="primary", on_click=teaching.stop, key="teach_close")


def _summary(comparisons: Sequence[Comparison]) -> str:
    text = ngettext(
        "Of your {count} digit, {before} was read right before, {after} with your handwriting.",
        "Of your {count} digits, {before} were read right before, {after} with your handwriting.",
        len(comparisons),
    )
    return text.format(
        count=number(len(comparisons)),
        before=number(sum(each.before.label == each.label for each in comparisons)),
        after=number(sum(each.after.label == each.label for each in comparisons)),
    )


def _card(comparison: Comparison) -> str:
    """Return one digit in HTML: its picture, and its label and confidence before and after."""
    before, after = comparison.before, comparison.after
    alt = _("Your {digit}: read as {before} before, as {after} with your handwriting").format(
        digit=comparison.label, before=before.label, after=after.label
    )
    img = f'<img src="{data_url(comparison.model_input)}" alt="{escape(alt)}">'
    labels = dict.fromkeys(_label(each.label, is_right=each.label == comparison.label) for each in (before, after))
    shares = f"{_short_confidence(before.confidence)} → {_short_confidence(after.confidence)}"
    written = _("you wrote {digit}").format(digit=comparison.label) if after.label != comparison.label else ""
    return f"<li>{img}<strong>{' → '.join(labels)}</strong><span>{escape(shares)}</span><small>{escape(written)}</small></li>"


def _label(label: int, *, is_right: bool) -> str:
    return str(label) if is_right else f"<del>{label}</del>"


def _short_confidence(share: float) -> str:
    """Format a confidence so that two fit side by side on a card."""
    return bounded_percent(share)
