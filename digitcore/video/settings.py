"""Define the settings of live video that a host sets in the environment. Needs pydantic-settings, of the extra `video`."""

import os
from typing import Final

from digitcore.errors import MissingExtraError, SettingsError
from digitcore.messages import Message

try:
    from pydantic import Field, field_validator
    from pydantic_settings import BaseSettings, SettingsConfigDict
except ModuleNotFoundError as error:
    raise MissingExtraError.for_extra("video") from error

MAXIMUM_STREAMS: Final = "DIGITS_MAXIMUM_STREAMS"
"""The environment variable that limits how many streams are read at once."""

STREAMS_PER_CORE: Final = 1.5
"""A stream of 640×480 at 20 frames a second takes about a third of a core, and its page a little more; the rest is for other visitors."""


def default_maximum_streams() -> int:
    """Compute the default number of streams from the number of cores.

    Returns:
        `STREAMS_PER_CORE` for each core, at least 1.
    """
    return max(int(STREAMS_PER_CORE * (os.cpu_count() or 1)), 1)


class StreamSettings(BaseSettings):
    """The settings of live video, read from the environment.

    Attributes:
        maximum_streams: how many streams are read at once, at least 1.

    Raises:
        SettingsError: a value is not allowed.
    """

    model_config = SettingsConfigDict(frozen=True, validate_default=False)

    maximum_streams: int = Field(default_factory=default_maximum_streams, validation_alias=MAXIMUM_STREAMS)

    @field_validator("maximum_streams", mode="before")
    @classmethod
    def _parse_maximum_streams(cls, text: str) -> int:
        text = text.strip()
        if not text:
            return default_maximum_streams()
        if not text.isdecimal() or int(text) < 1:
            raise SettingsError(Message("{name} must be an integer of at least 1, not {text}.", name=MAXIMUM_STREAMS, text=text))
        return int(text)
