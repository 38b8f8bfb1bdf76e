"""Name the command that installs the packages of the extra `video`."""

from typing import Final

from digitcore.messages import Message

MISSING_PACKAGES: Final = Message(
    "Live video needs packages that aren't installed. Install them with: {command}", command="pip install 'digit-reader[video]'"
)
"""The message of `MissingExtraError` where PyAV, aiortc or pydantic-settings can't be imported."""
