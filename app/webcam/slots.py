"""This server's places for streams. Knows nothing of how a stream is carried: it is there from the server's start."""

import time
from functools import lru_cache

from digitcore.video.settings import StreamSettings
from digitcore.video.slots import StreamSlots


@lru_cache(maxsize=1)
def stream_slots() -> StreamSlots:
    """The places that all visitors share.

    Raises:
        SettingsError: the environment asks for a number of them that is none.
    """
    return StreamSlots(StreamSettings().maximum_streams)


def reap_slots() -> None:
    """End the streams of visitors who have left; called again and again by the server."""
    stream_slots().reap(time.monotonic())
