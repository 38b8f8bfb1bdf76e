import pytest

from digitcore.api.body import Room
from digitcore.api.limits import REMEMBERED, Rate, client_of
from digitcore.errors import RequestError


def test_a_client_may_ask_in_a_burst_and_then_has_to_wait():
    rate = Rate(6, burst=3)
    for _ in range(3):
        rate.check("192.0.2.1")
    with pytest.raises(RequestError) as caught:
        rate.check("192.0.2.1")
    assert (caught.value.status, caught.value.retry_after_s) == (429, 10)


def test_each_client_has_a_bucket_of_its_own():
    rate = Rate(1, burst=1)
    rate.check("192.0.2.1")
    rate.check("192.0.2.2")


def test_without_a_rate_nobody_is_counted():
    rate = Rate(0, burst=1)
    for _ in range(100):
        rate.check("192.0.2.1")


def test_a_flood_of_clients_is_forgotten_rather_than_kept():
    rate = Rate(1, burst=1)
    for number in range(REMEMBERED + 50):
        rate.check(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(rate._bucket._store._backend.get_client()) == REMEMBERED


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
    ],
)
def test_who_counts_as_one_client(host, client):
    assert client_of(host) == client


def test_room_is_taken_and_given_back():
    room = Room(10)
    room.take(6)
    with pytest.raises(RequestError) as caught:
        room.take(5)
    assert caught.value.status == 503
    assert room.taken_bytes == 6
    room.give_back(6)
    room.take(10)
