"""Standard input and output: lines that are too long, and a real process."""

import asyncio
import io
import sys
from pathlib import Path

import pytest
from hypothesis import strategies as st
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters

from digitcore.mcp.stdio import bounded_lines, find_id
from tests.properties import given

ROOT = Path(__file__).resolve().parents[3]
LIMIT_BYTES = 200


def lines_of(content):
    """Return the lines that are let through, and the ids of those that aren't."""
    rejected = []

    async def reject(request_id):
        rejected.append(request_id)

    async def run():
        return [line async for line in bounded_lines(io.BytesIO(content), LIMIT_BYTES, reject)]

    return asyncio.run(run()), rejected


@given(st.lists(st.integers(0, 3 * LIMIT_BYTES), max_size=5), st.booleans())
def test_exactly_the_lines_within_the_limit_are_let_through(lengths, ends):
    lines = ["x" * length + "\n" for length in lengths]
    content = "".join(lines) if ends else "".join(lines).removesuffix("\n")
    kept, rejected = lines_of(content.encode())
    expected = [line for line in io.StringIO(content) if len(line) <= LIMIT_BYTES]
    assert kept == expected
    assert len(rejected) == len(list(io.StringIO(content))) - len(expected)


@pytest.mark.parametrize(
    ("message", "request_id"),
    [
        ('{"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"id": 8, "picture": "PICTURE"}}', 7),
        ('{"method":"tools/call","params":{"id":8,"picture":"PICTURE"},"jsonrpc":"2.0","id":"a-1"}', "a-1"),
        ('{"params": {"picture": "PICTURE", "settings": {"id": 8}}}', None),
        ("PICTURE", None),
    ],
)
def test_the_id_of_a_message_that_is_too_long_is_found_before_its_parameters_or_after_them(message, request_id):
    line = message.replace("PICTURE", "x" * 200_000).encode()
    assert lines_of(line + b"\nnext\n") == (["next\n"], [request_id])


def test_bytes_that_are_no_text_are_replaced():
    assert lines_of(b"\xff\n") == (["\N{REPLACEMENT CHARACTER}\n"], [])
    assert find_id(b"\xff", b"\xff") is None


@pytest.mark.slow
def test_a_process_answers_too_long_a_message_with_an_error_and_then_reads():
    limits = {"DIGITS_API_BODY_LIMIT_MIB": "1", "DIGITS_API_BODIES_MIB": "1", "DIGITS_API_WORKERS": "1"}
    command = StdioServerParameters(command=sys.executable, args=["-m", "digitcore", "mcp"], env=limits, cwd=ROOT)

    async def run():
        async with Client(command) as client:
            with pytest.raises(MCPError) as caught:
                await client.call_tool("read_picture", {"picture": "A" * 5_000_000})
            return caught.value, await client.call_tool("read_picture", {"path": "samples/page.jpg"})

    error, read = asyncio.run(run())
    assert str(error).startswith("This message has more than 2 MB.")
    assert read.structured_content["text"].startswith("0589/51939")
