import time

import pytest
from hypothesis import strategies as st

from digitcore.api.rate_limit import MAX_REMEMBERED_CLIENTS, RateLimiter, client_key
from digitcore.errors import RequestError
from tests.properties import given


@pytest.fixture
def clock(monkeypatch):
    """Replace the time of day, from which buckets are refilled, by a number of seconds that a test can change."""
    now = [1_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


def admitted(limiter, host, requests):
    """Return how many of some requests a client may make at once."""
    count = 0
    for _ in range(requests):
        try:
            limiter.check(host)
        except RequestError:
            break
        count += 1
    return count


@pytest.mark.parametrize(("per_minute", "burst"), [(6, 3), (1, 1), (600, 20)])
def test_a_client_may_send_a_burst(per_minute, burst, clock):
    assert admitted(RateLimiter(per_minute, burst), "192.0.2.1", 100) == burst


@pytest.mark.parametrize(("per_minute", "retry_after_s"), [(1, 60), (6, 10), (7, 9), (60, 1), (6000, 1)])
def test_after_its_burst_a_client_must_wait_for_the_next_token(per_minute, retry_after_s, clock):
    limiter = RateLimiter(per_minute, burst=1)
    limiter.check("192.0.2.1")
    with pytest.raises(RequestError) as caught:
        limiter.check("192.0.2.1")
    assert caught.value.message == "Rate limit exceeded: retry later."
    assert (caught.value.status, caught.value.retry_after_s) == (429, retry_after_s)
    clock[0] += retry_after_s
    limiter.check("192.0.2.1")


@pytest.mark.parametrize(("wait_s", "tokens"), [(9, 0), (10, 1), (19, 1), (20, 2), (1000, 3)])
def test_a_bucket_is_refilled_at_its_rate_up_to_the_burst(wait_s, tokens, clock):
    limiter = RateLimiter(6, burst=3)
    assert admitted(limiter, "192.0.2.1", 3) == 3
    clock[0] += wait_s
    assert admitted(limiter, "192.0.2.1", 100) == tokens


def test_each_client_has_a_bucket_of_its_own(clock):
    limiter = RateLimiter(1, burst=1)
    for host in ("192.0.2.1", "192.0.2.2", "2001:db8:1:2::1", "2001:db8:1:3::1"):
        assert admitted(limiter, host, 2) == 1
    assert admitted(limiter, "2001:db8:1:2::9", 1) == 0, "one site is one client"


def test_all_clients_without_an_address_share_a_bucket(clock):
    limiter = RateLimiter(1, burst=2)
    assert admitted(limiter, "", 3) == 2
    assert admitted(limiter, "192.0.2.1", 3) == 2


def test_each_limiter_counts_for_itself(clock):
    for _ in range(2):
        assert admitted(RateLimiter(1, burst=1), "192.0.2.1", 2) == 1


def test_a_rate_of_zero_limits_nobody():
    assert admitted(RateLimiter(0, burst=1), "192.0.2.1", 100) == 100


def test_the_number_of_remembered_clients_is_bounded_and_the_oldest_is_forgotten_first(clock):
    limiter = RateLimiter(1, burst=1)
    clients = [f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}" for number in range(MAX_REMEMBERED_CLIENTS + 1)]
    for client in clients:
        limiter.check(client)
    assert [admitted(limiter, client, 1) for client in (clients[1], clients[-1], clients[0])] == [0, 0, 1]


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
        ("unix", "unix"),
        ("192.0.2.1:80", "192.0.2.1:80"),
    ],
)
def test_which_addresses_count_as_one_client(host, key):
    assert client_key(host) == key


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_the_last_64_bits_of_an_ipv6_address_do_not_matter(address, host_bits):
    if not address.ipv4_mapped:
        other = type(address)(int(address) >> 64 << 64 | host_bits)
        assert client_key(str(address)) == client_key(str(other)) or other.ipv4_mapped
