"""Let the visitor choose one of the members of an enum, such as a section of a page."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

import streamlit as st

from app.language import _

Member = TypeVar("Member", bound=StrEnum)


def choose_member(
    widget: Callable[..., Any], label: str, members: Sequence[Member], titles: Mapping[Member, str], key: str, **options: Any
) -> Member:
    """Show a widget with the members of an enum, of which one is always chosen; the choice is kept for the visit.

    Args:
        widget: `st.pills` or `st.segmented_control`.
        label: names the widget for screen readers.
        members: those that are offered, at least one; the first is chosen at first.
        titles: the members' titles, in English.
        key: the widget's key; the session state has the value of the chosen member.
        **options: further arguments of the widget.

    Returns:
        The chosen member.
    """
    by_value = {member.value: member for member in members}
    if st.session_state.get(key) not in by_value:
        st.session_state[key] = members[0].value
    chosen = widget(
        label,
        list(by_value),
        format_func=lambda value: _(titles[by_value[value]]),
        required=True,
        key=key,
        label_visibility="collapsed",
        persist_state="session",
        **options,
    )
    return by_value[chosen]
