"""To take away and to bring along: stages, the recipe, and a link."""

from typing import Final

import streamlit as st

from app.downloads import show_download_button
from app.inspector.inspection import Inspection, apply_settings
from app.language import _, localize
from app.untrusted_text import escape_markdown
from digitcore import Settings, SettingsError
from digitcore.io.exports import RECIPE_NAME, stages_zip

UPLOAD_KEY: Final = "inspector_recipe"
REFUSAL_KEY: Final = "inspector_recipe_refused"

_LARGEST_MB: Final = 1


def show_takeaway(inspection: Inspection) -> None:
    """Downloads, the command that replays the recipe, and a recipe's way back."""
    settings, reading = inspection.settings, inspection.reading
    st.markdown("**" + _("Take away") + "**")
    with st.container(horizontal=True):
        stages, recipe = _("All stages (ZIP)"), _("The recipe (JSON)")
        show_download_button(
            stages, lambda: stages_zip(reading, settings), "stages.zip", "inspector_download_stages", ":material/folder_zip:"
        )
        show_download_button(recipe, settings.to_json, RECIPE_NAME, "inspector_download_recipe", ":material/receipt_long:")
    st.caption(_("The command line reads the same with it:"))
    st.code(f"python -m digitcore read PICTURE --settings {RECIPE_NAME}", language="shell", wrap_lines=True)
    st.caption(_("The address of this page holds the settings too: copy it to share them."))
    st.markdown("**" + _("Bring along") + "**")
    st.file_uploader(_("A recipe (JSON)"), type=["json"], key=UPLOAD_KEY, on_change=_bring, max_upload_size=_LARGEST_MB)
    refusal = st.session_state.get(REFUSAL_KEY)
    if refusal is not None:
        st.error(escape_markdown(localize(refusal)), icon=":material/error:")
    elif st.session_state.get(UPLOAD_KEY) is not None:
        st.success(_("These settings are at work now."), icon=":material/check_circle:")


def _bring() -> None:
    st.session_state.pop(REFUSAL_KEY, None)
    brought = st.session_state[UPLOAD_KEY]
    if brought is None:
        return
    try:
        apply_settings(Settings.from_json(brought.getvalue()))
    except SettingsError as error:
        st.session_state[REFUSAL_KEY] = error.message
