"""How much room there is on the screen for the canvas, whose size is fixed in pixels.

The one place with a script of our own: the page tells how wide a container is, and the canvas's own toolbar, which shows under a hovering
mouse alone and says in icons what the page's buttons say in words, is put away.
"""

from typing import Any, Final

import streamlit as st

_SCRIPT: Final = """
export default function ({ parentElement, data, setStateValue }) {
  const room = document.querySelector(data.container);
  if (!room) return;
  const later = (delay) => {
    clearTimeout(parentElement.timer);
    parentElement.timer = setTimeout(tell, delay);
  };
  const tell = () => {
    const width = Math.floor(room.clientWidth);
    // Before the app's own style has come, the room has another width.
    if (!getComputedStyle(room).getPropertyValue("--digits-style")) return later(50);
    if (width > 0 && width !== parentElement.told) setStateValue("width", (parentElement.told = width));
  };
  parentElement.observer?.disconnect();
  parentElement.observer = new ResizeObserver(() => {
    later(parentElement.observed ? 250 : 0);
    parentElement.observed = true;
  });
  parentElement.observer.observe(room);
  const putAway = (patience) => {
    const roots = [...room.querySelectorAll("*")].map((each) => each.shadowRoot).filter(Boolean);
    const toolbars = roots.map((root) => root.querySelector(".dc-toolbar")).filter(Boolean);
    toolbars.forEach((toolbar) => (toolbar.style.display = "none"));
    if (patience > 0) setTimeout(putAway, 50, patience - 1);
  };
  putAway(40);
  return () => {
    clearTimeout(parentElement.timer);
    parentElement.observer.disconnect();
  };
}
"""

_fitting = st.components.v2.component("digits.available_width", html="<span></span>", js=_SCRIPT)


def available_width_px(container: str, mounted: object) -> int | None:
    """How many pixels wide a container is on the visitor's screen; None before the page has told, a moment after it has come.

    Args:
        container: the key of an `st.container` as wide as its place.
        mounted: changes whenever what is in the container was made anew.
    """
    told: dict[str, Any] = _fitting(
        data={"container": f".st-key-{container}", "mounted": str(mounted)},
        default={"width": None},
        key=f"{container}_fitting",
        on_width_change=lambda: None,
        width="content",
        height="content",
    )
    return int(told["width"]) if told.get("width") else None
