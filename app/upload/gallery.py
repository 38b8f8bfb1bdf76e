"""Many pictures on one page: a gallery, a table, and one of them in full."""

import json
from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from app.downloads import show_download_button
from app.image_urls import data_url, encoded_data_url, resize
from app.inspectable_images import show_inspect_button
from app.language import _, localize
from app.reading_panels import show_answer, show_digits
from app.untrusted_text import escape_markdown, printable, shorten
from app.upload.store import FileReading, choose, chosen_file, forget, kept_files
from digitcore import annotate
from digitcore.io.decode import load_picture
from digitcore.io.records import to_csv

PAGE_KEY: Final = "upload_page"
TABLE_KEY: Final = "upload_table"
PICTURES_A_PAGE: Final = 12

_PREVIEW_PX: Final = 1_000


def show_gallery() -> None:
    """What came in: all of it as pictures and as a table where there are several, and what to take along."""
    files = kept_files()
    _show_summary(files)
    if len(files) > 1:
        pictures, table = st.tabs([_("Pictures"), _("Table")])
        with pictures:
            _show_pictures(files)
        with table:
            _show_table(files)


def show_chosen() -> None:
    """One picture in full: its marks drawn in, what it says, and its digits."""
    file = chosen_file()
    if file is None:
        return
    st.header(escape_markdown(shorten(file.name)), anchor=False)
    if file.reading is None:
        st.error(localize(file.error), icon=":material/error:")
        return
    picture, answer = st.columns(2, gap="medium")
    with picture:
        with st.spinner(_("Opening the picture…")):
            marked = annotate(resize(load_picture(file.content).pixels, _PREVIEW_PX), file.reading)
        alt = _("The picture with its digits marked: {text}").format(text=file.reading.text)
        st.image(data_url(marked, "jpeg"), caption=_("What was found"), alt=alt, width="stretch")
        show_inspect_button(file.subject, key="upload_inspect")
    with answer:
        show_answer(file.reading)
        show_digits(file.reading, key="upload")


def _show_summary(files: Sequence[FileReading]) -> None:
    unread = sum(file.reading is None for file in files)
    silent = sum(file.reading is not None and file.reading.status != "ok" for file in files)
    words = _("{count} pictures: {read} read, {silent} without a digit, {unread} not readable.")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="upload-summary"):
        if len(files) > 1:
            said = words.format(count=len(files), read=len(files) - silent - unread, silent=silent, unread=unread)
            st.markdown(said, width="content")
        records = [file.record for file in files]
        show_download_button("CSV", lambda: to_csv(records), "readings.csv", key="upload_download_csv")
        show_download_button("JSON", lambda: json.dumps(records, indent=2), "readings.json", key="upload_download_json")
        st.button(_("Remove all"), icon=":material/delete:", on_click=forget, args=([file.file_id for file in files],), key="upload_remove")


def _show_pictures(files: Sequence[FileReading]) -> None:
    pages = -(-len(files) // PICTURES_A_PAGE)
    place = st.container()
    page = st.pagination(pages, key=PAGE_KEY, persist_state="session") if pages > 1 else 1
    shown = files[(page - 1) * PICTURES_A_PAGE : page * PICTURES_A_PAGE]
    chosen = chosen_file()
    with place, st.grid(min_column_width=150, gap="small", key="upload-pictures") as grid:
        for file in shown:
            with grid.cell():
                _show_tile(file, is_chosen=chosen is not None and file.file_id == chosen.file_id)


def _show_tile(file: FileReading, *, is_chosen: bool) -> None:
    if file.reading is None:
        st.html('<div class="no-picture" role="img" aria-label="{0}">{0}</div>'.format(_("not readable")))
    else:
        alt = _("The picture with its digits marked: {text}").format(text=file.reading.text)
        st.image(encoded_data_url(file.thumbnail, "jpeg"), alt=alt, width="stretch")
    st.button(
        escape_markdown(shorten(file.name, 22)),
        on_click=choose,
        args=(file.file_id,),
        icon=":material/check:" if is_chosen else None,
        key=f"show_{file.file_id}",
        width="stretch",
    )


def _show_table(files: Sequence[FileReading]) -> None:
    """Sortable by a click on a heading; a click on a row shows its picture."""
    ids = [file.file_id for file in files]
    st.dataframe(
        [_row(file) for file in files],
        column_config={
            _("Lowest confidence"): st.column_config.NumberColumn(format="percent"),
            _("Time (ms)"): st.column_config.NumberColumn(format="%.0f"),
        },
        hide_index=True,
        selection_mode="single-row",
        on_select=lambda: _choose_row(ids),
        key=TABLE_KEY,
        alt=_("All pictures and what they say"),
    )


def _row(file: FileReading) -> dict[str, Any]:
    says = {"blank": _("nothing written"), "no_digit": _("no digit")}
    reading = file.reading
    return {
        _("File"): printable(file.name),
        _("Says"): localize(file.error) if reading is None else reading.text or says[reading.status],
        _("Lowest confidence"): None if reading is None else reading.lowest_confidence,
        _("Marks refused"): None if reading is None else sum(not digit.accepted for digit in reading.digits),
        _("Time (ms)"): None if reading is None else reading.elapsed_ms,
    }


def _choose_row(ids: Sequence[str]) -> None:
    rows = st.session_state[TABLE_KEY].selection.rows
    if rows:
        choose(ids[rows[0]])
