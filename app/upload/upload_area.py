"""The area that takes files: by its button, by dropping them on the page, and from the clipboard, with texts in the visitor's language."""

from pathlib import Path
from typing import Final

import streamlit as st

from app.language import _, number

UPLOADER_KEY: Final = "upload-native"
"""The key of the container with Streamlit's uploader, to which the area hands the files; the app's style hides it."""

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_HTML: Final = """
<div class="upload-area">
  <button type="button"></button><input type="file" multiple hidden>
  <p class="upload-hint"></p><p class="upload-message" role="status"></p>
</div>
"""

_component = st.components.v2.component("digits.upload_area", html=_HTML, js=_SCRIPT, isolate_styles=False)


def show_upload_area(*, folder: bool, generation: int) -> None:
    """Show the area. Streamlit's uploader must be in a container with the key `UPLOADER_KEY`.

    Args:
        folder: whether the button chooses a folder instead of files.
        generation: changes whenever the files that were handed over have been read.
    """
    limit = number(int(st.get_option("server.maxUploadSize")))
    data = {
        "uploader": f".st-key-{UPLOADER_KEY}",
        "folder": folder,
        "generation": generation,
        "maxBytes": st.get_option("server.maxUploadSize") * 2**20,
        "button": _("Choose a folder") if folder else _("Choose pictures"),
        "hint": _("or drop them here, or paste one. Photos, scans and ZIPs, up to {limit} MB each.").format(limit=limit),
        "touchHint": _("Photos, scans and ZIPs, up to {limit} MB each.").format(limit=limit),
        "uploading": _("Uploading…"),
        "tooLarge": _("{name} has more than {limit} MB. Make it smaller and try again.").replace("{limit}", limit),
        "noFile": _("Your browser doesn't pass on this picture. Copy it and paste it here, or save it and choose it."),
    }
    _component(data=data, key="upload_area", width="stretch", height="content")
