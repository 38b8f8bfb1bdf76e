"""`LazyApi` and its metrics, called without a server."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from digitcore.api import ApiSettings, Gauge, LazyApi
from testing.browser.loops import run
from tests.digitcore.api.asgi import Exchange, call, chunk, http_scope
from tests.digitcore.api.conftest import SHARED_COUNT, TIMEOUT_S, until

READ = "/api/v1/read"
HEALTH = "/api/v1/health"
METRICS = "/api/v1/metrics"
MIB = 2**20


@pytest.fixture
def create(_shared_processes):
    """Return a function that creates an API on the shared processes, without logs."""

    def api(gauges=None, **settings):
        return LazyApi(ApiSettings(**{"workers": SHARED_COUNT, "logs": False, "metrics": True, **settings}), gauges)

    return api


def client(api):
    return httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://server", timeout=TIMEOUT_S)


async def scraped(api):
    """Return the gauges among the metrics: description and value by name."""
    async with client(api) as each:
        text = (await each.get(METRICS)).text
    gauges = [family for family in text_string_to_metric_families(text) if family.type == "gauge" and family.name.startswith("digits_")]
    return {gauge.name: (gauge.documentation, gauge.samples[0].value) for gauge in gauges if not gauge.name.endswith("_created")}


def test_everything_below_the_root_is_routed_to_the_api(create):
    api = create()
    assert [route.path for route in api.routes] == ["/api", "/api/{rest:path}"]
    assert all(route.app is api and route.methods is None and not route.include_in_schema for route in api.routes)


def test_threads_that_load_at_once_get_the_same_application(create):
    api = create()
    with ThreadPoolExecutor(8) as threads:
        loaded = {id(app) for app in threads.map(lambda _: api.load(), range(8))}
    assert loaded == {id(api.load())}


def test_only_the_first_request_loads_the_application(create, monkeypatch):
    api = create()

    async def request():
        async with client(api) as each:
            first = (await each.get(HEALTH)).status_code
            monkeypatch.setattr(api, "load", None)
            return first, (await each.get(HEALTH)).status_code

    assert run(request()) == (200, 200)


def test_a_picture_is_read(create, seven):
    api = create()

    async def request():
        async with client(api) as each:
            return (await each.post(READ, content=seven)).json()["text"], await scraped(api)

    text, gauges = run(request())
    assert text == "7"
    assert gauges["digits_api_bodies_bytes"][1] == 0


def test_the_gauges_of_an_idle_api_are_described(create):
    gauges = run(scraped(create({"digits_streams": Gauge("Live videos.", lambda: 2)})))
    assert gauges.pop("digits_memory_bytes")[0] == "Memory of the server and of its worker processes."
    assert gauges == {
        "digits_api_working": ("Pictures being read over HTTP.", 0),
        "digits_api_waiting": ("Pictures waiting to be read over HTTP.", 0),
        "digits_api_bodies_bytes": ("Memory that their files take.", 0),
        "digits_streams": ("Live videos.", 2),
    }


def test_a_further_gauge_may_replace_one(create):
    gauges = run(scraped(create({"digits_memory_bytes": Gauge("Another.", lambda: 3)})))
    assert gauges["digits_memory_bytes"] == ("Another.", 3)


def test_the_memory_of_the_server_is_measured(create):
    assert run(scraped(create()))["digits_memory_bytes"][1] > 20e6


def test_pictures_that_are_read_or_wait_are_counted(create, gate):
    api = create()

    async def use():
        tasks = [asyncio.create_task(api._pool.run(gate.wait)) for _ in range(SHARED_COUNT + 3)]
        await asyncio.sleep(0)
        gauges = await scraped(api)
        gate.open()
        await asyncio.gather(*tasks)
        return gauges["digits_api_working"][1], gauges["digits_api_waiting"][1]

    assert run(use()) == (SHARED_COUNT, 3)


def test_as_many_pictures_may_wait_as_the_settings_say(create):
    assert create(waiting=5)._pool._job_limit == SHARED_COUNT + 5


def test_bodies_take_at_most_the_memory_that_is_set(create):
    api = create(body_limit_mib=1, bodies_mib=1)

    async def use():
        receiving = Exchange(chunk(bytes(MIB - 10)))
        first = asyncio.create_task(api(http_scope("POST", READ), receiving.receive, receiving.send))
        await until(lambda: first.done() or api._budget.used_bytes == MIB - 10)
        assert not first.done()
        assert (await scraped(api))["digits_api_bodies_bytes"][1] == MIB - 10
        second = await call(api, http_scope("POST", READ), chunk(bytes(11), more=False))
        first.cancel()
        await asyncio.wait([first])
        return second.status, second.headers["retry-after"]

    assert run(use()) == (503, "1")
    assert api._budget.used_bytes == 0


def test_an_api_that_has_read_nothing_can_be_closed():
    run(LazyApi(ApiSettings()).close())
