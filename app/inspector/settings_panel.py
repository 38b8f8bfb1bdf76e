"""The panel with a control for each setting; each control's range comes from the setting itself."""

import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any, Final, NamedTuple

import streamlit as st

from app.inspector.inspection import apply_settings, current_settings, initial_settings
from app.inspector.labels import CHOICE_LABELS, SETTING_GROUPS, SETTING_LABELS, format_value, setting_name
from app.language import _, localize, ngettext, number
from app.session import is_phone
from app.untrusted_text import escape_markdown
from digitcore import Settings, SettingsError
from digitcore.settings import MAX_ALLOWED_NUMBERS, Allowed, Choices, Interval, NumberList, Range, allowed_values

CONTROL_KEY: Final = "inspector_set_{field}"
RESET_KEY: Final = "inspector_reset"
RESET_ONE_KEY: Final = "inspector_reset_{field}"

REJECTED_KEY: Final = "inspector_rejected"
"""The texts that aren't allowed, by the keys of their controls."""

_EXPANDED_GROUP: Final = "Ink"
_ICONS: Final = {"Ink": "contrast", "Marks": "select_all", "Digit": "filter_center_focus", "Answer": "psychology", "Known numbers": "pin"}
_SLIDER_STEP: Final = 0.1
_SHARE_STEP: Final = 0.01
_STEP_DECIMALS: Final = 2
_LIST_HEIGHT_PX: Final = 90
_MAX_INTERVAL_LENGTH: Final = 40
_MAX_LIST_LENGTH: Final = 41 * MAX_ALLOWED_NUMBERS
_BETWEEN_NUMBERS: Final = re.compile(r"[\s,;]+")
_DASH: Final = re.compile(r"\s*[-–—]\s*")


class _Rejected(NamedTuple):
    """A text that isn't allowed."""

    text: str
    reason: str


def show_settings_panel() -> None:
    """Show all settings in their groups, and the buttons that reset them."""
    settings, initial = current_settings(), initial_settings()
    changed = settings.changes(initial)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.header(_("Settings"), anchor=False, width="content")
        st.button(_("Reset all"), icon=":material/restart_alt:", on_click=_reset, args=(None,), disabled=not changed, key=RESET_KEY)
    groups = st.container(key="inspector-settings")
    for group, fields in SETTING_GROUPS.items():
        title = _group_title(group, [field for field in fields if field in changed])
        expanded = group == _EXPANDED_GROUP and not is_phone()
        with groups.expander(title, expanded=expanded, key=f"inspector_group_{group}"):
            for field in fields:
                _show_control(field, settings)
                if field in changed:
                    _show_reset_button(field, initial)


def _group_title(group: str, changed: Sequence[str]) -> str:
    title = f":material/{_ICONS[group]}: {_(group)}"
    count = ngettext("{count} changed", "{count} changed", len(changed)).format(count=number(len(changed)))
    return f"{title} · {count}" if changed else title


def _show_control(field: str, settings: Settings) -> None:
    """Show a segmented control for a choice, a slider for a number, and a text field for an interval or a list of numbers."""
    values, key = allowed_values(field), CONTROL_KEY.format(field=field)
    options: dict[str, Any] = {
        "label": setting_name(field),
        "key": key,
        "help": _(SETTING_LABELS[field].help),
        "on_change": _change,
        "args": (field,),
        "disabled": not settings.is_active(field),
    }
    value = getattr(settings, field)
    if isinstance(values, Choices):
        st.session_state[key] = value
        labels = CHOICE_LABELS[field]
        st.segmented_control(options=list(values.names), format_func=lambda name: _(labels[name]), required=True, **options)
    elif isinstance(values, Interval | NumberList):
        _show_text_control(values, value, options)
    else:
        st.session_state[key] = value
        # Not `st.slider`: its own formats have no unit, or don't follow the language of the page.
        st.select_slider(options=_slider_values(values, value), format_func=partial(format_value, field), **options)


def _show_text_control(values: Interval | NumberList, value: str | tuple[str, ...], options: dict[str, Any]) -> None:
    """Show the field of an interval or a list; a text that isn't allowed stays in it, with the reason."""
    key = options["key"]
    rejected = st.session_state.get(REJECTED_KEY, {}).get(key)
    st.session_state[key] = rejected.text if rejected else value if isinstance(value, str) else " ".join(value)
    if isinstance(values, Interval):
        st.text_input(placeholder=_("any"), max_chars=_MAX_INTERVAL_LENGTH, **options)
    else:
        st.text_area(placeholder=_("any"), height=_LIST_HEIGHT_PX, max_chars=_MAX_LIST_LENGTH, **options)
    if rejected:
        st.error(escape_markdown(localize(rejected.reason)), icon=":material/error:")


def _slider_values(values: Range, value: float) -> list[float]:
    """Return the numbers that a slider can be moved to, in steps, and the current one, which an address may set between them."""
    if values.is_integer:
        return list(range(int(values.low), int(values.high) + 1))
    step = _SHARE_STEP if values.high <= 1 else _SLIDER_STEP
    count = round((values.high - values.low) / step)
    return sorted({value, *(round(values.low + place * step, _STEP_DECIMALS) for place in range(count + 1))})


def _show_reset_button(field: str, initial: Settings) -> None:
    label = _("Back to: {value}").format(value=format_value(field, getattr(initial, field)))
    st.button(label, icon=":material/undo:", type="tertiary", on_click=_reset, args=(field,), key=RESET_ONE_KEY.format(field=field))


def _change(field: str) -> None:
    """Apply a control's value; of a text that isn't allowed, keep the reason."""
    key = CONTROL_KEY.format(field=field)
    value: Any = st.session_state[key]
    parsed = _parsed(value, allowed_values(field)) if isinstance(value, str) else value
    rejected: dict[str, _Rejected] = st.session_state.setdefault(REJECTED_KEY, {})
    rejected.pop(key, None)
    try:
        apply_settings(replace(current_settings(), **{field: parsed}))
    except SettingsError as error:
        rejected[key] = _Rejected(value, error.message)


def _parsed(text: str, values: Allowed) -> Any:
    """Convert the text of a control to a setting's value: spaces and dashes of an interval may be typed in any way."""
    if isinstance(values, NumberList):
        return tuple(_BETWEEN_NUMBERS.sub(" ", text).split())
    return _DASH.sub("-", text.strip()) if isinstance(values, Interval) else text


def _reset(field: str | None) -> None:
    """Reset one setting, or all of them for None."""
    initial = initial_settings()
    st.session_state.pop(REJECTED_KEY, None)
    apply_settings(initial if field is None else replace(current_settings(), **{field: asdict(initial)[field]}))
