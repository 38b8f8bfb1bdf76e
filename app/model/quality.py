"""How good the network is, for everybody: the headlines, what it mistakes, and how far its confidence can be trusted."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

from app.charts import show_chart, show_table
from app.image_urls import data_url
from app.language import _, localize, number, percent
from digitcore import DigitError
from digitcore.charts import confusion_chart, coverage_chart, misread_chart, reliability_chart
from digitcore.datasets import mnist

Card = Mapping[str, Any]

DEMANDED_KEY: Final = "model_demanded"
DEFAULT_DEMANDED: Final = 0.9

_MISTAKE_PX: Final = 88
_HEADLINE_PX: Final = 150
_HEADLINE_COLUMNS: Final = 4


def show_headlines(card: Card) -> None:
    """The numbers that matter most, each with what it means."""
    with st.grid(_HEADLINE_COLUMNS, min_column_width=_HEADLINE_PX, key="model-headlines"):
        for label, value, meaning in _headlines(card):
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.metric(label, value)
                st.caption(meaning)


def _headlines(card: Card) -> list[tuple[str, str, str]]:
    return [*_of_digits(card), *_of_the_rest(card)]


def _of_digits(card: Card) -> list[tuple[str, str, str]]:
    test, others, spoilt = card["test"], card["other_hands"], card["corruptions"]
    unseen = _("of {count} digits of the MNIST test set, none of them seen in training, are read right. {errors} are not.")
    scanner = _("of {count} digits by other people, from another scanner, are read right.")
    damage = _("of the digits are still read right after blur, noise, fog and other damage: {count} kinds, {lowest} for the worst.")
    promise = _("lies between what it promises and what comes true: of answers given with {share} confidence, about 90 in 100 are right.")
    return [
        (
            _("MNIST test"),
            percent(test["accuracy_pct"] / 100, 2),
            unseen.format(count=number(test["count"]), errors=number(test["errors"])),
        ),
        (_("Other hands"), percent(others["accuracy_pct"] / 100), scanner.format(count=number(others["count"]))),
        (
            _("Damaged digits"),
            percent(spoilt["mean_pct"] / 100),
            damage.format(count=number(len(spoilt["accuracy_pct"])), lowest=percent(spoilt["lowest_pct"] / 100)),
        ),
        (_("Calibration error"), percent(test["expected_calibration_error_pct"] / 100, 2), promise.format(share=percent(0.9, 0))),
    ]


def _of_the_rest(card: Card) -> list[tuple[str, str, str]]:
    pages, latency, marks = card["pages"], card["latency"], card["not_digits"].values()
    shown = sum(each["count"] for each in marks)
    refused = sum(each["count"] * each["refused_pct"] for each in marks) / 100 / shown
    whole = _("of {count} photographed pages are read without one mistake; of single characters, {characters}.")
    no_digit = _("of {count} scribbles, textures, clothes and foreign letters are refused, and {accepted} of true digits accepted.")
    fast = _("for one digit on one core, or about {rate} digits a second.")
    small = _("is all that has to be loaded: {parameters} parameters.")
    return [
        (
            _("Whole pages"),
            percent(pages["whole_pct"] / 100),
            whole.format(count=number(pages["count"]), characters=percent(pages["characters_pct"] / 100)),
        ),
        (
            _("No digit, no answer"),
            percent(refused),
            no_digit.format(count=number(shown), accepted=percent(card["test"]["accepted_as_digit_pct"] / 100, 2)),
        ),
        (_("Speed"), _("{ms} ms").format(ms=number(latency["median_ms"], 2)), fast.format(rate=number(latency["digits_a_second"]))),
        (
            _("Size"),
            _("{mb} MB").format(mb=number(card["model"]["size_bytes"] / 1e6, 1)),
            small.format(parameters=number(card["model"]["parameters"])),
        ),
    ]


def show_mistakes(card: Card) -> None:
    """What is taken for what, how often each digit is misread, and the worst mistakes as pictures."""
    test = card["test"]
    squares, bars = st.columns(2, gap="large")
    with squares:
        st.header(_("What is taken for what"), anchor=False)
        st.caption(_("Each row is a digit as it was written, each column what was read. Grey is right, orange is a mistake."))
        show_chart(confusion_chart(test["confusion"], _))
        _show_confusion_table(test["confusion"])
    with bars:
        st.header(_("How often each digit is misread"), anchor=False)
        st.caption(_("Of a thousand digits of each kind. Recall is the other way round: the share that is read right."))
        show_chart(misread_chart(test["recall_pct"], _))
        digits = [str(digit) for digit in range(len(test["recall_pct"]))]
        misread = [number(10 * (100 - pct), 1) for pct in test["recall_pct"]]
        recall = [percent(pct / 100, 2) for pct in test["recall_pct"]]
        show_table({_("Digit"): digits, _("Misread, of 1,000"): misread, _("Read right (recall)"): recall})
    _show_worst(test["worst_mistakes"])


def _show_confusion_table(confusion: list[list[int]]) -> None:
    columns = {_("Written"): [str(label) for label in range(len(confusion))]}
    for said in range(len(confusion)):
        columns[_("Read as {digit}").format(digit=said)] = [number(counts[said]) for counts in confusion]
    show_table(columns)


def _show_worst(mistakes: list[dict[str, Any]]) -> None:
    """The mistakes made with most confidence, as pictures where the files are at hand. Nothing is ever fetched for it."""
    st.header(_("The worst mistakes"), anchor=False)
    try:
        pictures = _mistake_pictures(mnist.folder(), tuple(mistake["index"] for mistake in mistakes))
    except DigitError as error:
        st.info(localize(error.message), icon=":material/image_search:")
        return
    st.caption(_("Wrong answers given with the most confidence. What would you have read?"))
    with st.grid(min_column_width=_MISTAKE_PX, key="model-mistakes"):
        for picture, mistake in zip(pictures, mistakes, strict=True):
            said = {"label": mistake["label"], "said": mistake["said"], "confidence": percent(mistake["confidence"])}
            alt = _("A handwritten {label} that was read as {said} with a confidence of {confidence}").format(**said)
            st.image(picture, caption=_("{label}, read as {said} ({confidence})").format(**said), alt=alt, width="stretch")


@lru_cache(maxsize=2)
def _mistake_pictures(folder: Path | None, places: tuple[int, ...]) -> list[str]:
    """Test pictures as `data:` addresses, dark ink on white."""
    return [data_url(255 - picture) for picture in mnist.pictures_of_test_set(folder, places)]


def show_confidence(card: Card) -> None:
    """Whether a confidence is worth its word, and what demanding more of it costs."""
    promised, demanded = st.columns(2, gap="large")
    with promised:
        bins = card["test"]["reliability_bins"]
        st.header(_("Does it keep its promises?"), anchor=False)
        st.caption(_("On the dashed line, promise and outcome agree. Upright lines show how far chance could have moved a point."))
        show_chart(reliability_chart(bins, _))
        show_table(
            {
                _("Confidence promised"): [percent(each["confidence"]) for each in bins],
                _("Share that was right"): [percent(each["accuracy"]) for each in bins],
                _("Digits"): [number(each["count"]) for each in bins],
            }
        )
    with demanded:
        _show_coverage(card["test"])


@st.fragment
def _show_coverage(test: Card) -> None:
    steps = test["coverage_accuracy"]
    st.header(_("How sure must it be?"), anchor=False)
    demanded = st.select_slider(
        _("Confidence demanded of an answer"),
        [step["confidence"] for step in steps],
        value=DEFAULT_DEMANDED,
        format_func=percent,
        key=DEMANDED_KEY,
        persist_state="session",
    )
    with st.container(key="model-coverage"):
        st.markdown(in_words(next(step for step in steps if step["confidence"] == demanded), test["count"]))
    show_chart(coverage_chart(steps, demanded, _))
    show_table(
        {
            _("Confidence demanded"): [percent(step["confidence"]) for step in steps],
            _("Answered"): [percent(step["coverage_pct"] / 100, 2) for step in steps],
            _("Right, of those answered"): [percent(step["accuracy_pct"] / 100, 2) for step in steps],
        }
    )


def in_words(step: Mapping[str, float], count: int) -> str:
    """What a demanded confidence comes to.

    Args:
        step: `coverage_pct` and `accuracy_pct` at that confidence.
        count: how many digits there are.
    """
    answered = round(count * step["coverage_pct"] / 100)
    wrong = round(answered * (100 - step["accuracy_pct"]) / 100)
    text = _(
        "Of {count} digits, **{answered}** would be answered, **{wrong}** of them wrong. The other **{left}** would be left to a person."
    )
    return text.format(count=number(count), answered=number(answered), wrong=number(wrong), left=number(count - answered))
