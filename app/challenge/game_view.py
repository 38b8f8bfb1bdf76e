"""What the player sees: the prompt, the canvas, what was read and whether it counts; at the end all drawings and the total."""

import base64
from html import escape
from typing import Final, Literal

import streamlit as st

from app.address import has_flag, set_flag
from app.challenge.game import GAME_KEY, MAX_BONUS, Game, Result, contact_sheet, current_game
from app.challenge.prompts import PROMPTS, Attempt, Prompt
from app.classes import reads_digits
from app.downloads import show_download_button
from app.draw.canvas import DEFAULT_PEN, PEN_WIDTHS_PX, SIZES_WH, CanvasLook, parse, show_canvas_area
from app.draw.result_card import CardTexts, draw_picture_card
from app.image_urls import data_url
from app.language import _, number
from app.picture_cards import PictureCard, show_picture_cards
from app.reading_panel import show_answer
from app.reading_panel.announcement import announce
from digitcore import Stroke, read_strokes

PARAMETER: Final = "play"
"""The query parameter that opens the game: `?play=1`."""

_CLOCK_SVG: Final = """
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">
<style>
circle {{ fill: none; stroke: #8a949e; stroke-width: 4 }}
.left {{ stroke: #e69f00; stroke-width: 16; stroke-dasharray: 1; animation: empty {seconds}s linear {delay}s both; {rests} }}
@keyframes empty {{ to {{ stroke-dashoffset: 1 }} }}
</style>
<circle cx="20" cy="20" r="17"/><circle class="left" cx="20" cy="20" r="8" pathLength="1" transform="rotate(-90 20 20)"/>
</svg>
"""
"""A picture, so that it moves without the page; as slowly as a clock, also for visitors who prefer less motion."""


def is_playing() -> bool:
    """Return whether the address asks for the game."""
    return has_flag(PARAMETER)


def show_play_button() -> None:
    """Show the button that opens the game, which is about digits; nothing for other classes."""
    if not reads_digits():
        return
    st.button(_("Fool the machine"), icon=":material/stadia_controller:", key="draw_play", on_click=_set_playing, args=(True,))


def show_game() -> None:
    """Show the prompt that is to be drawn, or the result of the game."""
    game = current_game()
    if game.is_over:
        _show_result(game)
    else:
        _show_prompt(game)


def _set_playing(is_on: bool) -> None:
    st.session_state.pop(GAME_KEY, None)
    set_flag(PARAMETER, is_on)


def _show_prompt(game: Game) -> None:
    prompt, position = game.prompt, len(game.results)
    with st.container(key="play-stage"):
        _show_task(prompt)
        look = CanvasLook(PEN_WIDTHS_PX[DEFAULT_PEN])
        with st.container(key="play-sheet"):
            _frame, objects = show_canvas_area(game.canvas, "play", SIZES_WH.__getitem__, lambda _size_wh: look)
        strokes = parse(objects)
        with st.container(key="play-answer"):
            if strokes:
                _show_attempt(game, strokes)
            values = {"number": position + 1, "count": len(PROMPTS), "points": game.points}
            text = _("Prompt {number} of {count} · {points} points so far")
            with st.container(horizontal=True):
                st.caption(text.format(**{name: number(value) for name, value in values.items()}))
                st.html(_clock(game), width="content")
            _show_tools(game, has_strokes=bool(strokes))


def _show_task(prompt: Prompt) -> None:
    with st.container(key="play-task"):
        st.subheader(_(prompt.text), anchor=False)
        st.caption(_(prompt.rule))


def _show_attempt(game: Game, strokes: list[Stroke]) -> None:
    """Show what is read, and whether it counts."""
    reading = read_strokes(strokes, game.canvas.size_wh)
    show_answer(reading, key="play")
    points = game.attempt(Attempt(reading, strokes, game.canvas.size_wh))
    if points and game.best:
        text = _("That counts: {points} points, {bonus} of them for speed.")
        st.success(text.format(points=number(points + game.bonus), bonus=number(game.bonus)), icon=":material/celebration:")
    elif game.best:
        st.info(_("This one doesn't count, but an earlier one did: {points} points.").format(points=number(game.best.points)))


def _clock(game: Game) -> str:
    """Return the HTML of a disc that empties while there are points for speed; it rests once an attempt counts."""
    rests = "animation-play-state: paused" if game.best else ""
    svg = _CLOCK_SVG.format(seconds=MAX_BONUS, delay=-min(game.seconds, MAX_BONUS), rests=rests)
    url = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
    seconds = _("{count} s").format(count=number(game.seconds))
    return f'<img src="{url}" width="28" height="28" alt="{escape(seconds)}">'


def _show_tools(game: Game, *, has_strokes: bool) -> None:
    is_last, canvas = len(game.results) + 1 == len(PROMPTS), game.canvas
    with st.container(horizontal=True, gap="xsmall", key="play-tools"):
        label = _("Skip") if not game.best else _("Result") if is_last else _("Next")
        kind: Literal["primary", "secondary"] = "primary" if game.best else "secondary"
        st.button(label, icon=":material/arrow_forward:", type=kind, on_click=game.proceed, key="play_next")
        st.button(_("Undo"), icon=":material/undo:", on_click=canvas.undo, disabled=not canvas.history.can_undo, key="play_undo")
        st.button(_("Clear"), icon=":material/delete:", on_click=canvas.clear, disabled=not has_strokes, key="play_clear")
        st.button(_("Give up"), icon=":material/close:", on_click=_set_playing, args=(False,), key="play_leave")


def _show_result(game: Game) -> None:
    st.metric(_("Your score"), _("{points} points").format(points=number(game.points)))
    announce(_("{points} points").format(points=number(game.points)), "play")
    show_picture_cards(_card(prompt, result) for prompt, result in zip(PROMPTS, game.results, strict=True))
    with st.container(horizontal=True, gap="xsmall", key="play-tools"):
        st.button(_("Play again"), icon=":material/replay:", type="primary", on_click=game.start, key="play_again")
        is_dark = st.context.theme.type == "dark"
        texts = CardTexts(number(game.points), _("points at Fool the machine"), _("Digit reader"))
        picture = contact_sheet([result.thumbnail for result in game.results])
        show_download_button(
            _("Result card (PNG)"), lambda: draw_picture_card(picture, texts, is_dark=is_dark), "result.png", key="play_download_card"
        )
        st.button(_("Write a number"), icon=":material/draw:", on_click=_set_playing, args=(False,), key="play_leave")


def _card(prompt: Prompt, result: Result) -> PictureCard:
    read = _("read as {digit}").format(digit=result.read) if result.read else _("no digit") if result.points else _("skipped")
    return PictureCard(data_url(result.thumbnail), f"{_(prompt.text)} {read}", f"{_(prompt.text)} {read}", number(result.points))
