"""Read many files in parallel, with a progress bar, and store each reading."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st

from app.handwriting.session import current_handwriting
from app.language import _, number
from app.server.reader_processes import needs_process, reader_processes
from app.upload.reading import FileReading, read_file, unreadable_file
from app.upload.store import store
from digitcore import WriterProfile
from digitcore.errors import RequestError
from digitcore.io.archives import UnpackedFile

PROGRESS_DELAY_S: Final = 0.3
"""How long reading takes before the progress bar appears, in seconds; it would only flicker for less."""

MANY_FILES: Final = 5
"""The number of files from which worker processes read them, since together they take long."""


def read_and_store(files: Mapping[str, UnpackedFile]) -> None:
    """Read files with the visitor's handwriting and store them; if the page runs again meanwhile, that run reads the rest.

    Args:
        files: the files by their ids.
    """
    handwriting = current_handwriting()
    read = partial(_read, profile=handwriting.profile, is_one_of_many=len(files) >= MANY_FILES)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        readings = [pool.submit(read, file_id, file) for file_id, file in files.items()]
        try:
            is_slow = wait(readings, timeout=PROGRESS_DELAY_S).not_done
            bar = st.progress(0.0, text=_("Reading…")) if is_slow else None
            for done, reading in enumerate(readings, 1):
                store(replace(reading.result(), handwriting_version=handwriting.version))
                if bar:
                    bar.progress(done / len(readings), text=_progress(done, len(readings)))
            if bar:
                bar.empty()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _read(file_id: str, file: UnpackedFile, profile: WriterProfile | None, *, is_one_of_many: bool) -> FileReading:
    if file.error is not None:
        return unreadable_file(file_id, file.name, file.error.message)
    job = partial(read_file, file_id, file.name, file.content, profile)
    if not is_one_of_many and not needs_process(file.content):
        return job()
    try:
        return reader_processes().run(job)
    except RequestError as error:
        return unreadable_file(file_id, file.name, error.message)


def _progress(done: int, count: int) -> str:
    return _("{done} of {count} read").format(done=number(done), count=number(count))
