import asyncio

import pytest
from starlette.formparsers import MultiPartParser

from app import ROUTER_PATH
from app.server.api import create_api
from app.server.lifespan import lifespan
from digitcore import ModelError
from digitcore.recognition import classifier
from testing.browser.loops import run


@pytest.fixture(autouse=True)
def _restore_starlette(monkeypatch):
    monkeypatch.setattr(MultiPartParser, "spool_max_size", MultiPartParser.spool_max_size)


@pytest.fixture(autouse=True)
def preloads(monkeypatch):
    """The APIs that were to be preloaded; nothing is, which needs Streamlit's runtime."""
    received = []
    monkeypatch.setattr("app.server.lifespan.preload", received.append)
    return received


def test_the_server_starts_without_its_network(monkeypatch, caplog):
    def missing():
        raise ModelError("The network's file is missing.")

    monkeypatch.setattr("app.server.lifespan.default_classifier", missing)

    async def live():
        async with lifespan(None, create_api(), asyncio.Event()) as state:
            return state

    assert run(live()) == {}
    assert "The network's file is missing." in caplog.text


def test_the_network_is_loaded_before_the_first_visitor():
    classifier._load_default.cache_clear()

    async def live():
        async with lifespan(None, create_api(), asyncio.Event()):
            return classifier._load_default.cache_info().currsize

    assert run(live()) == 1


def test_visitors_are_let_in_once_everything_is_preloaded(preloads):
    api = create_api()

    async def live():
        preloaded = asyncio.Event()
        async with lifespan(None, api, preloaded):
            await preloaded.wait()
            return list(preloads)

    assert run(live()) == [api]


def test_visitors_are_let_in_if_preloading_fails_and_the_reason_is_logged(monkeypatch, caplog):
    def fail(_api):
        raise ImportError("No module named 'pandas'")

    monkeypatch.setattr("app.server.lifespan.preload", fail)

    async def live():
        preloaded = asyncio.Event()
        async with lifespan(None, create_api(), preloaded):
            await preloaded.wait()

    run(live())
    assert "No module named 'pandas'" in caplog.text


def test_the_script_of_every_page_exists():
    assert ROUTER_PATH.is_file()
