import platform

import psutil
import pytest

from app.server.memory import trim_memory


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps freed memory")
def test_freed_memory_is_returned():
    held = [bytes(100_000) for _ in range(1_000)]  # smaller than what glibc returns by itself
    last = bytes(100_000)
    full = psutil.Process().memory_info().rss
    held.clear()
    assert trim_memory()
    assert psutil.Process().memory_info().rss < full - 50_000_000
    assert len(last) == 100_000
