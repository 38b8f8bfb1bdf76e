"""Compare the readings of labelled pictures with their labels."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, TypeVar

import streamlit as st

from app.charts import show_chart, show_table
from app.downloads import show_download_button
from app.handwriting.session import current_profile
from app.language import _, current_language, localize, ngettext, number, percent
from app.picture_cards import PictureCard, show_picture_cards
from app.server.reader_processes import reader_processes
from app.untrusted_text import printable, shorten
from app.upload.labels import have_labels, label_tables
from app.upload.reading import FileReading
from app.upload.store import stored_files
from digitcore.charts import confusion_chart
from digitcore.errors import DigitError
from digitcore.evaluation.advice import Advice, find_advice
from digitcore.evaluation.comparison import Comparison
from digitcore.evaluation.evaluate import Evaluation, evaluate
from digitcore.evaluation.labels import find_labels
from digitcore.evaluation.report import create_report, shown_pictures
from digitcore.evaluation.report_language import localizer
from digitcore.io.encode import encoded_data_url
from digitcore.settings import Settings

COMPARISON_KEY: Final = "upload_comparison"
"""Session state: the latest `FileComparison`."""

MAX_CARDS: Final = 24
"""The most misread pictures that are shown; the report has more."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class FileComparison:
    """An evaluation, and what it is of.

    Attributes:
        files: the files that were compared, as they were read.
        evaluation: their measures.
    """

    files: tuple[FileReading, ...]
    evaluation: Evaluation


def show_comparison() -> None:
    """Offer to compare labelled pictures with their labels, and show the comparison until the pictures or their readings change."""
    if not have_labels():
        return
    files = tuple(stored_files())
    comparison: FileComparison | None = st.session_state.get(COMPARISON_KEY)
    with st.container(key="upload-comparison"):
        if comparison is None or comparison.files != files:
            st.session_state.pop(COMPARISON_KEY, None)
            comparison = _compare_on_request(files)
        if comparison is not None:
            _show(comparison)


def _compare_on_request(files: tuple[FileReading, ...]) -> FileComparison | None:
    """Show the button; once it is clicked, compare and keep the result. None before that, or if the labels can't be used."""
    placeholder = st.empty()
    if not placeholder.button(_("Compare with the labels"), icon=":material/fact_check:", type="primary", key="upload_compare"):
        return None
    try:
        labels = find_labels([file.name for file in files], label_tables())
        with placeholder, st.spinner(_("Reading again…")):
            evaluation = evaluate(({**file.record, "error": file.error} for file in files), labels)
            contents = {file.name: file.content for file in files}
            advice = find_advice(evaluation.comparisons, contents.__getitem__, Settings(), current_profile(), _run_in_processes)
    except DigitError as error:
        st.error(localize(error.message), icon=":material/error:")
        return None
    placeholder.empty()
    comparison = FileComparison(files, replace(evaluation, advice=advice))
    st.session_state[COMPARISON_KEY] = comparison
    return comparison


def _run_in_processes(jobs: Iterable[Callable[[], Result]], /) -> Iterator[Result | DigitError]:
    """Run jobs in the worker processes of this server, as `RunAll` describes."""
    remaining, count = iter(jobs), os.cpu_count() or 1
    with ThreadPoolExecutor(count) as pool:
        while batch := list(islice(remaining, count)):
            yield from list(pool.map(_run, batch))


def _run(job: Callable[[], Result]) -> Result | DigitError:
    try:
        return reader_processes().run(job)
    except DigitError as error:
        return error


def _show(comparison: FileComparison) -> None:
    """Show the measures, then the misread pictures, and what would have helped."""
    evaluation, files = comparison.evaluation, {file.name: file for file in comparison.files}
    st.header(_("Compared with the labels"), anchor=False)
    _show_measures(evaluation)
    for note in evaluation.notes:
        st.caption(localize(note))
    thumbnails = {each.name: files[each.name].thumbnail for each in shown_pictures(evaluation)}
    code = current_language()
    show_download_button(
        _("Report (HTML)"), lambda: create_report(evaluation, thumbnails, localizer(code), code), "report.html", key="upload_report"
    )
    _show_misread(evaluation, files)
    if evaluation.advice is not None:
        _show_advice(evaluation.advice)
    if evaluation.aligned:
        st.header(_("Which digits get confused"), anchor=False)
        show_chart(confusion_chart(evaluation.confusion, _))


def _show_measures(evaluation: Evaluation) -> None:
    characters, error = evaluation.character_accuracy, evaluation.calibration_error
    whole = _("{right} of {count}").format(right=number(evaluation.right), count=number(evaluation.pictures))
    with st.container(horizontal=True, key="upload-measures"):
        st.metric(_("Pictures read whole"), percent(evaluation.accuracy), whole, delta_color="off", delta_arrow="off")
        st.metric(_("Digits read correctly"), "–" if characters is None else percent(characters))
        st.metric(_("Calibration error"), "–" if error is None else percent(error))


def _show_misread(evaluation: Evaluation, files: dict[str, FileReading]) -> None:
    misread = evaluation.misread
    if not misread:
        st.success(_("Every picture was read as its label."), icon=":material/verified:")
        return
    st.header(_("Misread pictures"), anchor=False)
    shown = shown_pictures(evaluation)[:MAX_CARDS]
    show_picture_cards(_card(each, files[each.name]) for each in shown)
    more = len(misread) - len(shown)
    if more:
        text = ngettext("{count} more is in the report.", "{count} more are in the report.", more)
        st.caption(text.format(count=number(more)))


def _card(comparison: Comparison, file: FileReading) -> PictureCard:
    label, text = (each.replace("/", " / ") or "–" for each in (comparison.label, comparison.text))
    alt = _("{label}, read as {text}").format(label=label, text=text)
    return PictureCard(encoded_data_url(file.thumbnail, "jpeg"), alt, shorten(printable(comparison.name)), f"{label} → {text}")


def _show_advice(advice: Advice) -> None:
    if not advice.trials:
        return
    st.header(_("What would have helped"), anchor=False)
    text = _("{misread} misread and {right} correctly read pictures were read again with each setting changed in turn.")
    st.caption(text.format(misread=number(advice.misread_tried), right=number(advice.right_tried)))
    show_table(
        {
            _("Change"): [localize(trial.variation.step) for trial in advice.trials],
            _("Misread ones that it mends"): [number(trial.mended) for trial in advice.trials],
            _("Correct ones that it breaks"): [number(trial.broken) for trial in advice.trials],
        },
        collapsed=False,
    )
