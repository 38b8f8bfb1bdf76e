"""The Steps tab: every stage of the reading, and the histogram of its grey levels."""

from typing import Final

import streamlit as st

from app.charts import show_chart
from app.image_urls import preview_url
from app.inspector.inspection import Inspection
from app.inspector.labels import setting_with_value, stage_title
from app.language import _, localize, number, percent
from digitcore import Stage
from digitcore.charts import histogram, histogram_chart
from digitcore.results import StageName
from digitcore.settings import settings_of_stage

_MIN_CARD_WIDTH_PX: Final = 145
"""Three stages in a row next to the settings, two on a phone."""

_ENLARGED_SIDE_PX: Final = 1_600
_TABLE_BINS: Final = 16


def show_stages(inspection: Inspection) -> None:
    """Show all stages in their order, then the histogram of the grey levels that the threshold divides."""
    with st.container(key="inspector-stages"), st.grid(min_column_width=_MIN_CARD_WIDTH_PX, gap="small"):
        for step, stage in enumerate(inspection.reading.stages, 1):
            with st.container(border=True, gap="xsmall"):
                _show_stage(step, stage, inspection)
    _show_histogram(inspection)


def _show_stage(step: int, stage: Stage, inspection: Inspection) -> None:
    title = f"{step}. {stage_title(stage.name)}"
    st.image(inspection.stage_url(stage.name), alt=_alt_text(stage), width="stretch")
    enlarge = st.button(title, icon=":material/zoom_in:", type="tertiary", help=_("Enlarge"), key=f"inspector_enlarge_{stage.name}")
    st.caption(localize(stage.note))
    settings = inspection.settings
    active = [setting_with_value(field, settings) for field in settings_of_stage(stage.name) if settings.is_active(field)]
    st.caption("  \n".join([*active, _("{time} ms").format(time=number(stage.elapsed_ms, 1))]))
    if enlarge:
        _show_enlarged(title, stage)


def _show_enlarged(title: str, stage: Stage) -> None:
    @st.dialog(title, width="large", icon=":material/zoom_in:")
    def dialog() -> None:
        st.image(preview_url(stage.image, _ENLARGED_SIDE_PX), alt=_alt_text(stage), width="stretch")
        height, width = stage.image.shape[:2]
        size = _("{width} × {height} pixels").format(width=number(width), height=number(height))
        st.caption(f"{localize(stage.note)} {size}.")

    dialog()


def _alt_text(stage: Stage) -> str:
    return _("{title}: {note}").format(title=stage_title(stage.name), note=localize(stage.note))


def _show_histogram(inspection: Inspection) -> None:
    """Show the histogram with its global threshold; where there is none, the histogram alone and the reason."""
    stages = {stage.name: stage for stage in inspection.reading.stages}
    threshold = next((stage.threshold for stage in stages.values() if stage.threshold), None)
    name = threshold.stage if threshold else StageName.POLARITY if StageName.POLARITY in stages else StageName.GREY
    st.header(_("Grey levels: {stage}").format(stage=stage_title(name)), anchor=False)
    if threshold is None:
        local = _("Each neighbourhood has its own threshold, so no single line can be drawn.")
        not_needed = _("A drawing's ink is known, so no threshold is needed.")
        st.caption(local if StageName.THRESHOLD in stages else not_needed)
    image = inspection.stage_image(name)
    show_chart(histogram_chart(image, threshold.level if threshold else None, _))
    with st.expander(_("Grey levels as a table")):
        bins = histogram(image, _TABLE_BINS)
        levels = [f"{low}–{high}" for low, high, _share in bins]
        shares = [percent(share, 2) for _low, _high, share in bins]
        st.table({_("Grey levels"): levels, _("Share of pixels"): shares}, border="horizontal")
