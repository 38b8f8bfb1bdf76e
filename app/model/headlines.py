"""The figures at the top of the Model page, each with its meaning."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import streamlit as st

from app.language import _, number, percent
from app.model import Card

_MIN_CARD_WIDTH_PX: Final = 150
_COLUMNS: Final = 4
_EXAMPLE_CONFIDENCE: Final = 0.9


class _Headline(NamedTuple):
    label: str
    value: str
    meaning: str


def show_headlines(card: Card) -> None:
    """Show what matters most to a visitor as large figures with their meaning: accuracy and refusals; the other figures on demand."""
    mnist, others, corrupted = _accuracy_headlines(card)
    _show([mnist, others, _pages(card["pages"]), _refusal(card)], key="model-headlines")
    with st.expander(_("More figures"), icon=":material/speed:"):
        _show([corrupted, _calibration(card["test"]), *_engine_headlines(card)], key="model-more-headlines")


def _show(headlines: Sequence[_Headline], key: str) -> None:
    with st.grid(_COLUMNS, min_column_width=_MIN_CARD_WIDTH_PX, key=key):
        for headline in headlines:
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.metric(headline.label, headline.value)
                st.caption(headline.meaning)


def _accuracy_headlines(card: Card) -> list[_Headline]:
    """Return the accuracy on MNIST, on other people's handwriting, and on corrupted digits."""
    test, others, corruptions = card["test"], card["other_hands"], card["corruptions"]
    mnist = _("of {count} digits of the MNIST test set, none of them seen in training, are read correctly. {errors} are not.")
    other = _("of {count} digits by other people, digitised with another scanner, are read correctly.")
    corrupted = _(
        "of the digits are still read correctly after blur, noise, fog and other corruption: {count} kinds, {lowest} for the worst."
    )
    return [
        _Headline(
            _("MNIST test"),
            percent(test["accuracy_pct"] / 100, 2),
            mnist.format(count=number(test["count"]), errors=number(test["errors"])),
        ),
        _Headline(_("Other people's handwriting"), percent(others["accuracy_pct"] / 100), other.format(count=number(others["count"]))),
        _Headline(
            _("Corrupted digits"),
            percent(corruptions["mean_pct"] / 100),
            corrupted.format(count=number(len(corruptions["accuracy_pct"])), lowest=percent(corruptions["lowest_pct"] / 100)),
        ),
    ]


def _calibration(test: Card) -> _Headline:
    meaning = _(
        "average gap between stated confidence and actual accuracy. Of answers given with {share} confidence, about 90 in 100 are right."
    )
    value = percent(test["expected_calibration_error_pct"] / 100, 2)
    return _Headline(_("Calibration error"), value, meaning.format(share=percent(_EXAMPLE_CONFIDENCE, 0)))


def _pages(pages: Card) -> _Headline:
    meaning = _("of {count} synthetic photos of pages are read without any error; of single characters, {characters}.")
    return _Headline(
        _("Whole pages"),
        percent(pages["whole_pct"] / 100),
        meaning.format(count=number(pages["count"]), characters=percent(pages["characters_pct"] / 100)),
    )


def _refusal(card: Card) -> _Headline:
    """Return the share of marks other than digits that are refused, over all sets."""
    sets = card["not_digits"].values()
    count = sum(each["count"] for each in sets)
    refused = sum(each["count"] * each["refused_pct"] for each in sets) / 100 / count
    meaning = _("of {count} scribbles, textures, clothes and foreign letters are refused, while {accepted} of real digits are accepted.")
    accepted = percent(card["test"]["accepted_as_digit_pct"] / 100, 2)
    return _Headline(_("Other marks refused"), percent(refused), meaning.format(count=number(count), accepted=accepted))


def _engine_headlines(card: Card) -> list[_Headline]:
    """Return the network's speed and size."""
    latency, model = card["latency"], card["model"]
    rate = _("per digit on one core, or about {rate} digits a second.").format(rate=number(latency["digits_a_second"]))
    parameters = _("on disk, with {parameters} parameters.").format(parameters=number(model["parameters"]))
    return [
        _Headline(_("Speed"), _("{ms} ms").format(ms=number(latency["median_ms"], 2)), rate),
        _Headline(_("Size"), _("{mb} MB").format(mb=number(model["size_bytes"] / 1e6, 1)), parameters),
    ]
