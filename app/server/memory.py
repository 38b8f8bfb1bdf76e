"""Return freed memory to the operating system."""

import ctypes


def trim_memory() -> bool:
    """Return the memory of released pictures to the operating system; glibc keeps it otherwise.

    Returns:
        Whether any memory was returned; always False for C libraries other than glibc, which need no such call.
    """
    try:
        return bool(ctypes.CDLL("libc.so.6").malloc_trim(0))
    except (OSError, AttributeError):
        return False
