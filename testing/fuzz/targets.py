"""What is fuzzed: functions that take any bytes, and accept the documented errors only."""

import base64
import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qs

from digitcore import DigitError, Settings, read_image, read_strokes, strokes_of
from digitcore.errors import ArchiveError
from digitcore.io.archives import MAX_FILE_BYTES, unpack
from digitcore.io.drawing_json import parse_drawing
from digitcore.io.packing import VERSION, pack_strokes, unpack_strokes
from digitcore.results import Reading
from digitcore.settings.query import from_query, to_query

CANVAS_WH: Final = (280, 200)


def read_picture(content: bytes) -> None:
    """Read the bytes of a file."""
    with suppress(DigitError):
        _check(read_image(content))


def unpack_archive(content: bytes) -> None:
    """Unpack the bytes of a ZIP."""
    with suppress(ArchiveError):
        for file in unpack(content):
            if len(file.content) > MAX_FILE_BYTES:
                raise AssertionError("a file is larger than the limit")


def parse_recipe(content: bytes) -> None:
    """Parse a recipe; one that is accepted is written and parsed again."""
    with suppress(DigitError):
        settings = Settings.from_json(content.decode("utf-8", "replace"))
        if Settings.from_json(settings.to_json()) != settings:
            raise AssertionError("a recipe isn't written as it was parsed")


def read_drawing(content: bytes) -> None:
    """Parse and read the objects of a canvas."""
    objects = _json(content)
    with suppress(DigitError, ValueError):
        _check(read_strokes(strokes_of(objects), CANVAS_WH))


def read_received_drawing(content: bytes) -> None:
    """Parse and read a drawing as the HTTP API receives it."""
    with suppress(DigitError):
        drawing = parse_drawing(content)
        _check(read_strokes(drawing.strokes, drawing.size_wh))


def unpack_drawing(content: bytes) -> None:
    """Unpack a drawing from a text, and from the data that a text may contain, since no fuzzer finds out how these are compressed.

    One that is accepted is read, packed and unpacked again.
    """
    compressed = base64.urlsafe_b64encode(bytes([VERSION]) + zlib.compress(content, 1)).rstrip(b"=")
    for text in (content.decode("latin-1"), compressed.decode()):
        with suppress(DigitError):
            strokes, size_wh = unpack_strokes(text)
            _check(read_strokes(strokes, size_wh))
            again, size_again_wh = unpack_strokes(pack_strokes(strokes, size_wh))
            if size_again_wh != size_wh or len(again) != len(strokes):
                raise AssertionError("a drawing isn't packed as it was unpacked")


def parse_address(content: bytes) -> None:
    """Parse the query string of a page's address; the settings in it are written and parsed again."""
    with suppress(ValueError):  # too many fields, which the server refuses
        parameters = parse_qs(content.decode("latin-1"), max_num_fields=1_000)
        settings, _ = from_query(parameters)
        again, ignored = from_query({name: [value] for name, value in to_query(settings).items()})
        if again != settings or ignored:
            raise AssertionError("an address isn't written as it was parsed")


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "pictures": read_picture,
    "archives": unpack_archive,
    "recipes": parse_recipe,
    "drawings": read_drawing,
    "strokes": read_received_drawing,
    "packed": unpack_drawing,
    "addresses": parse_address,
}
"""The functions by the names of their corpora."""


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return []


def _check(reading: Reading) -> None:
    """Raise an error if a result contradicts itself."""
    for digit in reading.digits:
        x, y, width, height = digit.box_xywh
        if min(x, y) < 0 or min(width, height) < 1 or not 0 <= digit.confidence <= 1 or abs(float(digit.probabilities.sum()) - 1) > 1e-3:
            raise AssertionError(f"an impossible digit: {digit}")
