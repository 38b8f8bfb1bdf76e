"""A control for every setting: its range comes from the setting itself."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any, Final

import streamlit as st

from app.inspector.inspection import apply_settings, present_settings, usual_settings
from app.inspector.labels import CHOICES, GROUPS, LABELS, setting_name, value_name
from app.language import _
from app.session import is_phone
from digitcore import Settings
from digitcore.settings import Choices, allowed

KEY: Final = "inspector_set_{field}"
RESET_KEY: Final = "inspector_reset"
RESET_ONE_KEY: Final = "inspector_reset_{field}"

_OPEN_GROUP: Final = "Ink"
_ICONS: Final = {"Ink": "contrast", "Marks": "select_all", "Digit": "filter_center_focus", "Answer": "psychology"}


def show_controls() -> None:
    """All settings by groups, and Reset."""
    settings, usual = present_settings(), usual_settings()
    changed = settings.changes(usual)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.header(_("Settings"), anchor=False, width="content")
        st.button(_("Reset all"), icon=":material/restart_alt:", on_click=_reset, args=(None,), disabled=not changed, key=RESET_KEY)
    for group, names in GROUPS.items():
        with st.expander(
            _title(group, [name for name in names if name in changed]),
            expanded=group == _OPEN_GROUP and not is_phone(),
            key=f"inspector_group_{group}",
        ):
            for field in names:
                _show_control(field, settings)
                if field in changed:
                    back = _("Back to: {value}").format(value=value_name(field, getattr(usual, field)))
                    st.button(
                        back, icon=":material/undo:", type="tertiary", on_click=_reset, args=(field,), key=RESET_ONE_KEY.format(field=field)
                    )


def is_used(field: str, settings: Settings) -> bool:
    """Whether a setting acts on anything while the others are as they are."""
    drawing, known = settings.medium == "drawing", settings.medium == "drawing" and settings.polarity != "auto"
    unused = {
        "clahe_clip": drawing,
        "clahe_tiles": drawing or settings.clahe_clip == 0,
        "smoothing_px": drawing,
        "threshold": known,
        "paper_window": known,
        "adaptive_window": known or settings.threshold != "adaptive",
        "rulings": known or settings.threshold != "paper",
    }
    return not unused.get(field, False)


def _title(group: str, changed: Sequence[str]) -> str:
    title = f":material/{_ICONS[group]}: {_(group)}"
    many = _("{count} changed").format(count=len(changed))
    return f"{title} · {many}" if changed else title


def _show_control(field: str, settings: Settings) -> None:
    what, key = allowed(field), KEY.format(field=field)
    value = getattr(settings, field)
    told: dict[str, Any] = {
        "label": setting_name(field),
        "key": key,
        "help": _(LABELS[field].help),
        "on_change": _change,
        "args": (field,),
        "disabled": not is_used(field, settings),
    }
    if isinstance(what, Choices):
        st.session_state[key] = value
        names = CHOICES[field]
        st.segmented_control(options=list(what.names), format_func=lambda name: _(names[name]), required=True, **told)
    elif what.whole:
        st.session_state[key] = int(value)
        st.slider(min_value=int(what.low), max_value=int(what.high), step=1, **told)
    else:
        st.session_state[key] = float(value)
        share = what.high <= 1
        form = "percent" if share else "%.1f px" if field.endswith("_px") else "%.1f"
        st.slider(min_value=what.low, max_value=what.high, step=0.01 if share else 0.1, format=form, **told)


def _change(field: str) -> None:
    apply_settings(replace(present_settings(), **{field: st.session_state[KEY.format(field=field)]}))


def _reset(field: str | None) -> None:
    usual = usual_settings()
    apply_settings(usual if field is None else replace(present_settings(), **{field: asdict(usual)[field]}))
