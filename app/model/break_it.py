"""The Break it section: the visitor damages a copy of the network, and sees what both read."""

from functools import partial
from typing import Final, NamedTuple

import numpy as np
import streamlit as st

from app.charts import show_probabilities
from app.choices import choose_member
from app.image_urls import preview_url
from app.inspectable_images import InspectableImage, registered_images
from app.language import N_, _, localize, number, percent
from app.model.damage_choice import choose_damage
from app.model.digit_sample import DigitSample, read_sample
from app.model.mistakes import show_picture_source
from app.picture_cards import misread_card, show_picture_cards
from app.reading_panel.announcement import announce
from app.server.reader_processes import reader_processes
from digitcore import DigitError, read_image
from digitcore.analysis.damage import DamageComparison, DamageKind, compare_damaged
from digitcore.types import Float32Array, UInt8Array

_DIGIT_KEY: Final = "model_break_digit"
_SUBJECT_KEY: Final = "model_break_drawn"
_DRAWN_KEY: Final = "model_break_drawn_digit"
"""Session state: the drawing that was read, and its first digit."""

_SIDE_PX: Final = 140
_MAX_CARDS: Final = 12

_KIND_TITLES: Final = {
    DamageKind.NOISE: N_("Noise on the weights"),
    DamageKind.BRANCH: N_("A branch switched off"),
    DamageKind.LAYER: N_("A layer forgets"),
    DamageKind.EIGHT_BITS: N_("8-bit weights"),
    DamageKind.SEED: N_("Another random seed"),
}


class _Subject(NamedTuple):
    """The digit whose probabilities are compared: uint8 `(28, 28)`, and what was written; None for a drawing."""

    image: UInt8Array
    label: int | None


@st.fragment
def show_break_it() -> None:
    """Let the visitor choose a damage, and show what the network and its damaged copy read."""
    st.header(_("Break it"), anchor=False)
    st.markdown(_("Damage a copy of the network, and see what it still reads. The network itself stays whole."))
    kind = choose_member(st.pills, _("Damage"), list(DamageKind), _KIND_TITLES, "model_break_kind")
    try:
        sample = read_sample()
        damage = choose_damage(kind)
        subject = _choose_subject(sample)
        job = partial(compare_damaged, damage, sample.images, sample.labels, subject.image, sample.other_weights)
        with st.spinner(_("Damaging a copy …"), show_time=False):
            comparison = reader_processes().run(job)
    except DigitError as error:
        st.error(localize(error.message), icon=":material/error:")
        return
    _show_both(comparison, sample, subject)
    _show_newly_misread(comparison, sample)
    show_picture_source()


def _choose_subject(sample: DigitSample) -> _Subject:
    """Return the digit that both networks read: one of the sample, or the first of the visitor's drawing, if there is one."""
    index = st.session_state.setdefault(_DIGIT_KEY, 0) % len(sample.labels)
    of_sample = _Subject(sample.images[index], int(sample.labels[index]))
    drawn = _first_drawn_digit()
    if drawn is None:
        return of_sample
    options = {False: _("A digit of the test set"), True: _("Your drawing")}
    is_drawn = st.segmented_control(
        _("Digit"),
        list(options),
        default=True,
        format_func=options.__getitem__,
        required=True,
        label_visibility="collapsed",
        key=_SUBJECT_KEY,
    )
    return _Subject(drawn, None) if is_drawn else of_sample


def _first_drawn_digit() -> UInt8Array | None:
    """Return the first digit of the visitor's drawing, uint8 `(28, 28)`, or None without any; a drawing is read once."""
    drawing = next((image for image in registered_images() if image.image_id == "drawing"), None)
    if drawing is None:
        return None
    kept: tuple[InspectableImage, UInt8Array | None] | None = st.session_state.get(_DRAWN_KEY)
    if kept is None or kept[0] is not drawing:
        marks = read_image(drawing.source, drawing.settings).digits
        kept = st.session_state[_DRAWN_KEY] = drawing, marks[0].model_input if marks else None
    return kept[1]


def _show_both(comparison: DamageComparison, sample: DigitSample, subject: _Subject) -> None:
    """Show accuracy and the ten probabilities of one digit, of the network and of the copy side by side."""
    picture, *columns = st.columns([1, 2, 2])
    with picture:
        st.image(preview_url(subject.image, _SIDE_PX), alt=_("A handwritten digit"), width="content")
        if subject.label is not None:
            name = _("Another digit")
            st.button(name, icon=":material/shuffle:", on_click=_choose_another, args=(len(sample.labels),), key="model_break_another")
    right_label = int(comparison.probabilities.argmax()) if subject.label is None else subject.label
    titles = (_("The network"), _("The damaged copy"))
    accuracies = (comparison.accuracy, comparison.damaged_accuracy)
    read = (comparison.probabilities, comparison.damaged_probabilities)
    for place, (column, title, accuracy, probabilities) in enumerate(zip(columns, titles, accuracies, read, strict=True)):
        with column:
            st.metric(title, percent(accuracy), _difference(accuracy - accuracies[0], sample), delta_arrow="off", delta_color="off")
            label = int(probabilities.argmax())
            show_probabilities(probabilities, label, is_unsure=label != right_label, key=f"model_break_chart_{place}")
    announce(_summary(comparison.damaged_accuracy, comparison.damaged_probabilities), "break")


def _choose_another(count: int) -> None:
    st.session_state[_DIGIT_KEY] = int(np.random.default_rng().integers(count))


def _difference(difference: float, sample: DigitSample) -> str:
    """Describe an accuracy: by what it is less than the network's, or of how many digits it is."""
    if difference:
        return _("{points} points").format(points=number(100 * difference, 1))
    return _("of {count} digits of the test set").format(count=number(len(sample.labels)))


def _summary(accuracy: float, probabilities: Float32Array) -> str:
    text = _("The damaged copy reads {share} of the sample correctly, and this digit as {digit}.")
    return text.format(share=percent(accuracy), digit=int(probabilities.argmax()))


def _show_newly_misread(comparison: DamageComparison, sample: DigitSample) -> None:
    predictions = comparison.predictions
    wrong = np.flatnonzero(predictions != sample.labels)
    if not len(wrong):
        st.caption(_("The damaged copy misreads none of the sample."))
        return
    st.subheader(_("What the damaged copy misreads"), anchor=False)
    shown = wrong[:_MAX_CARDS]
    show_picture_cards(misread_card(sample.images[index], int(sample.labels[index]), int(predictions[index])) for index in shown)
    if len(wrong) > _MAX_CARDS:
        st.caption(_("The first {shown} of {count}.").format(shown=number(_MAX_CARDS), count=number(len(wrong))))
