"""The Inspector's query parameters: the sample and the settings that differ from the defaults, so that a link shares them."""

from typing import Final

import streamlit as st

from app.address import address_changed, page_parameters, replace_page_parameters
from app.inspectable_images import SELECTED_IMAGE_KEY
from app.inspector.film import FILM_PARAMETER, is_playing, set_playing
from app.inspector.inspection import OPEN_IMAGE_KEY, apply_settings, current_settings
from app.inspector.picker import select_image
from app.language import _
from app.samples import SAMPLE_ID_PREFIX, is_sample
from app.session import page_just_opened
from app.untrusted_text import escape_markdown
from digitcore.settings import from_query, to_query

SAMPLE_PARAMETER: Final = "picture"
"""The parameter that names a sample; a URL can't hold other pictures."""

IGNORED_KEY: Final = "inspector_ignored"
"""The names of the parameters that were ignored."""

_MAX_NAMES_SHOWN: Final = 5
_MAX_NAME_LENGTH: Final = 30


def read_query_params() -> bool:
    """Apply the query parameters when the page was just opened or the browser went back, and show in one line which of them were ignored.

    Returns:
        Whether they selected a picture or changed a setting.
    """
    applied = (page_just_opened() or address_changed()) and _apply(page_parameters())
    ignored: tuple[str, ...] = st.session_state.get(IGNORED_KEY, ())
    if ignored:
        names = ", ".join(escape_markdown(name[:_MAX_NAME_LENGTH]) for name in ignored[:_MAX_NAMES_SHOWN])
        more = ", …" if len(ignored) > _MAX_NAMES_SHOWN else ""
        st.caption(_("Ignored in the address (unknown or not allowed): {names}").format(names=names + more))
    return applied


def write_query_params() -> None:
    """Write the selected sample, an open film and the changed settings into the address; call it last."""
    image_id = str(st.session_state.get(SELECTED_IMAGE_KEY, ""))
    sample = {SAMPLE_PARAMETER: image_id} if image_id.startswith(SAMPLE_ID_PREFIX) else {}
    film = {FILM_PARAMETER: "1"} if is_playing() else {}
    replace_page_parameters({**sample, **film, **to_query(current_settings())})


def _apply(parameters: dict[str, list[str]]) -> bool:
    """Select the sample, open the film and apply the settings; remember the names that are unknown or not allowed."""
    set_playing(parameters.pop(FILM_PARAMETER, []) == ["1"])
    samples = parameters.pop(SAMPLE_PARAMETER, [])
    settings, ignored = from_query(parameters)
    selected = len(samples) == 1 and is_sample(samples[0])
    if selected:
        select_image(samples[0])
        st.session_state.pop(OPEN_IMAGE_KEY, None)
    if selected or settings.changes():
        apply_settings(settings)
    st.session_state[IGNORED_KEY] = (*ignored, SAMPLE_PARAMETER) if samples and not selected else ignored
    return selected or bool(settings.changes())
