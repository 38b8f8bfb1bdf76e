"""The gallery: all uploaded files of a visit as pictures and as a table."""

import json
from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from app.downloads import show_download_button
from app.image_urls import encoded_data_url
from app.language import N_, _, localize, ngettext, number
from app.untrusted_text import escape_markdown, printable, shorten
from app.upload.reading import FileReading
from app.upload.store import remove, select, selected_file, stored_files
from digitcore.io.records import to_csv
from digitcore.results import Status

PAGE_KEY: Final = "upload_page"
TABLE_KEY: Final = "upload_table"
PICTURES_PER_PAGE: Final = 12

_TILE_NAME_CHARACTERS: Final = 22
"""Longer file names are shortened under their pictures."""

_NO_TEXT: Final = {Status.BLANK: N_("nothing written"), Status.NO_DIGIT: N_("no digit found")}
"""What the table shows in place of a text."""


def show_gallery() -> None:
    """Show a summary with downloads; if there are several files, show them as pictures and as a table, too."""
    files = stored_files()
    _show_summary(files)
    if len(files) > 1:
        pictures, table = st.tabs([_("Pictures"), _("Table")])
        with pictures:
            _show_pictures(files)
        with table:
            _show_table(files)


def _show_summary(files: Sequence[FileReading]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="upload-summary"):
        if len(files) > 1:
            st.markdown(_summary(files), width="content")
        records = [file.record for file in files]
        show_download_button("CSV", lambda: to_csv(records), "readings.csv", key="upload_download_csv")
        show_download_button("JSON", lambda: json.dumps(records, indent=2), "readings.json", key="upload_download_json")
        file_ids = [file.file_id for file in files]
        st.button(_("Remove all"), icon=":material/delete:", on_click=remove, args=(file_ids,), key="upload_remove")


def _summary(files: Sequence[FileReading]) -> str:
    unreadable = sum(file.reading is None for file in files)
    without_digits = sum(file.reading is not None and file.reading.status != Status.OK for file in files)
    text = ngettext(
        "{count} picture: {read} read, {without_digits} without digits, {unreadable} unreadable.",
        "{count} pictures: {read} read, {without_digits} without digits, {unreadable} unreadable.",
        len(files),
    )
    return text.format(
        count=number(len(files)),
        read=number(len(files) - without_digits - unreadable),
        without_digits=number(without_digits),
        unreadable=number(unreadable),
    )


def _show_pictures(files: Sequence[FileReading]) -> None:
    page_count = -(-len(files) // PICTURES_PER_PAGE)
    above_pagination = st.container()
    page = st.pagination(page_count, key=PAGE_KEY, persist_state="session") if page_count > 1 else 1
    shown = files[(page - 1) * PICTURES_PER_PAGE : page * PICTURES_PER_PAGE]
    selected = selected_file()
    with above_pagination, st.grid(min_column_width=150, gap="small", key="upload-pictures") as grid:
        for file in shown:
            with grid.cell():
                _show_tile(file, is_selected=selected is not None and file.file_id == selected.file_id)


def _show_tile(file: FileReading, *, is_selected: bool) -> None:
    if file.reading is None:
        st.html('<div class="no-picture" role="img" aria-label="{0}">{0}</div>'.format(_("unreadable")))
    else:
        alt = _("The picture with its digits marked: {text}").format(text=file.reading.text)
        st.image(encoded_data_url(file.thumbnail, "jpeg"), alt=alt, width="stretch")
    st.button(
        escape_markdown(shorten(file.name, _TILE_NAME_CHARACTERS)),
        on_click=select,
        args=(file.file_id,),
        icon=":material/check:" if is_selected else None,
        key=f"show_{file.file_id}",
        width="stretch",
    )


def _show_table(files: Sequence[FileReading]) -> None:
    """Show one row for each file; a click on a row selects its file."""
    file_ids = [file.file_id for file in files]
    st.dataframe(
        [_row(file) for file in files],
        column_config={
            _("Lowest confidence"): st.column_config.NumberColumn(format="percent"),
            _("Time (ms)"): st.column_config.NumberColumn(format="%.0f"),
        },
        hide_index=True,
        selection_mode="single-row",
        on_select=lambda: _select_row(file_ids),
        key=TABLE_KEY,
        alt=_("All pictures and their readings"),
    )


def _row(file: FileReading) -> dict[str, Any]:
    reading = file.reading
    return {
        _("File"): printable(file.name),
        _("Read as"): localize(file.error) if reading is None else reading.text or _(_NO_TEXT[reading.status]),
        _("As written"): None if reading is None else reading.written_text,
        _("Lowest confidence"): None if reading is None else reading.lowest_confidence,
        _("Rejected marks"): None if reading is None else sum(not digit.accepted for digit in reading.digits),
        _("Time (ms)"): None if reading is None else reading.elapsed_ms,
    }


def _select_row(file_ids: Sequence[str]) -> None:
    rows = st.session_state[TABLE_KEY].selection.rows
    if rows:
        select(file_ids[rows[0]])
