"""The query parameters of the page's address: replace them, and notice that the visitor went back or forward in the browser's history.

The browser's history gets no further entry when they are replaced; `app/navigation.js` sees to that.
"""

from collections import deque
from collections.abc import Mapping
from typing import Final

import streamlit as st

from app.language import LANGUAGE_PARAMETER

ADDRESS_KEY: Final = "ui_address"
"""Session state: the parameters that the page wrote, and those that they replaced."""

APP_PARAMETERS: Final = (LANGUAGE_PARAMETER,)
"""Parameters of the whole app, which stay when a page replaces its own."""

_FLAG_ON: Final = "1"

_MAX_REMEMBERED: Final = 16
"""Number of written addresses that are remembered: until a browser has replaced its address, it sends an earlier one."""


def page_parameters() -> dict[str, list[str]]:
    """Return the values of each parameter in the address, without the parameters of the whole app."""
    return {name: st.query_params.get_all(name) for name in st.query_params if name not in APP_PARAMETERS}


def address_changed() -> bool:
    """Return whether the address has other parameters than a page wrote: the visitor went back or forward, or opened another page."""
    return page_parameters() not in _written_parameters()


def replace_page_parameters(parameters: Mapping[str, str]) -> None:
    """Replace the page's parameters in the address. Call this at the end of a page.

    Args:
        parameters: the value of each parameter, by its name.
    """
    listed = {name: [value] for name, value in parameters.items()}
    written = _written_parameters()
    if address_changed():
        written.clear()
    written.extend(each for each in (page_parameters(), listed) if each not in written)
    if page_parameters() != listed:
        app_parameters = {name: st.query_params[name] for name in APP_PARAMETERS if name in st.query_params}
        st.query_params.from_dict(app_parameters | dict(parameters))


def has_flag(name: str) -> bool:
    """Return whether the address switches something on, as in `?play=1`.

    Args:
        name: the parameter.
    """
    return st.query_params.get(name) == _FLAG_ON


def set_flag(name: str, is_on: bool) -> None:
    """Switch something on in the address, or off by removing its parameter.

    Args:
        name: the parameter.
        is_on: whether it is on from the next run of the page.
    """
    if is_on:
        st.query_params[name] = _FLAG_ON
    else:
        st.query_params.pop(name, None)


def _written_parameters() -> deque[dict[str, list[str]]]:
    written: deque[dict[str, list[str]]] = st.session_state.setdefault(ADDRESS_KEY, deque([{}], maxlen=_MAX_REMEMBERED))
    return written
