"""The Mistakes section: which digits get confused, how often each is misread, and the misread digits as pictures."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import streamlit as st

from app.charts import show_chart, show_selectable_chart, show_table
from app.image_urls import data_url
from app.language import _, confidence, localize, number, percent
from app.model import Card
from app.model.mistake_pictures import Mistake, read_mistakes
from app.picture_cards import PictureCard, show_picture_cards
from digitcore import DigitError
from digitcore.charts import CELL_SELECTION, confusion_chart, misread_chart

CHART_KEY: Final = "model_confusion"
PAIR_KEY: Final = "model_pair"
"""The written digit and what it was read as, of the mistakes that are shown; None for all."""

_LICENCE_URL: Final = "https://creativecommons.org/licenses/by-sa/3.0/"


@st.fragment
def show_mistakes(card: Card) -> None:
    """Show the confusion matrix, the errors by digit, and the mistakes as pictures, of which a click on a cell selects some."""
    test = card["test"]
    left, right = st.columns(2, gap="large")
    with left:
        _show_confusion(test["confusion"])
    with right:
        _show_misread(test["recall_pct"])
    st.header(_("The mistakes"), anchor=False)
    if mistakes := available_mistakes(card):
        _show_pictures(mistakes)


def available_mistakes(card: Card) -> Sequence[Mistake]:
    """Return the network's mistakes; show why they aren't available, and return none, where that is so."""
    try:
        return read_mistakes(card["model"]["sha256"])
    except DigitError as error:
        st.info(localize(error.message), icon=":material/image_search:")
        return ()


def show_picture_source() -> None:
    """Name the authors and the licence of the pictures."""
    source = _("Pictures: MNIST, by Y. LeCun, C. Cortes and C. J. C. Burges, [CC BY-SA 3.0]({url}).")
    st.caption(source.format(url=_LICENCE_URL))


def _show_confusion(confusion: Sequence[Sequence[int]]) -> None:
    st.header(_("Which digits get confused"), anchor=False)
    st.caption(
        _(
            "Each row is the digit that was written, each column what it was read as. Grey is right, orange is a mistake: "
            "click it to see its pictures below."
        )
    )
    show_selectable_chart(confusion_chart(confusion, _), _select_pair, CHART_KEY)
    labels = range(len(confusion))
    columns = {_("Written"): [str(label) for label in labels]}
    for predicted in labels:
        columns[_("Read as {digit}").format(digit=predicted)] = [number(counts[predicted]) for counts in confusion]
    show_table(columns)


def _select_pair() -> None:
    """Select the mistakes of the cell that was clicked; all of them if the click selected none."""
    cells = st.session_state[CHART_KEY].selection.get(CELL_SELECTION) or [{}]
    pair = (int(cells[0].get("label", 0)), int(cells[0].get("predicted", 0)))
    st.session_state[PAIR_KEY] = pair if pair[0] != pair[1] else None


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


def _show_pictures(mistakes: Sequence[Mistake]) -> None:
    """Show the mistakes that the visitor selects, at first all of them."""
    counts = Counter((mistake.label, mistake.predicted) for mistake in mistakes)
    options = [None, *(pair for pair, _count in counts.most_common())]
    if st.session_state.get(PAIR_KEY) not in options:
        st.session_state[PAIR_KEY] = None
    pair = st.selectbox(
        _("Which mistakes?"), options, format_func=lambda pair: _pair_title(pair, counts), key=PAIR_KEY, persist_state="session"
    )
    st.caption(_("The surest answers come first. What would you have read?"))
    with st.container(key="model-mistakes"):
        show_picture_cards(_card(each) for each in mistakes if pair in (None, (each.label, each.predicted)))
    show_picture_source()


def _pair_title(pair: tuple[int, int] | None, counts: Counter[tuple[int, int]]) -> str:
    if pair is None:
        return _("All {count}").format(count=number(counts.total()))
    return _("{label}, read as {predicted} ({count})").format(label=pair[0], predicted=pair[1], count=number(counts[pair]))


def _card(mistake: Mistake) -> PictureCard:
    values = {"label": mistake.label, "predicted": mistake.predicted, "confidence": confidence(mistake.confidence)}
    alt = _("A handwritten {label}, read as {predicted} with {confidence} confidence").format(**values)
    return PictureCard(data_url(mistake.image), alt, _("read as {predicted}: {confidence}").format(**values), str(mistake.label))
