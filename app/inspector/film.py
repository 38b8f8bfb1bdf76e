"""The film of a reading, for a projector: one step after another, over the whole window.

The frames are sent to the browser at once, which shows them without another run of the page.
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final, NamedTuple

import streamlit as st

from app.image_urls import preview_url
from app.inspector.ablation import answer_text
from app.inspector.activation_maps import BRANCHES_NOTE, CLASS_MAPS_NOTE, branch_cards, class_map_cards, class_pictures
from app.inspector.inspection import Inspection
from app.inspector.labels import stage_alt_text, stage_title
from app.inspector.lattice_view import choose_trace, lattice_note, lattice_svg
from app.language import _, confidence, localize
from app.picture_cards import picture_cards_html
from app.probability_bars import bar, bar_list
from digitcore import Digit, ExplanationError, Stage, default_classifier, explain
from digitcore.analysis.lattice_trace import trace_lattices
from digitcore.stages import StageName

FILM_PARAMETER: Final = "film"
"""The query parameter that opens the film: `?film=1`."""

PLAYING_KEY: Final = "inspector_film"
"""Session state: whether the film is open."""

_SIDE_PX: Final = 1_000
"""Longer side of a stage's picture: the height that it has on a projector."""

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

_component = st.components.v2.component("digits.film", html='<dialog class="film"></dialog>', js=_SCRIPT, isolate_styles=False)


class Frame(NamedTuple):
    """One step of the film: its title, one sentence about it, and its pictures as HTML."""

    title: str
    note: str
    html: str


def is_playing() -> bool:
    """Return whether the film is open."""
    return bool(st.session_state.get(PLAYING_KEY))


def set_playing(is_on: bool) -> None:
    """Open or close the film."""
    st.session_state[PLAYING_KEY] = is_on


def show_film(inspection: Inspection) -> None:
    """Show the film if it is open, otherwise the button that opens it."""
    if not is_playing():
        tip = _("Show one step after another over the whole window")
        st.button(_("Play"), icon=":material/play_arrow:", key="inspector_play", on_click=set_playing, args=(True,), help=tip)
        return
    st.button(_("Leave"), icon=":material/close_fullscreen:", key="inspector_leave", on_click=set_playing, args=(False,))
    _component(
        data={"html": _film_html(film_frames(inspection)), "leave": ".st-key-inspector_leave button", "name": _("Steps")},
        key="inspector_frames",
        width="content",
        height="content",
    )


def film_frames(inspection: Inspection) -> list[Frame]:
    """Return the frames: the stages up to the ink, the marks, the stages of the largest mark, and what the network does with it."""
    frames: list[Frame] = []
    for stage in inspection.reading.stages:
        frames.append(_stage_frame(stage))
        if stage.name == StageName.INK:
            frames += [_marks_frame(inspection), *_lattice_frames(inspection)]
    digit = inspection.largest_digit()
    return [*frames, *_network_frames(digit), *_answer_frames(digit)] if digit else frames


def _stage_frame(stage: Stage) -> Frame:
    return Frame(stage_title(stage.name), localize(stage.note), _picture(preview_url(stage.image, _SIDE_PX), stage_alt_text(stage)))


def _marks_frame(inspection: Inspection) -> Frame:
    note = _("The picture with its digits marked: {answer}").format(answer=answer_text(inspection.reading))
    return Frame(_("Marks"), note, _picture(inspection.annotated_url(), note))


def _lattice_frames(inspection: Inspection) -> Iterator[Frame]:
    """Yield how touching digits were separated, where something was split or joined."""
    traces = trace_lattices(inspection.stage_image(StageName.INK), inspection.settings, default_classifier())
    if trace := choose_trace(traces):
        yield Frame(_("Where to cut"), lattice_note(trace), lattice_svg(trace))


def _network_frames(digit: Digit) -> Iterator[Frame]:
    """Yield the branches block by block, and the ten class maps, where the network can be explained."""
    try:
        explanation = explain(digit.model_input)
    except ExplanationError:
        return
    for title, cards in branch_cards(explanation).items():
        yield Frame(title, _(BRANCHES_NOTE), picture_cards_html(cards))
    yield Frame(
        _("Evidence for each digit"), _(CLASS_MAPS_NOTE), picture_cards_html(class_map_cards(digit, class_pictures(digit, explanation)))
    )


def _answer_frames(digit: Digit) -> Iterator[Frame]:
    """Yield the probabilities of all digits, if the mark is read as one."""
    if digit.accepted and digit.separator is None:
        bars = bar_list(bar(name, float(share)) for name, share in zip(digit.classes, digit.probabilities, strict=True))
        note = _("{label}: {share}").format(label=digit.name, share=confidence(digit.confidence))
        yield Frame(_("What it answers"), note, bars)


def _picture(url: str, alt: str) -> str:
    return f'<img src="{escape(url)}" alt="{escape(alt)}">'


def _film_html(frames: list[Frame]) -> str:
    """Return the frames with their captions, and the buttons below."""
    figures = "".join(
        f"<figure>{frame.html}<figcaption><b>{number}/{len(frames)} · {escape(frame.title)}</b> {escape(frame.note)}</figcaption></figure>"
        for number, frame in enumerate(frames, 1)
    )
    names = {"arrow_back": _("Previous step"), "play_pause": _("Play or pause"), "arrow_forward": _("Next step"), "close": _("Leave")}
    buttons = "".join(
        f'<button type="button" aria-label="{escape(name)}" title="{escape(name)}">{icon}</button>' for icon, name in names.items()
    )
    return f"<div>{figures}</div><div>{buttons}</div>"
