"""The tables of labels that a visitor has uploaded with the pictures, kept in memory until the session ends."""

from collections.abc import Iterable
from typing import Final

import streamlit as st

from app.language import _
from app.upload.store import stored_files
from digitcore.evaluation.label_table import MAX_TABLE_BYTES
from digitcore.evaluation.labels import is_table, label_in_name
from digitcore.io.archives import UnpackedFile

TABLES_KEY: Final = "upload_label_tables"
"""Session state: the content of each `labels.csv` by its path."""


def label_tables() -> dict[str, bytes]:
    """Return the tables of this visit by their paths."""
    tables: dict[str, bytes] = st.session_state.get(TABLES_KEY, {})
    return tables


def store_tables(files: Iterable[UnpackedFile]) -> list[UnpackedFile]:
    """Store the tables among uploaded files, and return the other files."""
    others, tables = [], dict(label_tables())
    for file in files:
        if is_table(file.name) and file.error is None:
            tables[file.name] = file.content[: MAX_TABLE_BYTES + 1]
        else:
            others.append(file)
    st.session_state[TABLES_KEY] = tables
    return others


def forget_tables() -> None:
    """Remove the tables from this visit."""
    st.session_state.pop(TABLES_KEY, None)


def have_labels() -> bool:
    """Return whether the pictures of this visit come with labels: in a table, or in the names of all pictures."""
    pictures = [file.name for file in stored_files() if file.reading is not None]
    return bool(pictures) and (bool(label_tables()) or all(map(label_in_name, pictures)))


def show_tables_without_pictures() -> None:
    """Say that a table of labels was received, where its pictures are still missing."""
    if label_tables():
        st.info(_("The labels are here. Now add their pictures."), icon=":material/fact_check:")
