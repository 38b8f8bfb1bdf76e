"""The section in which a small network learns digits while the visitor watches."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import BoundedSemaphore
from typing import Final

import numpy as np
import streamlit as st

from app.charts import show_chart
from app.language import _, localize, number, percent
from app.model.digit_sample import DigitSample, read_sample
from app.model.mistakes import show_picture_source
from app.picture_cards import misread_card, show_picture_cards
from app.reading_panel.announcement import announce
from app.server.reader_processes import reader_processes
from digitcore import DigitError
from digitcore.analysis.learning import learn_pass, measure_network, random_network
from digitcore.charts import learning_chart
from digitcore.errors import RequestError
from digitcore.messages import Message
from digitcore.recognition.model_input import CLASS_COUNT
from digitcore.types import Int64Array

PASS_COUNT: Final = 30
COUNTS: Final = (100, 300, 1_000)
LEARNED_KEY: Final = "model_learned"
NONE_LEFT_OUT: Final = -1

MIN_PASS_S: Final = 0.25
"""The least time that a pass is shown; it takes about 0.02 s of a core with 1,000 digits, and its chart as much."""

MAX_RUNS: Final = 6
"""How many networks may learn at once on a server: with 1,000 digits each, they take about one core together, with the charts of their
pages."""

_TOO_MANY: Final = Message("Many networks are learning here at this moment. Try again in ten seconds.")

_MAX_CARDS: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What a network has learned so far.

    Attributes:
        left_out: the digit that it has never seen, or `NONE_LEFT_OUT`.
        accuracies: after each pass, on the digits that it learns from and on others, in [0, 1]; the first before any.
        predictions: what it takes the others for now, int64 `(N,)`.
    """

    left_out: int
    accuracies: tuple[tuple[float, float], ...]
    predictions: Int64Array


@st.fragment
def show_learning() -> None:
    """Let the visitor choose what a small network learns from, and show how it learns."""
    st.header(_("Watch one learn"), anchor=False)
    st.markdown(_("A small network that knows nothing learns to read, here and now. How many digits does it need?"))
    count, left_out, is_started = _choose_task()
    place = st.empty()
    try:
        sample = read_sample()
        if is_started:
            with _one_of_the_runs():
                for learned in _learn(sample, count, left_out):
                    st.session_state[LEARNED_KEY] = learned
                    with place.container():
                        _show_progress(learned)
    except DigitError as error:
        st.error(localize(error.message), icon=":material/error:")
        return
    result: Learned | None = st.session_state.get(LEARNED_KEY)
    if result:
        with place.container():
            _show_progress(result)
        _show_result(result, sample)
    show_picture_source()


def _choose_task() -> tuple[int, int, bool]:
    """Let the visitor choose how many digits are learned and which is left out; return both, and whether to begin."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = st.segmented_control(
            _("Digits to learn from"), COUNTS, default=COUNTS[1], format_func=number, required=True, key="model_learn_count"
        )
        left_out = st.selectbox(
            _("Leave one out"), [NONE_LEFT_OUT, *range(CLASS_COUNT)], format_func=_left_out_name, width=160, key="model_learn_left_out"
        )
        is_started = st.button(_("Learn"), icon=":material/school:", type="primary", key="model_learn_start")
    return count, left_out, is_started


@lru_cache(maxsize=1)
def free_runs() -> BoundedSemaphore:
    """Return the count of networks that may begin to learn now, which all visitors of the server share."""
    return BoundedSemaphore(MAX_RUNS)


@contextmanager
def _one_of_the_runs() -> Iterator[None]:
    """Count a network as learning.

    Raises:
        RequestError: as many as the server allows learn already.
    """
    if not free_runs().acquire(blocking=False):
        raise RequestError(_TOO_MANY, 503)
    try:
        yield
    finally:
        free_runs().release()


def _left_out_name(digit: int) -> str:
    return _("none") if digit == NONE_LEFT_OUT else str(digit)


def _learn(sample: DigitSample, count: int, left_out: int) -> Iterator[Learned]:
    """Train a network, one pass at a time in a process of the server, and tell what it has learned after each."""
    chosen = np.flatnonzero(sample.training_labels[:count] != left_out)
    images, labels = sample.training_images[chosen], sample.training_labels[chosen]
    job = partial(measure_network, random_network(), images, labels, sample.images)
    accuracies = []
    for seed in range(PASS_COUNT + 1):
        start_s = time.monotonic()
        network, accuracy, predictions = reader_processes().run(job)
        accuracies.append((accuracy, float((predictions == sample.labels).mean())))
        yield Learned(left_out, tuple(accuracies), predictions)
        time.sleep(max(start_s + MIN_PASS_S - time.monotonic(), 0))
        job = partial(learn_pass, network, images, labels, sample.images, seed)


def _show_progress(learned: Learned) -> None:
    """Show the pass, the current accuracies, and the learning curve."""
    seen, unseen = learned.accuracies[-1]
    with st.container(horizontal=True, gap="large"):
        st.metric(_("Pass"), _("{number} of {count}").format(number=len(learned.accuracies) - 1, count=PASS_COUNT), width="content")
        st.metric(_("Digits that it learns from"), percent(seen), width="content")
        st.metric(_("Digits that it has never seen"), percent(unseen), width="content")
    show_chart(learning_chart(learned.accuracies, PASS_COUNT, _))


def _show_result(learned: Learned, sample: DigitSample) -> None:
    """Show what the network misreads, and what that means."""
    _seen, unseen = learned.accuracies[-1]
    text = _("After {passes} passes it reads {share} of {count} digits that it has never seen.")
    summary = text.format(passes=len(learned.accuracies) - 1, share=percent(unseen), count=number(len(sample.labels)))
    if learned.left_out != NONE_LEFT_OUT:
        own = sample.labels == learned.left_out
        lacking = _("Of {count} digits {digit} it reads {right}: it doesn't know that there is such a digit.")
        right = int((learned.predictions[own] == learned.left_out).sum())
        summary += " " + lacking.format(count=number(int(own.sum())), digit=learned.left_out, right=number(right))
    st.markdown(summary)
    announce(summary, "learn")
    wrong = np.flatnonzero(learned.predictions != sample.labels)[:_MAX_CARDS]
    st.subheader(_("Its first mistakes"), anchor=False)
    show_picture_cards(misread_card(sample.images[index], int(sample.labels[index]), int(learned.predictions[index])) for index in wrong)
