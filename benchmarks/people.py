"""Twenty people draw at the same time: how long each waits for an answer.

A person writes a stroke, looks at the answer, and writes the next one two to six seconds after the last; after four digits the
number starts over. That is a stroke every four seconds each, five a second for the server. (A closed loop without pauses would
measure how fast twenty machines can draw.)

Twenty Chromium windows on the server's own two cores measure each other's drawing (tried: the load rises above 30), which
people with machines of their own don't share. So each person here speaks Streamlit's own protocol, as the browser does: a
websocket, the canvas's strokes sent 200 ms after the pen is lifted, and the answer there when the page's whole run has come.
What one browser then needs to show it is in the rows of `benchmarks/browser.py`.
"""

import asyncio
import json
import random
import time
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
from testing.browser.server import ROOT, serve

PEOPLE: Final = 20
PAUSE_S: Final = (2.0, 6.0)
"""Between two strokes of one person, evenly spread."""

NUMBERS: Final = 4
"""Written by each, four strokes each; the first is the warm-up: 240 strokes count."""

CANVAS_WAIT_S: Final = 0.2
"""What the canvas waits for more, before it sends."""

_CANVAS: Final = "streamlit_drawable_canvas"
_ROOM: Final = "digits.available_width"
_ROOM_PX: Final = 512
_ANSWER_KEY: Final = "reading-text"
_TIMEOUT_S: Final = 30


@dataclass(slots=True)
class Visitor:
    """One person's connection, and what of the page matters for drawing."""

    socket: ClientConnection
    script: str = ""
    """The page's hash, which the server gave with its first run."""

    room: str = ""
    """The widget id of what tells how wide the canvas may be."""

    canvas: str = ""
    """The canvas's widget id."""

    answered: bool = False
    """Whether the last run had an answer's place."""

    strokes: list[dict[str, Any]] = field(default_factory=list)

    async def run(self) -> None:
        """Ask for a run of the page with the strokes drawn so far, and wait until all of it has come.

        Raises:
            TimeoutError: it didn't come within 30 s.
        """
        message = BackMsg()
        message.rerun_script.page_script_hash = self.script
        states = message.rerun_script.widget_states.widgets
        if self.room:
            states.add(id=self.room).json_value = json.dumps({"width": _ROOM_PX})
        if self.canvas:
            drawing = {"version": "7.4.0", "objects": self.strokes, "background": "#ffffff"}
            states.add(id=self.canvas).json_value = json.dumps({"drawing": {"raw": drawing, "data": None}})
        await self.socket.send(message.SerializeToString())
        self.answered = False
        async with asyncio.timeout(_TIMEOUT_S):
            while not self._ended(ForwardMsg.FromString(bytes(await self.socket.recv(decode=False)))):
                pass

    async def open(self) -> None:
        """Come to the page, up to its canvas."""
        await self.run()
        if not self.canvas:
            await self.run()  # the page now has the available width for its canvas

    def _ended(self, message: ForwardMsg) -> bool:
        """Take a message in; say whether it ends the run."""
        if message.HasField("new_session"):
            self.script = message.new_session.page_script_hash
        component = message.delta.new_element.bidi_component
        if _CANVAS in component.component_name:
            self.canvas = component.id
        elif component.component_name == _ROOM:
            self.room = component.id
        self.answered |= _ANSWER_KEY in message.delta.add_block.id
        return message.HasField("script_finished")


def report() -> Report:
    """Measure twenty people who draw at once."""
    ours, theirs = (asyncio.run(_all_draw(root)) for root in (ROOT, BARE_APP))
    return Report(
        [
            Row(f"{PEOPLE} people drawing: stroke to answer", median(ours), "ms", 1_000, median(theirs), BARE, 0),
            Row(f"{PEOPLE} people drawing: 95th percentile", percentile(ours, 95), "ms", 2_000, percentile(theirs, 95), BARE, 0),
        ]
    )


async def _all_draw(root: Path) -> list[float]:
    """Everyone's waits in milliseconds, on a server of their own."""
    with serve(root, BARE_ENVIRONMENT) as server:
        address = server.url.replace("http", "ws", 1) + "/_stcore/stream"
        waits = await asyncio.gather(*(_draw(address, random.Random(person)) for person in range(PEOPLE)))  # noqa: S311
    return [wait for each in waits for wait in each]


async def _draw(address: str, chance: random.Random) -> list[float]:
    """Measure one person's waits in milliseconds."""
    waits = []
    async with connect(address, max_size=None) as socket:
        visitor = Visitor(socket)
        await visitor.open()
        await asyncio.sleep(chance.uniform(0, PAUSE_S[1]))
        for number in range(NUMBERS):
            visitor.strokes.clear()
            for place, digit in enumerate(NUMBER):
                due = time.monotonic() + chance.uniform(*PAUSE_S)
                wait = await stroke_ms(visitor, int(digit), place)
                waits += [wait] * bool(number)
                await asyncio.sleep(max(due - time.monotonic(), 0))
    return waits


async def stroke_ms(visitor: Visitor, digit: int, place: int) -> float:
    """Draw one more digit in one stroke; return how long its answer took."""
    corner = NUMBER_CORNER_XY[0] + place * NUMBER_PITCH_PX, NUMBER_CORNER_XY[1]
    points = (quick_stroke(digit) * NUMBER_HEIGHT_PX + corner).tolist()
    visitor.strokes.append({"type": "Path", "strokeWidth": 16, "path": [["M", *points[0]], *(["L", *point] for point in points[1:])]})
    start = time.perf_counter()
    await asyncio.sleep(CANVAS_WAIT_S)
    await visitor.run()
    if not visitor.answered:
        raise RuntimeError("the page gave no answer to a stroke")
    return 1000 * (time.perf_counter() - start)
