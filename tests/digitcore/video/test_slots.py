import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitcore.errors import SettingsError
from digitcore.video.settings import MAXIMUM_STREAMS, STREAMS_PER_CORE, StreamSettings
from digitcore.video.slots import StreamSlots

TIMEOUT_S = 20


class Visitor:
    """Gives its place back when it is stopped, as streams do."""

    def __init__(self, places):
        self.places, self.gone, self.stopped = places, False, 0

    def is_abandoned(self, _now_s):
        return self.gone

    def stop(self):
        self.stopped += 1
        self.places.release(self)


@pytest.fixture
def places():
    return StreamSlots(2)


@pytest.fixture
def visitors(places):
    return [Visitor(places) for _ in range(4)]


def test_there_are_as_many_places_as_said(places, visitors):
    assert [places.acquire(visitor) for visitor in visitors] == [True, True, False, False]
    assert [places.is_available_to(visitor) for visitor in visitors] == [True, True, False, False]


def test_who_has_a_place_keeps_it_and_takes_no_second(places, visitors):
    first, second, *_ = visitors
    assert places.acquire(first)
    assert places.acquire(first)
    assert places.acquire(second)
    assert places.acquire(first)


def test_a_place_that_was_left_is_free_for_another(places, visitors):
    first, second, third, _ = visitors
    places.acquire(first)
    places.acquire(second)
    places.release(first)
    assert places.is_available_to(third)
    assert places.acquire(third)
    assert not places.acquire(first)


def test_leaving_without_a_place_frees_none(places, visitors):
    first, second, third, _ = visitors
    places.acquire(first)
    places.acquire(second)
    places.release(third)
    assert not places.acquire(third)


def test_asking_takes_no_place(places, visitors):
    assert all(places.is_available_to(visitor) for visitor in visitors)
    assert places.acquire(visitors[3])


def test_who_is_gone_is_stopped_once_and_nobody_else(places, visitors):
    first, second, third, _ = visitors
    places.acquire(first)
    places.acquire(second)
    assert places.reap(0) == 0
    second.gone = third.gone = True
    assert places.reap(1) == 1
    assert places.reap(2) == 0
    assert [visitor.stopped for visitor in visitors] == [0, 1, 0, 0]
    assert places.acquire(third)


def test_a_holder_is_asked_at_the_time_that_was_said(places):
    class Patient(Visitor):
        def is_abandoned(self, now_s):
            return now_s >= 10

    places.acquire(Patient(places))
    assert [places.reap(now_s) for now_s in (0, 9.9, 10)] == [0, 0, 1]


def test_a_stream_that_ends_on_another_thread_doesnt_block_the_one_that_stops_it(places):
    class Threaded(Visitor):
        def stop(self):
            ending = threading.Thread(target=super().stop, daemon=True)
            ending.start()
            ending.join(TIMEOUT_S)
            assert not ending.is_alive()

    visitor = Threaded(places)
    places.acquire(visitor)
    visitor.gone = True
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(places.reap, 0).result(TIMEOUT_S) == 1
    assert visitor.stopped == 1


@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.sampled_from(["acquire", "release", "is_available_to", "reap"]), st.integers(0, 5)), max_size=40),
)
def test_never_more_have_a_place_than_there_are(limit, calls):
    places, holding = StreamSlots(limit), set()
    visitors = [Visitor(places) for _ in range(6)]
    for call, index in calls:
        if call == "reap":
            visitors[index].gone = True
            assert places.reap(0) == len(holding & {index})
            holding.discard(index)
            visitors[index].gone = False
            continue
        expected = index in holding or len(holding) < limit
        answer = getattr(places, call)(visitors[index])
        if call == "release":
            holding.discard(index)
            continue
        assert answer == expected
        if call == "acquire" and expected:
            holding.add(index)


def test_many_threads_at_once_get_no_more_places_than_there_are():
    limit, threads = 3, 12
    places, together, counting = StreamSlots(limit), threading.Barrier(threads), threading.Lock()
    inside, most, taken = 0, 0, 0

    def come_and_go(visitor):
        nonlocal inside, most, taken
        together.wait(TIMEOUT_S)
        for _ in range(200):
            if places.acquire(visitor):
                with counting:
                    inside, taken = inside + 1, taken + 1
                    most = max(most, inside)
                with counting:
                    inside -= 1
                places.release(visitor)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(come_and_go, [Visitor(places) for _ in range(threads)]))
    assert taken > 0
    assert most <= limit
    assert [places.acquire(Visitor(places)) for _ in range(limit + 1)] == [True] * limit + [False]


def test_a_crowd_at_an_empty_door_fills_exactly_the_places():
    limit, threads = 5, 12
    for _ in range(50):
        places, together = StreamSlots(limit), threading.Barrier(threads)

        def rush(visitor, places=places, together=together):
            together.wait(TIMEOUT_S)
            return places.acquire(visitor)

        with ThreadPoolExecutor(threads) as pool:
            assert sum(pool.map(rush, [Visitor(places) for _ in range(threads)])) == limit


@pytest.mark.parametrize(("text", "limit"), [("1", 1), ("  12 ", 12), ("250", 250)])
def test_the_environment_says_how_many_places_there_are(monkeypatch, text, limit):
    monkeypatch.setenv(MAXIMUM_STREAMS, text)
    assert StreamSettings().maximum_streams == limit


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "²", "1e3", "+3"])
def test_an_environment_that_asks_for_nonsense_is_told_so(monkeypatch, text):
    monkeypatch.setenv(MAXIMUM_STREAMS, text)
    with pytest.raises(SettingsError, match=MAXIMUM_STREAMS) as caught:
        StreamSettings()
    assert text in str(caught.value)


@pytest.mark.parametrize("text", [None, "", "  "])
@pytest.mark.parametrize(("cores", "limit"), [(1, 1), (2, 3), (16, 24), (None, 1)])
def test_by_default_the_cores_say_how_many_places_there_are(monkeypatch, text, cores, limit):
    if text is None:
        monkeypatch.delenv(MAXIMUM_STREAMS, raising=False)
    else:
        monkeypatch.setenv(MAXIMUM_STREAMS, text)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert STREAMS_PER_CORE == 1.5
    assert StreamSettings().maximum_streams == limit
