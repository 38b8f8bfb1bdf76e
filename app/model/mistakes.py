"""The Mistakes section: which digits get confused, how often each is misread, and the worst mistakes as pictures."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import streamlit as st

from app.charts import show_chart, show_table
from app.image_urls import data_url
from app.language import _, localize, number, percent
from app.model import Card
from digitcore import DigitError
from digitcore.charts import confusion_chart, misread_chart
from digitcore.datasets import mnist

_MIN_PICTURE_WIDTH_PX: Final = 88


def show_mistakes(card: Card) -> None:
    """Show the confusion matrix, the errors by digit, and the worst mistakes."""
    test = card["test"]
    left, right = st.columns(2, gap="large")
    with left:
        _show_confusion(test["confusion"])
    with right:
        _show_misread(test["recall_pct"])
    _show_worst_mistakes(test["worst_mistakes"])


def _show_confusion(confusion: Sequence[Sequence[int]]) -> None:
    st.header(_("Which digits get confused"), anchor=False)
    st.caption(_("Each row is the digit that was written, each column what it was read as. Grey is right, orange is a mistake."))
    show_chart(confusion_chart(confusion, _))
    labels = range(len(confusion))
    columns = {_("Written"): [str(label) for label in labels]}
    for predicted in labels:
        columns[_("Read as {digit}").format(digit=predicted)] = [number(counts[predicted]) for counts in confusion]
    show_table(columns)


def _show_misread(recall_pct: Sequence[float]) -> None:
    st.header(_("How often each digit is misread"), anchor=False)
    st.caption(_("Of a thousand digits of each kind. Recall is the opposite: the share that is read correctly."))
    show_chart(misread_chart(recall_pct, _))
    show_table(
        {
            _("Digit"): [str(digit) for digit in range(len(recall_pct))],
            _("Misread, of 1,000"): [number(10 * (100 - pct), 1) for pct in recall_pct],
            _("Recall"): [percent(pct / 100, 2) for pct in recall_pct],
        }
    )


def _show_worst_mistakes(mistakes: Sequence[Card]) -> None:
    """Show the mistakes made with the most confidence, as pictures if the MNIST files are available; none are downloaded."""
    st.header(_("The worst mistakes"), anchor=False)
    try:
        urls = _picture_urls(mnist.data_folder(), tuple(mistake["index"] for mistake in mistakes))
    except DigitError as error:
        st.info(localize(error.message), icon=":material/image_search:")
        return
    st.caption(_("Wrong answers given with the most confidence. What would you have read?"))
    with st.grid(min_column_width=_MIN_PICTURE_WIDTH_PX, key="model-mistakes"):
        for url, mistake in zip(urls, mistakes, strict=True):
            values = {"label": mistake["label"], "predicted": mistake["said"], "confidence": percent(mistake["confidence"])}
            alt = _("A handwritten {label}, read as {predicted} with {confidence} confidence").format(**values)
            st.image(url, caption=_("{label}, read as {predicted} ({confidence})").format(**values), alt=alt, width="stretch")


@lru_cache(maxsize=2)
def _picture_urls(folder: Path | None, indices: tuple[int, ...]) -> list[str]:
    """Return pictures of the MNIST test set as `data:` URLs, dark ink on white."""
    return [data_url(255 - picture) for picture in mnist.read_test_images(folder, indices)]
