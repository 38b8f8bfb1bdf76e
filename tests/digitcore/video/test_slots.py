import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import strategies as st

from digitcore.video.slots import StreamSlots
from tests.properties import given

TIMEOUT_S = 300


class Holder:
    """Releases its slot when it is stopped, as streams do."""

    def __init__(self, slots):
        self.slots, self.abandoned, self.stop_count = slots, False, 0

    def is_abandoned(self, _now_s):
        return self.abandoned

    def stop(self):
        self.stop_count += 1
        self.slots.release(self)


@pytest.fixture
def slots():
    return StreamSlots(2)


@pytest.fixture
def holders(slots):
    return [Holder(slots) for _ in range(4)]


def test_the_limit_is_respected(slots, holders):
    assert [slots.acquire(holder) for holder in holders] == [True, True, False, False]
    assert [slots.is_available_to(holder) for holder in holders] == [True, True, False, False]


def test_a_holder_keeps_its_slot_and_acquires_no_second(slots, holders):
    first, second, *_ = holders
    assert slots.acquire(first)
    assert slots.acquire(first)
    assert slots.acquire(second)
    assert slots.acquire(first)


def test_a_released_slot_is_available_to_others(slots, holders):
    first, second, third, _ = holders
    slots.acquire(first)
    slots.acquire(second)
    slots.release(first)
    assert slots.is_available_to(third)
    assert slots.acquire(third)
    assert not slots.acquire(first)


def test_releasing_without_a_slot_frees_none(slots, holders):
    first, second, third, _ = holders
    slots.acquire(first)
    slots.acquire(second)
    slots.release(third)
    assert not slots.acquire(third)


def test_asking_for_availability_acquires_no_slot(slots, holders):
    assert all(slots.is_available_to(holder) for holder in holders)
    assert slots.acquire(holders[3])


def test_abandoned_streams_are_stopped_once_and_no_others(slots, holders):
    first, second, third, _ = holders
    slots.acquire(first)
    slots.acquire(second)
    assert slots.reap(0) == 0
    second.abandoned = third.abandoned = True
    assert slots.reap(1) == 1
    assert slots.reap(2) == 0
    assert [holder.stop_count for holder in holders] == [0, 1, 0, 0]
    assert slots.acquire(third)


def test_reap_passes_the_time_to_holders(slots):
    class Patient(Holder):
        def is_abandoned(self, now_s):
            return now_s >= 10

    slots.acquire(Patient(slots))
    assert [slots.reap(now_s) for now_s in (0, 9.9, 10)] == [0, 0, 1]


def test_a_stream_may_release_its_slot_on_another_thread_while_it_is_reaped(slots):
    class Threaded(Holder):
        def stop(self):
            ending = threading.Thread(target=super().stop, daemon=True)
            ending.start()
            ending.join(TIMEOUT_S)
            assert not ending.is_alive()

    holder = Threaded(slots)
    slots.acquire(holder)
    holder.abandoned = True
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(slots.reap, 0).result(TIMEOUT_S) == 1
    assert holder.stop_count == 1


@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.sampled_from(["acquire", "release", "is_available_to", "reap"]), st.integers(0, 5)), max_size=40),
)
def test_the_limit_holds_for_any_sequence_of_calls(limit, calls):
    slots, holding = StreamSlots(limit), set()
    holders = [Holder(slots) for _ in range(6)]
    for call, index in calls:
        if call == "reap":
            holders[index].abandoned = True
            assert slots.reap(0) == len(holding & {index})
            holding.discard(index)
            holders[index].abandoned = False
            continue
        expected = index in holding or len(holding) < limit
        answer = getattr(slots, call)(holders[index])
        if call == "release":
            holding.discard(index)
            continue
        assert answer == expected
        if call == "acquire" and expected:
            holding.add(index)


def test_the_limit_holds_for_many_threads():
    limit, threads = 3, 12
    slots, barrier, counting = StreamSlots(limit), threading.Barrier(threads), threading.Lock()
    inside, most, taken = 0, 0, 0

    def acquire_and_release(holder):
        nonlocal inside, most, taken
        barrier.wait(TIMEOUT_S)
        for _ in range(200):
            if slots.acquire(holder):
                with counting:
                    inside, taken = inside + 1, taken + 1
                    most = max(most, inside)
                with counting:
                    inside -= 1
                slots.release(holder)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(acquire_and_release, [Holder(slots) for _ in range(threads)]))
    assert taken > 0
    assert most <= limit
    assert [slots.acquire(Holder(slots)) for _ in range(limit + 1)] == [True] * limit + [False]


def test_concurrent_acquisition_fills_exactly_the_slots():
    limit, threads = 5, 12
    for _ in range(50):
        slots, barrier = StreamSlots(limit), threading.Barrier(threads)

        def acquire(holder, slots=slots, barrier=barrier):
            barrier.wait(TIMEOUT_S)
            return slots.acquire(holder)

        with ThreadPoolExecutor(threads) as pool:
            assert sum(pool.map(acquire, [Holder(slots) for _ in range(threads)])) == limit
