"""The server's slots for video streams. The server reaps them from its start on, so nothing here imports WebRTC."""

import time
from functools import lru_cache

from digitcore.video.settings import StreamSettings
from digitcore.video.slots import StreamSlots


@lru_cache(maxsize=1)
def stream_slots() -> StreamSlots:
    """Return the slots that all visitors share.

    Returns:
        The same object at each call.

    Raises:
        SettingsError: the number of slots in the environment is invalid.
    """
    return StreamSlots(StreamSettings().maximum_streams)


def reap_slots() -> None:
    """End the streams of visitors who have left; the server calls this regularly."""
    stream_slots().reap(time.monotonic())
