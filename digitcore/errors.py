"""The errors that a user's input or environment can cause.

DigitError
├── ImageError                   a picture can't be read; `status` is the matching HTTP status
│   ├── EmptyFileError           the file has no bytes
│   ├── UnsupportedFormatError   the file isn't a picture in a supported format
│   ├── DamagedImageError        the picture is damaged or incomplete
│   ├── ImageTooLargeError       the picture has too many pixels
│   └── ImageTooSmallError       the picture has too few pixels to hold a digit
├── DrawingError                 a drawing can't be read or changed, or has too many strokes or points
├── ProfileError                 a writer's own digits can't be used
├── ArchiveError                 a ZIP can't be opened, or a file in it was skipped
├── LabelsError                  the labels of pictures are missing or can't be used
├── SettingsError                a setting has an unknown name or a value that isn't allowed
├── DataUnavailableError         the MNIST files are missing, or differ from the published ones
├── BatchError                   batch processing can't start or continue as it was called
│   └── ClusterError             the Dask cluster can't be reached or used, or was lost
├── MeasuringError               the speed of this machine can't be measured now
├── ConnectionSettingError       a setting of the video connection is wrong, missing or contradictory
├── RelayProviderError           the provider of TURN relays refused or didn't answer
├── CatalogueError               the texts of a language are missing or damaged
├── MissingExtraError            packages of an optional extra aren't installed
├── RequestError                 an HTTP request is rejected; `status` is the HTTP status
└── ModelError                   the network's file is missing, damaged or doesn't match its model card
    └── ExplanationError         the same for the explanation model

A message is one or two sentences to show to the user: what is wrong, and what to do. A wrong call by a programmer, such as an array of the
wrong shape, is a `ValueError` with what was expected and what was received.
"""

from typing import Any, ClassVar, Final, Self

from digitcore.messages import Message

_FEATURES: Final = {
    "api": Message("The HTTP API"),
    "batch": Message("Batch processing"),
    "mcp": Message("The MCP server"),
    "video": Message("Live video"),
}
"""What each extra of the package is for."""


class DigitError(Exception):
    """Base class of every error that a user's input or environment can cause.

    Args:
        message: What is wrong and what to do, to show to the user.

    Examples:
        >>> from digitcore import DigitError, read_image
        >>> try:
        ...     read_image(b"")
        ... except DigitError as error:
        ...     print(error)
        This file is empty. Choose another one.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        """The text; a `digitcore.messages.Message` where it can be translated."""


class ImageError(DigitError):
    """A picture can't be read.

    Attributes:
        status: The HTTP status of a response to such a picture.

    Examples:
        >>> from digitcore import read_image
        >>> read_image(b"a text")
        Traceback (most recent call last):
        digitcore.errors.UnsupportedFormatError: This file isn't a picture that can be read. Save it as JPEG or PNG and try again.
    """

    status: ClassVar[int] = 400


class EmptyFileError(ImageError):
    """The file has no bytes.

    Examples:
        >>> from digitcore import read_image
        >>> read_image(b"")
        Traceback (most recent call last):
        digitcore.errors.EmptyFileError: This file is empty. Choose another one.
    """


class UnsupportedFormatError(ImageError):
    """The file isn't a picture, or has a format that isn't supported.

    Examples:
        >>> from digitcore import read_image
        >>> read_image(b"%PDF-1.7")
        Traceback (most recent call last):
        digitcore.errors.UnsupportedFormatError: PDF files aren't supported. Save it as JPEG or PNG and try again.
    """

    status = 415


class DamagedImageError(ImageError):
    """The picture is damaged or incomplete.

    Examples:
        >>> from pathlib import Path
        >>> from digitcore import read_image
        >>> read_image(Path("samples/page.jpg").read_bytes()[:2000])
        Traceback (most recent call last):
        digitcore.errors.DamagedImageError: This picture is damaged or incomplete. Save it as JPEG or PNG and try again.
    """


class ImageTooLargeError(ImageError):
    """The picture has more pixels than are decoded.

    Examples:
        >>> import numpy as np
        >>> from digitcore import read_image
        >>> read_image(np.zeros((10_000, 10_000), np.uint8))
        Traceback (most recent call last):
        digitcore.errors.ImageTooLargeError: This picture has 100 megapixels; the limit is 50. Make it smaller and try again.
    """

    status = 413


class ImageTooSmallError(ImageError):
    """The picture has too few pixels to hold a digit.

    Examples:
        >>> import numpy as np
        >>> from digitcore import read_image
        >>> read_image(np.zeros((4, 4), np.uint8))
        Traceback (most recent call last):
        digitcore.errors.ImageTooSmallError: This picture has 4×4 pixels; at least 8×8 are needed. Choose a larger one.
    """


class DrawingError(DigitError):
    """A drawing can't be read or changed, or has more strokes or points than are read.

    Examples:
        >>> from digitcore import strokes_of
        >>> strokes_of([{"path": [["M", 1, 2], ["L", 3, 4]]}] * 10_001)
        Traceback (most recent call last):
        digitcore.errors.DrawingError: There is too much to read: the limit is 10,000 strokes with 500,000 points in all. Undo some strokes.
    """


class ProfileError(DigitError):
    """A writer's profile can't be read, or can't hold an example.

    Examples:
        >>> from digitcore import WriterProfile
        >>> WriterProfile.from_json("a text")
        Traceback (most recent call last):
        digitcore.errors.ProfileError: This isn't a handwriting profile: it is no JSON. Choose a file that was downloaded here.
    """


class ArchiveError(DigitError):
    """A ZIP can't be opened, or a file in it was skipped.

    Examples:
        >>> from digitcore.io.archives import unpack
        >>> list(unpack(b"a text"))
        Traceback (most recent call last):
        digitcore.errors.ArchiveError: This ZIP is damaged and can't be opened. Zip the pictures again, or upload them one by one.
    """


class LabelsError(DigitError):
    """The labels of pictures are missing, or their table can't be used.

    Examples:
        >>> from digitcore.evaluation.labels import find_labels
        >>> find_labels(["photo.jpg"], {})
        Traceback (most recent call last):
        digitcore.errors.LabelsError: No picture has a label. Add a labels.csv with the columns file and label, or use names like 407_1.jpg.
    """


class SettingsError(DigitError):
    """A setting has an unknown name or a value that isn't allowed.

    Examples:
        >>> from digitcore import Settings
        >>> Settings(threshold="none")
        Traceback (most recent call last):
        digitcore.errors.SettingsError: The setting 'threshold' can't be 'none'. Allowed: paper, otsu, adaptive.
    """


class DataUnavailableError(DigitError):
    """The MNIST files are missing and can't be downloaded, or differ from the published ones."""


