import asyncio
import subprocess
import sys

import pytest

from app import ROUTER_PATH
from app.server.preloading import WaitUntilPreloaded
from testing.browser.loops import run

PROGRAM = """
import asyncio, gc, sys
from app.server.preloading import PRELOADED_MODULES
from streamlit_app import app, preloaded

async def start():
    messages = asyncio.Queue()
    messages.put_nowait({"type": "lifespan.startup"})
    async def send(message):
        assert message["type"].endswith(".complete"), message
    running = asyncio.create_task(app({"type": "lifespan"}, messages.get, send))
    await preloaded.wait()
    messages.put_nowait({"type": "lifespan.shutdown"})
    await running

print("fastapi" in sys.modules)
asyncio.run(start())
print({*PRELOADED_MODULES, "fastapi", "app.draw.canvas"} <= set(sys.modules))
print({"tensorflow", "streamlit_webrtc"} & set(sys.modules))
print(gc.get_freeze_count() > 10_000)
"""


@pytest.mark.slow
def test_what_the_first_visitor_needs_is_preloaded():
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROUTER_PATH.parents[1], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "set()", "True"]


@pytest.mark.parametrize(
    ("scope", "waits"),
    [
        ({"type": "websocket", "path": "/_stcore/stream"}, True),
        ({"type": "http", "path": "/api/v1/read"}, True),
        ({"type": "http", "path": "/api"}, True),
        ({"type": "http", "path": "/apiary"}, False),
        ({"type": "http", "path": "/"}, False),
        ({"type": "http", "path": "/_stcore/health"}, False),
        ({"type": "lifespan"}, False),
    ],
)
def test_scripts_and_the_api_wait_until_everything_is_preloaded(scope, waits):
    served = []

    async def app(*connection):
        served.append(connection)

    async def connect():
        preloaded = asyncio.Event()
        task = asyncio.create_task(WaitUntilPreloaded(app, preloaded)(scope, "receive", "send"))
        for _ in range(10):
            await asyncio.sleep(0)
        early = len(served)
        preloaded.set()
        await task
        return early

    assert run(connect()) == (0 if waits else 1)
    assert served == [(scope, "receive", "send")]
