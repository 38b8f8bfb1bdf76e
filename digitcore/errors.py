"""Everything that can go wrong because of what a user gave us.

DigitError
├── ImageError                   a picture that can't be read; `.status` is the HTTP status that says the same
│   ├── EmptyFileError           no bytes at all
│   ├── UnsupportedFormatError   no picture, or one of a format that isn't read
│   ├── DamagedImageError        a picture that breaks off or contradicts itself
│   ├── ImageTooLargeError       more pixels than are decoded
│   └── ImageTooSmallError       too few pixels to hold a digit
├── ArchiveError                 a ZIP, or a file in one, that isn't opened
├── SettingsError                a setting of an unknown name or a bad value
├── DataUnavailableError         the MNIST files are not at hand, or are not the published ones
├── BatchError                   bulk work that can't begin or go on as it was called
│   └── ClusterError             who should do the work isn't there or is gone; what was read is kept
├── MeasuringError               this machine's speed can't be measured now
├── ConnectionSettingError       a setting of how video travels is bad, or contradicts another
├── RelayProviderError           the service that lends relays for video gave none
├── CatalogueError               the texts of a language are missing or damaged; everything goes on in English
├── MissingExtraError            an optional part of the package is used without the packages that it needs
├── RequestError                 a request over HTTP that isn't answered; `.status` is the HTTP status that says why
└── ModelError                   the network's file is missing, damaged or not the one its card describes
    └── ExplanationError         the same of the file that explains; reading goes on without it

Each message is one sentence or two, made to be shown: what is wrong, and what to do. A programmer's wrong call (an array of
the wrong shape, say) is a `ValueError` with what was expected and what was received.
"""

from typing import ClassVar


class DigitError(Exception):
    """Base of every error that a user's input can cause; its text can be shown as it stands."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        """The text; a `digitcore.messages.Message` where it can be said in other languages."""


class ImageError(DigitError):
    """A picture that can't be read."""

    status: ClassVar[int] = 400


class EmptyFileError(ImageError):
    """The file has no bytes."""


class UnsupportedFormatError(ImageError):
    """Not a picture, or a picture of a format that isn't read."""

    status = 415


class DamagedImageError(ImageError):
    """The picture breaks off or contradicts itself."""


class ImageTooLargeError(ImageError):
    """The picture has more pixels than are decoded."""

    status = 413


class ImageTooSmallError(ImageError):
    """The picture has too few pixels to hold a digit."""


class ArchiveError(DigitError):
    """A ZIP that can't be opened, or a file in one that isn't."""


class SettingsError(DigitError):
    """A setting of an unknown name or a bad value."""


class DataUnavailableError(DigitError):
    """The MNIST files are neither at hand nor to be had, or are not the published ones."""


class BatchError(DigitError):
    """Bulk work that can't begin or go on as it was called: a source, the output or an earlier run stands against it."""


class ClusterError(BatchError):
    """The Dask cluster that should do the work can't be reached, can't do it, or is gone; what was read until then is kept."""


class MeasuringError(DigitError):
    """This machine's speed can't be measured now: something is missing, takes too long, or is being measured already."""


class ConnectionSettingError(DigitError):
    """A setting of how video travels is bad, missing, or contradicts another; no value is repeated, as it may be a secret."""


class RelayProviderError(DigitError):
    """The service that lends relays for video can't be asked, refused, or sent none."""


class CatalogueError(DigitError):
    """The texts of a language are missing or damaged; everything goes on in English."""


class RequestError(DigitError):
    """A request over HTTP that isn't answered: its body can't be taken, it came too often, or the server is too busy."""

    def __init__(self, message: str, status: int, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after_s = retry_after_s
        """When it is worth trying again, in seconds from now; None where that doesn't help."""


class ModelError(DigitError):
    """The network's file is missing, damaged, or not the one its card describes."""


class ExplanationError(ModelError):
    """The file that explains is missing, damaged, or belongs to another network; reading goes on without it."""


class MissingExtraError(DigitError):
    """An optional part of the package is used, but the packages that it needs aren't installed; the message names the command."""
