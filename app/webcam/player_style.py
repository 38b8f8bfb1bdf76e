"""Give the video's player, which streamlit-webrtc shows in a frame of its own, the look of the app."""

from pathlib import Path
from typing import Final

import streamlit as st

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_RULES: Final = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")

_component = st.components.v2.component("digits.player_style", html="<span></span>", js=_SCRIPT)


def style_player(container: str) -> None:
    """Style the player in a container, and every player that replaces it.

    Args:
        container: the key of the `st.container` with the player.
    """
    _component(data={"container": f".st-key-{container}", "rules": _RULES}, key="webcam_player_style", width="content", height="content")
