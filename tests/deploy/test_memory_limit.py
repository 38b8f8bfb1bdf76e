"""The app in a control group with the memory of a replica, as `deploy` limits its container."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from testing.browser.server import REQUEST_TIMEOUT_S, serve
from testing.deploy.memory_cgroup import NoCgroupError, memory_cgroup, replica_limit_mib
from testing.large_pictures import LARGE

KIND = "TIFF, transparent"
"""The kind of file that takes the most memory."""


@pytest.fixture(scope="module")
def group():
    try:
        with memory_cgroup(replica_limit_mib()) as each:
            yield each
    except NoCgroupError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def replica(group):
    with serve(environment={"DIGITS_API_WORKERS": "2"}, prefix=group.runner) as running:
        yield running


def test_two_of_the_largest_pictures_at_once_fit_into_the_memory_of_a_replica(replica, group):
    content = LARGE[KIND]()
    with httpx.Client(base_url=replica.url, timeout=REQUEST_TIMEOUT_S) as client, ThreadPoolExecutor(2) as threads:
        responses = list(threads.map(lambda _: client.post("/api/v1/read", content=content), range(2)))
        assert [response.json()["text"] for response in responses] == ["1", "1"]
        assert client.get("/api/v1/health").json()["status"] == "ok"
    assert group.killed() == 0
