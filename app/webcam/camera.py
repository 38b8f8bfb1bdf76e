"""Whether the visitor's browser will give a camera at all, asked without asking the visitor."""

from typing import Any, Final, Literal

import streamlit as st

from app.language import N_

Camera = Literal["insecure", "missing", "blocked", "possible"]

WHY_NOT: Final[dict[str, str]] = {
    "insecure": N_(
        "Browsers give the camera only to pages on HTTPS, and to those of their own machine. Open this page's address with https://, "
        "or upload a photograph."
    ),
    "missing": N_("This device has no camera that the browser can find. Connect one, or upload a photograph."),
    "blocked": N_("The camera is blocked for this page. Click the sign beside the page's address, allow the camera, and start it here."),
}
"""What keeps the camera away, and what to do."""

_SCRIPT: Final = """
export default function ({ parentElement, setStateValue }) {
  const tell = (camera) => {
    if (camera !== parentElement.told) setStateValue("camera", (parentElement.told = camera));
  };
  const look = async () => {
    if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) return tell("insecure");
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    if (!devices.some((device) => device.kind === "videoinput")) return tell("missing");
    // Some browsers don't tell what a visitor has allowed before they are asked.
    const permission = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
    if (permission) permission.onchange = look;
    tell(permission?.state === "denied" ? "blocked" : "possible");
  };
  if (navigator.mediaDevices) navigator.mediaDevices.ondevicechange = look;
  look();
}
"""

_probe = st.components.v2.component("digits.camera", html="<span></span>", js=_SCRIPT)


def camera_state() -> Camera | None:
    """What the browser says of its camera, kept up to date by itself; None a moment after the page has come, before it has told."""
    told: dict[str, Any] = _probe(
        default={"camera": None}, key="webcam_probe", on_camera_change=lambda: None, width="content", height="content"
    )
    return told.get("camera")
