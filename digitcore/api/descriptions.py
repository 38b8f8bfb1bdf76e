"""Describe the requests of the endpoints and their errors for OpenAPI.

Parameters and bodies are described by hand, since FastAPI would read a body that it describes before its bytes are counted.
"""

from typing import Any, Final

from digitcore.api.body import DRAWING_TYPE
from digitcore.api.form import FORM_FIELD, PROFILE_FIELD
from digitcore.api.schemas import ProblemModel
from digitcore.io.drawing_json import DEFAULT_PEN_PX
from digitcore.io.strokes import MAX_COORDINATE_PX, MAX_PEN_PX, MAX_STROKES
from digitcore.workers.reader import MAX_PROFILE_EXAMPLES

JSON_MEDIA_TYPE: Final = "application/json"

RECIPE_PARAMETER: Final = "settings"
"""The query parameter with the settings of a reading, as JSON."""

RECIPE: Final[dict[str, Any]] = {
    "name": RECIPE_PARAMETER,
    "in": "query",
    "description": "How to read: a recipe, as downloaded from the Inspector.",
    "schema": {"type": "string", "contentMediaType": JSON_MEDIA_TYPE},
}
_BINARY_SCHEMA: Final = {"type": "string", "format": "binary"}
_PROFILE_SCHEMA: Final = {
    "type": "string",
    "contentMediaType": JSON_MEDIA_TYPE,
    "description": f"The writer's own digits, to which the answer is adapted: a handwriting profile of up to {MAX_PROFILE_EXAMPLES} "
    "examples, as a text or as a file.",
}
_SUBTYPES: Final = ("jpeg", "png", "bmp", "webp", "gif", "tiff", "heic", "heif", "avif")
"""The media types of pictures, after `image/`."""

_FORM_SCHEMA: Final = {
    "type": "object",
    "properties": {FORM_FIELD: _BINARY_SCHEMA, PROFILE_FIELD: _PROFILE_SCHEMA},
    "required": [FORM_FIELD],
}
PICTURE_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "multipart/form-data": {"schema": _FORM_SCHEMA},
        **{f"image/{subtype}": {"schema": _BINARY_SCHEMA} for subtype in _SUBTYPES},
        "application/octet-stream": {"schema": _BINARY_SCHEMA},
    },
}

ZIP_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "multipart/form-data": {"schema": _FORM_SCHEMA},
        "application/zip": {"schema": _BINARY_SCHEMA},
        "application/octet-stream": {"schema": _BINARY_SCHEMA},
    },
}

_SIDE_SCHEMA: Final = {"type": "integer", "minimum": 1, "maximum": MAX_COORDINATE_PX}
_COORDINATE_SCHEMA: Final = {"type": "number", "minimum": -MAX_COORDINATE_PX, "maximum": MAX_COORDINATE_PX}
_STROKE_SCHEMA: Final = {
    "type": "object",
    "properties": {
        "points": {
            "type": "array",
            "items": {"type": "array", "items": _COORDINATE_SCHEMA, "minItems": 2, "maxItems": 2},
            "minItems": 1,
            "description": "x and y in pixels, from the upper left corner; neighbours are joined by straight lines.",
        },
        "pen_px": {
            "type": "number",
            "minimum": 0,
            "maximum": MAX_PEN_PX,
            "default": DEFAULT_PEN_PX,
            "description": "The width of the pen. It changes no answer: every stroke is read with the relative width of MNIST's.",
        },
    },
    "required": ["points"],
}
_DRAWING_SCHEMA: Final = {
    "type": "object",
    "properties": {
        "width": {**_SIDE_SCHEMA, "description": "Of the canvas in pixels."},
        "height": {**_SIDE_SCHEMA, "description": "Of the canvas in pixels."},
        "strokes": {"type": "array", "items": _STROKE_SCHEMA, "maxItems": MAX_STROKES},
        PROFILE_FIELD: _PROFILE_SCHEMA,
    },
    "required": ["width", "height", "strokes"],
    "additionalProperties": False,
}
DRAWING_BODY: Final[dict[str, Any]] = {"required": True, "content": {DRAWING_TYPE: {"schema": _DRAWING_SCHEMA}}}

PROBLEM: Final[dict[str, Any]] = {"model": ProblemModel, "description": "What is wrong, and what to do."}
READ_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    400: {**PROBLEM, "description": "What can't be decoded, a form without a picture or with several, a bad recipe or profile."},
    408: {**PROBLEM, "description": "The request arrived too slowly."},
    413: {**PROBLEM, "description": "Too many bytes or pixels."},
    415: {**PROBLEM, "description": "Another media type, or a picture in an unsupported format."},
    429: {**PROBLEM, "description": "Rate limit exceeded; `Retry-After` has the seconds to wait."},
    503: {**PROBLEM, "description": "The server is too busy (`Retry-After` has the seconds to wait), or its network is missing."},
    "default": PROBLEM,
}
