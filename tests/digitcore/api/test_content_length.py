import sys

import pytest
from starlette.datastructures import Headers

from digitcore.api.content_length import announced_bytes


@pytest.mark.parametrize(
    ("text", "size_bytes"),
    [
        ("0", 0),
        ("12", 12),
        (5_000 * "0" + "12", 12),
        (15 * "9", 10**15 - 1),
        (16 * "9", sys.maxsize),
        (5_000 * "9", sys.maxsize),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("many", None),
        ("²²", None),
    ],
)
def test_a_number_of_any_length_is_parsed(text, size_bytes):
    assert announced_bytes(Headers({"Content-Length": text})) == size_bytes


def test_a_missing_header_is_no_size():
    assert announced_bytes(Headers({})) is None
