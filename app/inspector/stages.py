"""Every stage of a picture on its way, and its grey levels."""

from typing import Final

import streamlit as st

from app.charts import show_chart
from app.image_urls import preview_url
from app.inspector.inspection import Inspection
from app.inspector.labels import setting_in_words, stage_title
from app.inspector.settings_panel import is_used
from app.language import _, localize, number, percent
from digitcore import Stage
from digitcore.charts import histogram, histogram_chart
from digitcore.settings import acting_on

_CARD_PX: Final = 145
"""Least width of a stage: three abreast beside the settings, two on a phone."""

_LARGE_SIDE_PX: Final = 1_600
_TABLE_BANDS: Final = 16


def show_stages(inspection: Inspection) -> None:
    """All stages in their order, then the grey levels that are divided."""
    with st.container(key="inspector-stages"), st.grid(min_column_width=_CARD_PX, gap="small"):
        for place, stage in enumerate(inspection.reading.stages, 1):
            with st.container(border=True, gap="xsmall"):
                _show_stage(place, stage, inspection)
    _show_histogram(inspection)


def _show_stage(place: int, stage: Stage, inspection: Inspection) -> None:
    title = f"{place}. {stage_title(stage.name)}"
    st.image(inspection.stage_url(stage.name), alt=_alt(stage), width="stretch")
    asked = st.button(title, icon=":material/zoom_in:", type="tertiary", help=_("Enlarge"), key=f"inspector_enlarge_{stage.name}")
    st.caption(localize(stage.note))
    acting = [setting_in_words(name, inspection.settings) for name in acting_on(stage.name) if is_used(name, inspection.settings)]
    st.caption("  \n".join([*acting, _("{time} ms").format(time=number(stage.elapsed_ms, 1))]))
    if asked:
        _enlarge(title, stage)


def _enlarge(title: str, stage: Stage) -> None:
    @st.dialog(title, width="large", icon=":material/zoom_in:")
    def dialog() -> None:
        st.image(preview_url(stage.image, _LARGE_SIDE_PX), alt=_alt(stage), width="stretch")
        height, width = stage.image.shape[:2]
        size = _("{width} × {height} pixels").format(width=number(width), height=number(height))
        st.caption(f"{localize(stage.note)} {size}.")

    dialog()


def _alt(stage: Stage) -> str:
    return _("{title}: {note}").format(title=stage_title(stage.name), note=localize(stage.note))


def _show_histogram(inspection: Inspection) -> None:
    """The grey levels that tell ink from paper; where no one level does, the same picture without a line, and why."""
    stages = inspection.reading.stages
    divide = next((stage.threshold for stage in stages if stage.threshold), None)
    name = divide.stage if divide else next(name for name in ("polarity", "grey") if any(stage.name == name for stage in stages))
    st.header(_("Grey levels: {stage}").format(stage=stage_title(name)), anchor=False)
    if divide is None:
        adaptive = any(stage.name == "threshold" for stage in stages)
        each = _("Each neighbourhood has a threshold of its own, so there is no one line to draw.")
        known = _("A drawing's ink is known, so no threshold is needed.")
        st.caption(each if adaptive else known)
    image = inspection.stage(name)
    show_chart(histogram_chart(image, divide.level if divide else None, _))
    with st.expander(_("These grey levels as a table")):
        bands = histogram(image, _TABLE_BANDS)
        shares = [percent(share, 2) for _low, _high, share in bands]
        st.table({_("Grey levels"): [f"{low}–{high}" for low, high, _share in bands], _("Share of pixels"): shares}, border="horizontal")
