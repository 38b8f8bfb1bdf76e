"""Download a drawing and its reading."""

import json
from collections.abc import Sequence

from app.downloads import show_download_button
from app.language import _
from digitcore import Reading, Stroke
from digitcore.io.encode import encode_image
from digitcore.io.strokes import draw_strokes


def show_downloads(strokes: Sequence[Stroke], size_wh: tuple[int, int], reading: Reading) -> None:
    """Show the downloads of a drawing as a picture and of its reading as JSON.

    Args:
        strokes: the drawing, in pixels of the canvas.
        size_wh: the canvas's width and height in pixels.
        reading: the reading of these strokes.
    """
    show_download_button(
        _("Drawing (PNG)"), lambda: encode_image(draw_strokes(strokes, size_wh), "png"), "drawing.png", key="draw_download_png"
    )
    show_download_button(_("Reading (JSON)"), lambda: json.dumps(reading.to_dict(), indent=2), "reading.json", key="draw_download_json")
