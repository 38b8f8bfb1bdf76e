"""The query parameters of the page's address: replace them without a further entry in the browser's history, and notice its Back button.

`st.query_params` adds an entry for every change, so that a visitor would go back through each of them. Here a script changes the address
first; Streamlit, which then gets the same parameters, finds nothing to add.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from app.language import LANGUAGE_PARAMETER

ADDRESS_KEY: Final = "ui_address"
"""Session state: the `WrittenAddress`."""

APP_PARAMETERS: Final = (LANGUAGE_PARAMETER,)
"""Parameters of the whole app, which stay when a page replaces its own."""

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

_component = st.components.v2.component("digits.address", html="<span></span>", js=_SCRIPT)


class WrittenAddress(NamedTuple):
    """The parameters that a page wrote last, and those before, which the browser sends until it has replaced them."""

    parameters: Mapping[str, list[str]]
    replaced: Mapping[str, list[str]]
    generation: int
    """Grows with each change."""


def page_parameters() -> dict[str, list[str]]:
    """Return the values of each parameter in the address, without the parameters of the whole app."""
    return {name: st.query_params.get_all(name) for name in st.query_params if name not in APP_PARAMETERS}


def address_changed() -> bool:
    """Return whether the address has other parameters than a page wrote: the visitor went back or forward, or opened another page."""
    written = _written_address()
    return page_parameters() not in (written.parameters, written.replaced)


@st.fragment
def replace_page_parameters(parameters: Mapping[str, str]) -> None:
    """Replace the page's parameters in the address. Call this at the end of a page: the script takes up a line of the layout.

    Args:
        parameters: the value of each parameter, by its name.
    """
    written, listed = _written_address(), {name: [value] for name, value in parameters.items()}
    if written.parameters != listed or address_changed():
        written = WrittenAddress(listed, page_parameters(), written.generation + 1)
    with_app = {name: st.query_params[name] for name in APP_PARAMETERS if name in st.query_params} | dict(parameters)
    state: dict[str, Any] = _component(
        data={"query": urlencode(with_app), "generation": written.generation},
        default={"generation": None},
        key="address",
        on_generation_change=lambda: None,
        width="content",
        height="content",
    )
    if state.get("generation") == written.generation and page_parameters() != listed:
        st.query_params.from_dict(with_app)
        written = written._replace(replaced=listed)
    st.session_state[ADDRESS_KEY] = written


def _written_address() -> WrittenAddress:
    address: WrittenAddress = st.session_state.get(ADDRESS_KEY, WrittenAddress({}, {}, 0))
    return address
