"""Read handwritten digits in photographs and drawings: one core for the pages, the command line, the HTTP API and Python.

The names in `__all__` are the public interface; everything else is internal. `digitcore.pipeline` runs the steps from a picture to its
digits; `digitcore.errors` lists what can go wrong.

Examples:
    >>> from pathlib import Path
    >>> from digitcore import read_image
    >>> read_image(Path("samples/page.jpg").read_bytes()).text
    '0589/51939/54149/98228'
"""

from digitcore.interrupt import end_program_on_interrupt

end_program_on_interrupt()  # before the imports that take long

from digitcore.errors import (  # noqa: E402
    ArchiveError,
    DamagedImageError,
    DigitError,
    DrawingError,
    EmptyFileError,
    ExplanationError,
    ImageError,
    ImageTooLargeError,
    ImageTooSmallError,
    MissingExtraError,
    ModelError,
    ProfileError,
    SettingsError,
    UnsupportedFormatError,
)
from digitcore.io.annotation import annotate  # noqa: E402
from digitcore.io.strokes import Stroke, strokes_of  # noqa: E402
from digitcore.numbers import Number  # noqa: E402
from digitcore.pipeline import read_image, read_strokes  # noqa: E402
from digitcore.recognition.classifier import Classifier, default_classifier, load_classifier  # noqa: E402
from digitcore.recognition.explanation import Explanation, explain  # noqa: E402
from digitcore.recognition.heatmap import overlay  # noqa: E402
from digitcore.recognition.prediction import Prediction  # noqa: E402
from digitcore.recognition.writer_profile import WriterProfile  # noqa: E402
from digitcore.rejections import RejectionReason  # noqa: E402
from digitcore.results import Alternative, Digit, Reading, Status  # noqa: E402
from digitcore.settings import Settings  # noqa: E402
from digitcore.stages import Stage, StageName  # noqa: E402

__version__ = "0.6.0"

__all__ = [
    "Alternative",
    "ArchiveError",
    "Classifier",
    "DamagedImageError",
    "Digit",
    "DigitError",
    "DrawingError",
    "EmptyFileError",
    "Explanation",
    "ExplanationError",
    "ImageError",
    "ImageTooLargeError",
    "ImageTooSmallError",
    "MissingExtraError",
    "ModelError",
    "Number",
    "Prediction",
    "ProfileError",
    "Reading",
    "RejectionReason",
    "Settings",
    "SettingsError",
    "Stage",
    "StageName",
    "Status",
    "Stroke",
    "UnsupportedFormatError",
    "WriterProfile",
    "annotate",
    "default_classifier",
    "explain",
    "load_classifier",
    "overlay",
    "read_image",
    "read_strokes",
    "strokes_of",
]
