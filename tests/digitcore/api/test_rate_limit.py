import pytest

from digitcore.api.rate_limit import MAX_REMEMBERED_CLIENTS, RateLimiter, client_key
from digitcore.errors import RequestError


def test_a_client_may_send_a_burst_and_must_then_wait():
    limiter = RateLimiter(6, burst=3)
    for _ in range(3):
        limiter.check("192.0.2.1")
    with pytest.raises(RequestError) as caught:
        limiter.check("192.0.2.1")
    assert (caught.value.status, caught.value.retry_after_s) == (429, 10)


def test_each_client_has_a_bucket_of_its_own():
    limiter = RateLimiter(1, burst=1)
    limiter.check("192.0.2.1")
    limiter.check("192.0.2.2")


def test_a_rate_of_zero_limits_nobody():
    limiter = RateLimiter(0, burst=1)
    for _ in range(100):
        limiter.check("192.0.2.1")


def test_the_number_of_remembered_clients_is_bounded_and_the_oldest_is_forgotten_first():
    limiter = RateLimiter(1, burst=1)
    clients = [f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}" for number in range(MAX_REMEMBERED_CLIENTS + 1)]
    for client in clients:
        limiter.check(client)
    with pytest.raises(RequestError):
        limiter.check(clients[1])
    limiter.check(clients[0])


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
    ],
)
def test_which_addresses_count_as_one_client(host, key):
    assert client_key(host) == key
