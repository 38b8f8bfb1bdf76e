import csv
import threading
from datetime import UTC, datetime, timedelta, timezone
from itertools import groupby

import pytest
from hypothesis import strategies as st

from digitcore.video.log import LOG_INTERVAL_S, MAX_ENTRIES, MIN_STANDING_TIME_S, LogEntry, NumberLog
from tests.properties import given

START = datetime(2026, 3, 4, 12, 30, 15, 250_000, UTC)


FRAME_S = 0.125
STANDING_FRAMES = round(MIN_STANDING_TIME_S / FRAME_S)


def record(log, texts, start_s=0.0):
    """Record one text per frame."""
    for index, text in enumerate(texts):
        now_s = start_s + index * FRAME_S
        log.record(text, 0.9, START + timedelta(seconds=now_s), now_s)
    return texts_of(log)


def texts_of(log):
    return [entry.text for entry in log.entries]


def times_s(log):
    return [(entry.at - START).total_seconds() for entry in log.entries]


def held(*texts, frames=STANDING_FRAMES + 1):
    """Repeat each text for as long as it must stand."""
    return [text for text in texts for _ in range(frames)]


@pytest.fixture
def log():
    return NumberLog()


def test_a_new_number_is_recorded_once_it_has_stood_for_a_second(log):
    assert record(log, held("", "12", "7", "12")) == ["12", "7", "12"]
    assert log.entries[1] == LogEntry(START + timedelta(seconds=2 * (1 + FRAME_S) + 1), "7", 0.9)


def test_a_number_that_was_read_for_less_than_a_second_is_not_recorded(log):
    assert record(log, held("1", "12", "123", "", frames=STANDING_FRAMES)) == []
    assert record(log, held("1234"), start_s=10) == ["1234"]


@pytest.mark.parametrize("other", ["", "17"])
def test_a_number_that_was_misread_for_a_moment_is_not_recorded_again(log, other):
    assert record(log, [*held("12"), *[other] * STANDING_FRAMES, *held("12")]) == ["12"]


def test_a_number_that_returns_is_recorded_again(log):
    assert record(log, held("12", "", "12")) == ["12", "12"]


@given(st.lists(st.tuples(st.sampled_from(["", "1", "2"]), st.integers(1, 2 * STANDING_FRAMES)), max_size=12))
def test_the_log_is_the_sequence_of_numbers_that_stood(runs):
    texts = [text for text, frames in runs for _ in range(frames)]
    windows = [texts[index - STANDING_FRAMES : index + 1] for index in range(STANDING_FRAMES, len(texts))]
    stood = [window[0] for window in windows if len(set(window)) == 1]
    assert record(NumberLog(), texts) == [text for text, _ in groupby(stood) if text]


def test_in_the_periodic_mode_a_number_is_recorded_every_two_seconds(log):
    log.periodic = True
    record(log, held("12", frames=58))
    assert times_s(log) == [1, 1 + LOG_INTERVAL_S, 1 + 2 * LOG_INTERVAL_S, 1 + 3 * LOG_INTERVAL_S]
    assert set(texts_of(log)) == {"12"}


def test_in_the_periodic_mode_nothing_is_recorded_without_a_number_that_stands(log):
    log.periodic = True
    record(log, [*held("12"), *["", "17"] * 20, *held("7")])
    assert texts_of(log) == ["12", "7"]
    assert times_s(log) == [1, 1 + FRAME_S + 40 * FRAME_S + 1]


def test_after_the_periodic_mode_the_last_recorded_number_is_not_new(log):
    log.periodic = True
    record(log, held("12"))
    log.periodic = False
    assert record(log, held("12"), start_s=2) == ["12"]
    assert record(log, held("7"), start_s=4) == ["12", "7"]


def test_after_the_periodic_mode_a_number_not_yet_recorded_is_new(log):
    log.periodic = True
    record(log, held("12", "7"))
    log.periodic = False
    assert record(log, ["7"], start_s=2 * (1 + FRAME_S)) == ["12", "7"]


def test_a_cleared_log_records_the_next_other_number(log):
    record(log, held("12"))
    log.clear()
    assert record(log, held("12"), start_s=2) == []
    assert record(log, held("7"), start_s=4) == ["7"]


def test_the_oldest_entries_are_removed_first(log):
    numbers = [str(number) for number in range(MAX_ENTRIES + 20)]
    assert record(log, held(*numbers)) == numbers[20:]


def test_entries_are_never_modified(log):
    record(log, held("12"))
    entries = log.entries
    record(log, held("7"), start_s=2)
    log.clear()
    assert [entry.text for entry in entries] == ["12"]


def test_csv_has_a_header_and_times_with_their_zone(log):
    for now_s in (0, 1):
        log.record("12/7", 0.98765, START, now_s)
    for now_s in (2, 3):
        log.record("5", 1.0, START.astimezone(timezone(timedelta(hours=-3, minutes=-30))), now_s)
    assert log.to_csv() == ("time,text,confidence\n2026-03-04T12:30:15.250+00:00,12/7,0.9877\n2026-03-04T09:00:15.250-03:30,5,1.0000\n")


@given(st.lists(st.tuples(st.text("0123456789/", min_size=1), st.floats(0, 1)), max_size=8))
def test_csv_round_trips_the_log(numbers):
    log = NumberLog()
    for index, (text, confidence) in enumerate(numbers):
        for now_s in (2 * index, 2 * index + 1):
            log.record(text, confidence, START + timedelta(seconds=now_s), now_s)
    rows = list(csv.DictReader(log.to_csv().splitlines()))
    assert [(datetime.fromisoformat(row["time"]), row["text"]) for row in rows] == [(entry.at, entry.text) for entry in log.entries]
    assert [float(row["confidence"]) for row in rows] == pytest.approx([entry.confidence for entry in log.entries], abs=1e-4)


def test_the_csv_of_an_empty_log_is_its_header(log):
    assert log.to_csv() == "time,text,confidence\n"


def test_clearing_while_a_number_is_recorded_keeps_no_old_entry(log, monkeypatch):
    record(log, held("12"))
    clearing = threading.Thread(target=log.clear)

    def slow_entry(*fields):
        clearing.start()
        clearing.join(0.2)
        return LogEntry(*fields)

    monkeypatch.setattr("digitcore.video.log.LogEntry", slow_entry)
    record(log, held("7"), start_s=2)
    clearing.join()
    assert "12" not in [entry.text for entry in log.entries]
