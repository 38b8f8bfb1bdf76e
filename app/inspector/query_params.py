"""The Inspector's address: what differs from the defaults, so that a link shares it."""

from typing import Final

import streamlit as st

from app.inspectable_images import SELECTED_IMAGE_KEY
from app.inspector.inspection import SHOWN_KEY, apply_settings, present_settings
from app.inspector.picker import open_subject
from app.language import _
from app.samples import SAMPLE_ID_PREFIX, is_sample
from app.session import page_just_opened
from app.untrusted_text import escape_markdown
from digitcore.io.query import from_query, to_query

PICTURE: Final = "picture"
"""The parameter that names a sample; other pictures can't be shared by an address."""

IGNORED_KEY: Final = "inspector_ignored"
WRITTEN_KEY: Final = "inspector_address"

_MOST_NAMES: Final = 5
_LONGEST_NAME: Final = 30


def read_address() -> bool:
    """When the page was just opened by an address that says something, do as it says; one line names what isn't understood.

    Returns:
        Whether the address said something.
    """
    obeyed = page_just_opened() and _obey({name: st.query_params.get_all(name) for name in st.query_params})
    ignored: tuple[str, ...] = st.session_state.get(IGNORED_KEY, ())
    if ignored:
        names = ", ".join(escape_markdown(name[:_LONGEST_NAME]) for name in ignored[:_MOST_NAMES])
        more = ", …" if len(ignored) > _MOST_NAMES else ""
        st.caption(_("Ignored in the address, as unknown or not allowed: {names}").format(names=names + more))
    return obeyed


def write_address() -> None:
    """Let the address say what is shown, once it has changed."""
    image_id = str(st.session_state.get(SELECTED_IMAGE_KEY, ""))
    picture = {PICTURE: image_id} if image_id.startswith(SAMPLE_ID_PREFIX) else {}
    address = {**picture, **to_query(present_settings())}
    if st.session_state.get(WRITTEN_KEY) != address:
        st.session_state[WRITTEN_KEY] = address
        st.query_params.from_dict(address)


def _obey(parameters: dict[str, list[str]]) -> bool:
    st.session_state.pop(WRITTEN_KEY, None)
    pictures = parameters.pop(PICTURE, [])
    settings, ignored = from_query(parameters)
    opened = len(pictures) == 1 and is_sample(pictures[0])
    if opened:
        open_subject(pictures[0])
        st.session_state.pop(SHOWN_KEY, None)
    if opened or settings.changes():
        apply_settings(settings)
    st.session_state[IGNORED_KEY] = (*ignored, PICTURE) if pictures and not opened else ignored
    return opened or bool(settings.changes())
