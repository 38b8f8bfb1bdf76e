"""The Steps tab: every stage of the reading in its act, and the histogram of its grey levels."""

from typing import Final

import streamlit as st

from app.charts import show_chart
from app.image_urls import preview_url
from app.inspector.acts import ActStages, rows_of_acts
from app.inspector.film import show_film
from app.inspector.inspection import Inspection
from app.inspector.labels import setting_with_value, stage_alt_text, stage_title
from app.language import _, confidence, localize, number, percent
from app.mark_labels import shown_label, spoken_label
from digitcore import Digit, Settings, Stage
from digitcore.charts import histogram, histogram_chart
from digitcore.settings import settings_of_stage
from digitcore.stages import StageName

_MIN_CARD_WIDTH_PX: Final = 120
"""Five stages in a row next to the settings, two on a phone."""

_ENLARGED_SIDE_PX: Final = 1_600
_TABLE_BINS: Final = 16


def show_stages(inspection: Inspection) -> None:
    """Show all stages in their order, act by act, then the histogram of the grey levels that the threshold divides."""
    show_film(inspection)
    with st.container(key="inspector-stages"):
        for row in rows_of_acts(inspection.reading.stages):
            for column, each in zip(st.columns([each.act.columns for each in row]), row, strict=True):
                with column, st.container(key=f"inspector-act-{each.number}", gap="small"):
                    _show_act(each, inspection)
    _show_histogram(inspection)


def _show_act(of_act: ActStages, inspection: Inspection) -> None:
    """Show an act's stages; the last act ends with the answer."""
    act, stages, first = of_act.act, of_act.stages, of_act.first
    st.header(f"{act.icon} {_(act.title)}", anchor=False)
    with st.grid(act.columns, min_column_width=_MIN_CARD_WIDTH_PX, gap="small"):
        for step, stage in enumerate(stages, first):
            with st.container(border=True, gap="xsmall", height="stretch"):
                _show_stage(step, stage, inspection)
        digit = inspection.largest_digit()
        if digit and stages[-1].name == StageName.CENTRE:
            with st.container(border=True, gap="xsmall", height="stretch"):
                _show_answer(digit)


def _show_stage(step: int, stage: Stage, inspection: Inspection) -> None:
    title, details = f"{step}. {stage_title(stage.name)}", _details(stage, inspection.settings)
    st.image(inspection.stage_url(stage.name), alt=stage_alt_text(stage), width="stretch")
    if st.button(title, type="tertiary", help="  \n".join(details), key=f"inspector_enlarge_{stage.name}"):
        _show_enlarged(title, stage, details)
    st.caption(localize(stage.note))


def _details(stage: Stage, settings: Settings) -> list[str]:
    """Return the settings that a stage depends on, and its time."""
    active = [setting_with_value(field, settings) for field in settings_of_stage(stage.name) if settings.is_active(field)]
    return [*active, _("{time} ms").format(time=number(stage.elapsed_ms, 1))]


def _show_answer(digit: Digit) -> None:
    """Show what the network reads in the picture of the last stage."""
    st.metric(_("Read as"), shown_label(digit))
    if digit.separator is not None:
        st.caption(spoken_label(digit))
    else:
        st.caption(confidence(digit.confidence) if digit.accepted else localize(digit.reason))


def _show_enlarged(title: str, stage: Stage, details: list[str]) -> None:
    @st.dialog(title, width="large", icon=":material/zoom_in:")
    def dialog() -> None:
        st.image(preview_url(stage.image, _ENLARGED_SIDE_PX), alt=stage_alt_text(stage), width="stretch")
        height, width = stage.image.shape[:2]
        size = _("{width} × {height} pixels").format(width=number(width), height=number(height))
        st.caption(f"{localize(stage.note)} {size}.")
        st.caption("  \n".join(details))

    dialog()


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
