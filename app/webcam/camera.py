"""Whether the visitor's browser will give this page a camera. The visitor is asked only on request."""

from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import streamlit as st

from app.language import N_


class CameraState(StrEnum):
    """The states that `camera_probe.js` reports."""

    POSSIBLE = "possible"
    INSECURE = "insecure"
    MISSING = "missing"
    BLOCKED = "blocked"


CAMERA_PROBLEMS: Final = {
    CameraState.INSECURE: N_(
        "Browsers allow the camera only on HTTPS pages, and on pages of the same computer. Open this page's address with https://, "
        "or upload a photo."
    ),
    CameraState.MISSING: N_("No camera was found on this device. Connect one, or upload a photo."),
    CameraState.BLOCKED: N_("The camera is blocked for this page. Click the icon in the address bar, allow the camera, and try again."),
}
"""Why there is no camera, and what the visitor can do."""

REQUESTS_KEY: Final = "webcam_camera_requests"
"""Session state: how often the visitor wanted to be asked for the camera again."""

_SCRIPT_PATH: Final = Path(__file__).resolve().with_name("camera_probe.js")

_probe = st.components.v2.component("digits.camera", html="<span></span>", js=_SCRIPT_PATH.read_text(encoding="utf-8"))


def camera_state() -> CameraState | None:
    """Return the state of the browser's camera, kept up to date; None until the browser has reported it."""
    reported: dict[str, Any] = _probe(
        data={"requests": st.session_state.get(REQUESTS_KEY, 0)},
        default={"camera": None},
        key="webcam_probe",
        on_camera_change=lambda: None,
        width="content",
        height="content",
    )
    state = reported.get("camera")
    return CameraState(state) if state else None


def request_camera() -> None:
    """Let the browser ask for the camera at the next call of `camera_state`, unless it remembers a refusal."""
    st.session_state[REQUESTS_KEY] = st.session_state.get(REQUESTS_KEY, 0) + 1
