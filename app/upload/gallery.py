"""The gallery: all uploaded files of a visit as pictures and as a table."""

import json
from collections.abc import Sequence
from html import escape
from typing import Any, Final

import streamlit as st

from app.downloads import show_download_button
from app.language import MAX_SHOWN_CONFIDENCE, N_, _, localize, ngettext, number
from app.untrusted_text import escape_markdown, printable, shorten
from app.upload.labels import forget_tables
from app.upload.reading import FileReading
from app.upload.store import remove, select, selected_file, stored_files
from digitcore.io.encode import encoded_data_url
from digitcore.io.records import to_csv
from digitcore.results import Status

PAGE_KEY: Final = "upload_page"
TABLE_KEY: Final = "upload_table"
PICTURES_PER_PAGE: Final = 12

_TILE_NAME_CHARACTERS: Final = 16
"""Longer file names are shortened under their pictures, to what has space in the narrowest tile."""

_TILE_TEXT_CHARACTERS: Final = 60
"""Longer texts are shortened under their pictures, to more than the two lines that are shown of them."""

_UNBROKEN_HYPHEN: Final = "-\u2060"
"""A hyphen and a word joiner, so that lines are broken between numbers only."""

_NAME_COLUMN_WIDTH_PX: Final = 200
"""The width of the column with the file names, which are often longer than what was read."""

_PAGED_FOR_KEY: Final = "upload_paged_for"
"""Session state: the file whose page of pictures was opened last."""

_REASON_WIDTH_PX: Final = 640
"""The width of the column with the reasons why files can't be read: the longest is a line of a hundred characters."""

_NO_TEXT: Final = {Status.BLANK: N_("nothing written"), Status.NO_DIGIT: N_("no digit found")}
"""What is shown in place of a text."""


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
        st.button(_("Remove all"), icon=":material/delete:", on_click=_remove_all, args=(file_ids,), key="upload_remove")


def _remove_all(file_ids: Sequence[str]) -> None:
    """Remove the files and their tables of labels from this visit."""
    remove(file_ids)
    forget_tables()


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
    selected = selected_file()
    _open_page_of(selected, files)
    above_pagination = st.container()
    page = st.pagination(page_count, key=PAGE_KEY, persist_state="session") if page_count > 1 else 1
    shown = files[(page - 1) * PICTURES_PER_PAGE : page * PICTURES_PER_PAGE]
    with above_pagination, st.grid(min_column_width=150, gap="small", key="upload-pictures") as grid:
        for file in shown:
            with grid.cell():
                _show_tile(file, is_selected=selected is not None and file.file_id == selected.file_id)


def _open_page_of(selected: FileReading | None, files: Sequence[FileReading]) -> None:
    """Open the page of pictures with the selected one, once for each selection: the visitor may then open other pages."""
    if selected is None or st.session_state.get(_PAGED_FOR_KEY) == selected.file_id:
        return
    st.session_state[_PAGED_FOR_KEY] = selected.file_id
    if len(files) > PICTURES_PER_PAGE:
        st.session_state[PAGE_KEY] = 1 + files.index(selected) // PICTURES_PER_PAGE


def _show_tile(file: FileReading, *, is_selected: bool) -> None:
    """Show a file's picture, or why it can't be read; what was read, as the button that selects it; and a button that removes it."""
    if file.reading is None:
        st.html(f'<div class="no-picture">{escape(localize(file.error))}</div>')
    else:
        alt = _("The picture with its digits marked: {text}").format(text=file.reading.text)
        st.image(encoded_data_url(file.thumbnail, "jpeg"), alt=alt, width="stretch")
    name = escape_markdown(shorten(file.name, _TILE_NAME_CHARACTERS))
    result = shorten(_result(file), _TILE_TEXT_CHARACTERS).replace("-", _UNBROKEN_HYPHEN)
    label = f"**{escape_markdown(result)}** :small[{name}]"
    st.button(
        label,
        on_click=select,
        args=(file.file_id,),
        type="primary" if is_selected else "secondary",
        key=f"show_{file.file_id}",
        width="stretch",
    )
    st.button(
        _("Remove {name}").format(name=name),
        on_click=remove,
        args=([file.file_id],),
        icon=":material/close:",
        key=f"remove_{file.file_id}",
    )


def _result(file: FileReading) -> str:
    """Return what was read from a file, or why nothing was, in a few words."""
    if file.reading is None:
        return _("unreadable")
    return file.reading.written_text or file.reading.text or _(_NO_TEXT[file.reading.status])


def _show_table(files: Sequence[FileReading]) -> None:
    """Show one row for each file; a click on a row selects its file."""
    file_ids = [file.file_id for file in files]
    rows = [_row(file) for file in files]
    st.dataframe(
        rows,
        column_config={
            _("File"): st.column_config.TextColumn(width=_NAME_COLUMN_WIDTH_PX),
            _("Lowest confidence"): st.column_config.NumberColumn(format="percent"),
            _("Time (ms)"): st.column_config.NumberColumn(format="%.0f"),
            _("Why"): st.column_config.TextColumn(width=_REASON_WIDTH_PX),
        },
        column_order=[name for name in rows[0] if name != _("Why") or any(file.reading is None for file in files)],
        hide_index=True,
        placeholder="",
        selection_mode="single-row",
        on_select=lambda: _select_row(file_ids),
        key=TABLE_KEY,
        alt=_("All pictures and their readings"),
    )


def _row(file: FileReading) -> dict[str, Any]:
    reading = file.reading
    lowest = None if reading is None else reading.lowest_confidence
    return {
        _("File"): printable(file.name),
        _("Read as"): reading.text if reading is not None and reading.text else _result(file),
        _("As written"): None if reading is None else reading.written_text,
        _("Lowest confidence"): None if lowest is None else round(min(max(lowest, 1 - MAX_SHOWN_CONFIDENCE), MAX_SHOWN_CONFIDENCE), 3),
        _("Rejected marks"): None if reading is None else sum(not digit.accepted and digit.separator is None for digit in reading.digits),
        _("Time (ms)"): None if reading is None else reading.elapsed_ms,
        _("Why"): localize(file.error) if reading is None else None,
    }


def _select_row(file_ids: Sequence[str]) -> None:
    rows = st.session_state[TABLE_KEY].selection.rows
    if rows:
        select(file_ids[rows[0]])
