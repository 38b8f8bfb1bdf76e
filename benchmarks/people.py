"""Measure the waiting time for an answer while twenty people draw at the same time.

A person writes a stroke, looks at the answer, and writes the next stroke two to six seconds after the last; after four digits the
number starts again. That is a stroke every four seconds per person, and five per second for the server. (A closed loop without
pauses would measure how fast twenty machines can draw.)

Twenty Chromium windows on the two cores of the server would mostly measure the load of each other's drawing (the load average rises
above 30), which real visitors put on their own machines. So each person here uses Streamlit's protocol as the browser does: the
strokes of the canvas are sent over a websocket 200 ms after the pen is lifted, and the answer has arrived when the run of the page
is complete. The time that a browser needs to show it is in the rows of `benchmarks/browser.py`.
"""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.browser import BARE, BARE_APP, BARE_ENVIRONMENT, NUMBER, NUMBER_CORNER_XY, NUMBER_HEIGHT_PX, NUMBER_PITCH_PX, quick_stroke
from benchmarks.report import Report
from benchmarks.timing import Row, percentile
from testing.browser.server import ROOT, Server, serve

PEOPLE: Final = 20
PAUSE_S: Final = (2.0, 6.0)
"""Shortest and longest pause between two strokes of one person; uniformly distributed."""

NUMBERS: Final = 4
"""Numbers that each person writes, of four strokes each; the first is the warm-up, so that 240 strokes count."""

CANVAS_WAIT_S: Final = 0.2
"""Time that the canvas waits for further strokes before it sends."""

WhileDrawing = Callable[[int], Awaitable[None]]
"""Takes the position of a digit in its number, from 0 on the left."""

_CANVAS: Final = "streamlit_drawable_canvas"
_ANSWER_KEY: Final = "reading-text"
_TIMEOUT_S: Final = 30


@dataclass(slots=True)
class Visitor:
    """One person's connection, and the state of the page that drawing needs."""

    socket: ClientConnection
    script: str = ""
    """Hash of the page, which the server sends in the first run."""

    canvas_id: str = ""
    """Widget id of the canvas; empty until it is known."""

    answered: bool = False
    """Whether the last run had an element for the answer."""

    strokes: list[dict[str, Any]] = field(default_factory=list)
    """Strokes on the canvas, as the objects of Fabric.js that it sends."""

    async def run(self) -> None:
        """Request a run of the page with the strokes drawn so far, and wait until it is complete.

        Raises:
            TimeoutError: the run wasn't complete after 30 s.
        """
        message = BackMsg()
        message.rerun_script.page_script_hash = self.script
        states = message.rerun_script.widget_states.widgets
        if self.canvas_id:
            drawing = {"version": "7.4.0", "objects": self.strokes, "background": "#ffffff"}
            states.add(id=self.canvas_id).json_value = json.dumps({"drawing": {"raw": drawing, "data": None}})
        await self.socket.send(message.SerializeToString())
        self.answered = False
        async with asyncio.timeout(_TIMEOUT_S):
            while not self._ends_run(ForwardMsg.FromString(bytes(await self.socket.recv(decode=False)))):
                pass

    async def open(self) -> None:
        """Open the page, which then has a canvas."""
        await self.run()

    def _ends_run(self, message: ForwardMsg) -> bool:
        """Update the state from a message; return whether it ends the run."""
        if message.HasField("new_session"):
            self.script = message.new_session.page_script_hash
        component = message.delta.new_element.bidi_component
        if _CANVAS in component.component_name:
            self.canvas_id = component.id
        self.answered |= _ANSWER_KEY in message.delta.add_block.id
        return message.HasField("script_finished")


def report() -> Report:
    """Measure twenty people who draw at the same time."""
    ours, theirs = (asyncio.run(_all_draw(root)) for root in (ROOT, BARE_APP))
    return Report(
        [
            Row(f"{PEOPLE} people drawing: stroke to answer", median(ours), "ms", 1_000, median(theirs), BARE, 0),
            Row(f"{PEOPLE} people drawing: 95th percentile", percentile(ours, 95), "ms", 2_000, percentile(theirs, 95), BARE, 0),
        ]
    )


async def _all_draw(root: Path) -> list[float]:
    """Measure the waiting times of all people in milliseconds, on a new server."""
    with serve(root, BARE_ENVIRONMENT, "streamlit") as server:
        waits = await asyncio.gather(*(write_numbers(server, random.Random(person)) for person in range(PEOPLE)))  # noqa: S311
    return [wait for waits_of_person in waits for wait in waits_of_person]


async def write_numbers(server: Server, rng: random.Random, while_drawing: WhileDrawing | None = None) -> list[float]:
    """Let one person write all numbers, and measure the waiting times for the page's answers.

    Args:
        server: serves the page.
        rng: decides the pauses.
        while_drawing: what else the browser does while a stroke is drawn; the pause to the next stroke includes it.

    Returns:
        The times in milliseconds, without those of the first number.
    """
    waits = []
    async with connect(server.url.replace("http", "ws", 1) + "/_stcore/stream", max_size=None) as socket:
        visitor = Visitor(socket)
        await visitor.open()
        await asyncio.sleep(rng.uniform(0, PAUSE_S[1]))
        for number in range(NUMBERS):
            visitor.strokes.clear()
            for position, digit in enumerate(NUMBER):
                due_s = time.monotonic() + rng.uniform(*PAUSE_S)
                if while_drawing:
                    await while_drawing(position)
                wait_ms = await stroke_ms(visitor, int(digit), position)
                waits += [wait_ms] * bool(number)
                await asyncio.sleep(max(due_s - time.monotonic(), 0))
    return waits


async def stroke_ms(visitor: Visitor, digit: int, position: int) -> float:
    """Draw a digit in one stroke and measure the time to its answer in milliseconds.

    Args:
        visitor: a visitor whose page is open.
        digit: 0 to 9.
        position: position in the number, from 0 on the left.

    Raises:
        RuntimeError: the page showed no answer.
    """
    corner = NUMBER_CORNER_XY[0] + position * NUMBER_PITCH_PX, NUMBER_CORNER_XY[1]
    points = (quick_stroke(digit) * NUMBER_HEIGHT_PX + corner).tolist()
    visitor.strokes.append({"type": "Path", "strokeWidth": 16, "path": [["M", *points[0]], *(["L", *point] for point in points[1:])]})
    start = time.perf_counter()
    await asyncio.sleep(CANVAS_WAIT_S)
    await visitor.run()
    if not visitor.answered:
        raise RuntimeError("the page showed no answer after a stroke")
    return 1000 * (time.perf_counter() - start)
