"""The Recipe tab: download the stages and the settings, and load a recipe."""

from typing import Final

import streamlit as st

from app.downloads import show_download_button
from app.inspector.inspection import Inspection, apply_settings
from app.language import _, localize
from app.untrusted_text import escape_markdown
from digitcore import Settings, SettingsError
from digitcore.io.exports import RECIPE_FILE_NAME, stages_zip

UPLOAD_KEY: Final = "inspector_recipe"
ERROR_KEY: Final = "inspector_recipe_refused"

_MAX_RECIPE_MB: Final = 1


def show_recipe(inspection: Inspection) -> None:
    """Show the downloads, the command that reads with the same settings, and an upload for a recipe."""
    _show_downloads(inspection)
    st.caption(_("To get the same result on the command line:"))
    st.code(f"python -m digitcore read PICTURE --settings {RECIPE_FILE_NAME}", language="shell", wrap_lines=True)
    st.caption(_("This page's address contains the settings too: copy it to share them."))
    _show_upload()


def _show_downloads(inspection: Inspection) -> None:
    settings, reading = inspection.settings, inspection.reading
    st.markdown("**" + _("Download") + "**")
    with st.container(horizontal=True):
        show_download_button(
            _("All steps (ZIP)"),
            lambda: stages_zip(reading, settings),
            "stages.zip",
            key="inspector_download_stages",
            icon=":material/folder_zip:",
        )
        show_download_button(
            _("Recipe (JSON)"), settings.to_json, RECIPE_FILE_NAME, key="inspector_download_recipe", icon=":material/receipt_long:"
        )


def _show_upload() -> None:
    st.markdown("**" + _("Load a recipe") + "**")
    st.file_uploader(_("Recipe (JSON)"), type=["json"], key=UPLOAD_KEY, on_change=_load_recipe, max_upload_size=_MAX_RECIPE_MB)
    error = st.session_state.get(ERROR_KEY)
    if error is not None:
        st.error(escape_markdown(localize(error)), icon=":material/error:")
    elif st.session_state.get(UPLOAD_KEY) is not None:
        st.success(_("Settings applied."), icon=":material/check_circle:")


def _load_recipe() -> None:
    """Apply the uploaded recipe, or keep the reason why it is refused."""
    st.session_state.pop(ERROR_KEY, None)
    uploaded = st.session_state[UPLOAD_KEY]
    if uploaded is None:
        return
    try:
        apply_settings(Settings.from_json(uploaded.getvalue()))
    except SettingsError as error:
        st.session_state[ERROR_KEY] = error.message
