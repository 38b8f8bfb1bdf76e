"""The Quiz section: the visitor reads digits that the network misreads."""

from typing import Final

import streamlit as st

from app.image_urls import data_url, preview_url
from app.language import _, confidence, number, percent
from app.model import Card
from app.model.mistake_pictures import Mistake
from app.model.mistakes import available_mistakes, show_picture_source
from app.model.quiz import Quiz, current_quiz
from app.picture_cards import PictureCard, show_picture_cards
from app.reading_panel.announcement import announce
from digitcore.recognition.model_input import CLASS_COUNT

_SIDE_PX: Final = 280
"""The side of the picture that is to be read: ten pixels for each of its own."""


@st.fragment
def show_quiz(card: Card) -> None:
    """Show the picture that is to be read, or the result at the end of a game."""
    st.header(_("Can you beat it?"), anchor=False)
    mistakes = available_mistakes(card)
    if not mistakes:
        return
    quiz = current_quiz(mistakes)
    if quiz.is_over:
        _show_result(quiz, card["test"]["accuracy_pct"] / 100)
    else:
        _show_picture(quiz)
    show_picture_source()


def _show_picture(quiz: Quiz) -> None:
    text = _("{count} digits that the network misreads, picked at random: here it scores 0.")
    st.markdown(text.format(count=number(len(quiz.pictures))))
    picture = quiz.pictures[quiz.position]
    left, right = st.columns([1, 2])
    left.image(preview_url(picture.image, _SIDE_PX), alt=_("A handwritten digit"), width="content")
    with right:
        _take_answer(quiz)
        progress = _("Picture {number} of {count}. So far: you {score} right, the network 0.")
        values = {"number": quiz.position + 1, "count": len(quiz.pictures), "score": quiz.score}
        st.caption(progress.format(**{name: number(value) for name, value in values.items()}))


def _take_answer(quiz: Quiz) -> None:
    """Show the ten digits to choose from; once one is chosen, show the readings in their place."""
    key = f"model_quiz_{quiz.position}"
    if (chosen := st.session_state.get(key)) is not None:
        quiz.answer(chosen)
    if not quiz.is_answered:
        st.pills(_("Which digit is it?"), range(CLASS_COUNT), format_func=str, wrap=True, key=key)
        announce("", "quiz")
        return
    picture, answer = quiz.pictures[quiz.position], quiz.answers[quiz.position]
    _show_readings(picture, answer)
    announce(_readings_text(picture, answer), "quiz")
    is_last = quiz.position + 1 == len(quiz.pictures)
    label, icon = (_("Result"), ":material/flag:") if is_last else (_("Next"), ":material/arrow_forward:")
    st.button(label, icon=icon, type="primary", on_click=quiz.proceed, key="model_quiz_next")


def _show_readings(picture: Mistake, answer: int) -> None:
    with st.container(horizontal=True, gap="medium"):
        st.metric(_("You read"), str(answer), width="content")
        st.metric(
            _("The network ({confidence})").format(confidence=confidence(picture.confidence)), str(picture.predicted), width="content"
        )
        st.metric(_("Right answer"), str(picture.label), width="content")


def _readings_text(picture: Mistake, answer: int) -> str:
    text = _("You read {answer}, the network {predicted} ({confidence}). The right answer is {label}.")
    share = confidence(picture.confidence)
    return text.format(answer=answer, predicted=picture.predicted, confidence=share, label=picture.label)


def _show_result(quiz: Quiz, accuracy: float) -> None:
    """Show the score and all pictures of the game.

    Args:
        quiz: a game that is over.
        accuracy: of the network on the whole test set, in [0, 1].
    """
    text = _(
        "You read **{score} of {count}** right. The network misreads all of these, as only its mistakes are shown here; "
        "of the whole MNIST test set it reads **{accuracy}** right."
    )
    st.markdown(text.format(score=number(quiz.score), count=number(len(quiz.pictures)), accuracy=percent(accuracy, 2)))
    show_picture_cards(_card(picture, answer) for picture, answer in zip(quiz.pictures, quiz.answers, strict=True))
    st.button(_("Play again"), icon=":material/replay:", type="primary", on_click=quiz.play_again, key="model_quiz_again")


def _card(picture: Mistake, answer: int) -> PictureCard:
    mark = "✓" if answer == picture.label else "✗"
    text = _("you: {answer}, network: {predicted} ({confidence})")
    readings = text.format(answer=answer, predicted=picture.predicted, confidence=confidence(picture.confidence))
    return PictureCard(data_url(picture.image), _readings_text(picture, answer), readings, f"{picture.label} {mark}")