class BatchError(DigitError):
    """Batch processing can't start or continue: a source, the output or an earlier run prevents it."""


class ClusterError(BatchError):
    """The Dask cluster can't be reached or used, or was lost; what was read until then is kept."""


class MeasuringError(DigitError):
    """The speed of this machine can't be measured now: something is missing, takes too long, or is being measured already."""


class ConnectionSettingError(DigitError):
    """A setting of the video connection is wrong, missing or contradicts another; the message omits values, as they may be secret."""


class RelayProviderError(DigitError):
    """The provider of TURN relays for video can't be reached, refused the request, or sent no relay."""


class CatalogueError(DigitError):
    """The texts of a language are missing or damaged; English is used instead."""


class MissingExtraError(DigitError):
    """The packages of an optional extra aren't installed; the message names the command that installs them.

    Examples:
        >>> from digitcore import DigitError, MissingExtraError
        >>> issubclass(MissingExtraError, DigitError)
        True
        >>> print(MissingExtraError.for_extra("batch"))
        Batch processing needs packages that aren't installed. Install them with: pip install 'digit-reader[batch]'
    """

    @classmethod
    def for_extra(cls, extra: str) -> Self:
        """Create the error for an extra of the package.

        Args:
            extra: `api`, `batch`, `mcp` or `video`.

        Returns:
            The error, to be raised.
        """
        command = f"pip install 'digit-reader[{extra}]'"
        return cls(
            Message(
                "{feature} needs packages that aren't installed. Install them with: {command}", feature=_FEATURES[extra], command=command
            )
        )


class RequestError(DigitError):
    """An HTTP request is rejected: its body is invalid, the rate limit is exceeded, or the server is busy.

    Args:
        message: What is wrong and what to do, to show to the user.
        status: The HTTP status of the response.
        retry_after_s: The seconds after which a retry may succeed; None where a retry doesn't help.
    """

    def __init__(self, message: str, status: int, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        """The HTTP status of the response."""
        self.retry_after_s = retry_after_s
        """The seconds after which a retry may succeed; None where a retry doesn't help."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle all arguments: a worker process may raise it."""
        return type(self), (self.message, self.status, self.retry_after_s)


class ModelError(DigitError):
    """The network's file is missing, damaged, or doesn't match its model card.

    Examples:
        >>> from digitcore import load_classifier
        >>> load_classifier("missing.tflite")  # doctest: +IGNORE_EXCEPTION_DETAIL
        Traceback (most recent call last):
        digitcore.errors.ModelError: the message
    """


class ExplanationError(ModelError):
    """The explanation model is missing, damaged, or belongs to another network; pictures can still be read.

    Examples:
        >>> from digitcore import ExplanationError, ModelError
        >>> issubclass(ExplanationError, ModelError)
        True
    """
