import csv
import threading
from datetime import UTC, datetime, timedelta, timezone
from itertools import groupby

import pytest
from hypothesis import strategies as st

from digitcore.video.log import LOG_INTERVAL_S, MAX_ENTRIES, LogEntry, NumberLog
from tests.properties import given

START = datetime(2026, 3, 4, 12, 30, 15, 250_000, UTC)


def record(log, texts, start_s=0.0, frame_s=0.1):
    for index, text in enumerate(texts):
        now_s = start_s + index * frame_s
        log.record(text, 0.9, START + timedelta(seconds=now_s), now_s)
    return [entry.text for entry in log.entries]


@pytest.fixture
def log():
    return NumberLog()


def test_a_new_number_is_recorded(log):
    assert record(log, ["", "12", "12", "12", "7", "7", "12"]) == ["12", "7", "12"]
    assert log.entries[1] == LogEntry(START + timedelta(seconds=0.4), "7", 0.9)


def test_a_number_that_returns_is_recorded_again(log):
    assert record(log, ["12", "12", "", "12"]) == ["12", "12"]


@given(st.lists(st.sampled_from(["", "1", "2"]), max_size=40))
def test_the_log_is_the_sequence_without_repetitions(texts):
    assert record(NumberLog(), texts) == [text for text, _ in groupby(texts) if text]


@pytest.mark.parametrize("texts", [["12"] * 51, ["12", "7", "9"] * 17])
def test_in_the_periodic_mode_a_number_is_recorded_every_two_seconds(log, texts):
    log.periodic = True
    record(log, texts, frame_s=0.125)
    assert [(entry.at - START).total_seconds() for entry in log.entries] == [0, LOG_INTERVAL_S, 2 * LOG_INTERVAL_S, 3 * LOG_INTERVAL_S]
    assert [entry.text for entry in log.entries] == [texts[index] for index in (0, 16, 32, 48)]


def test_in_the_periodic_mode_nothing_is_recorded_without_a_number_and_the_next_number_at_once(log):
    log.periodic = True
    record(log, [*["12"] * 5, *[""] * 30, "7"], frame_s=0.125)
    assert [(entry.text, (entry.at - START).total_seconds()) for entry in log.entries] == [("12", 0), ("7", 35 * 0.125)]


def test_after_the_periodic_mode_the_last_recorded_number_is_not_new(log):
    log.periodic = True
    record(log, ["12"])
    log.periodic = False
    assert record(log, ["12", "12"], start_s=1) == ["12"]
    assert record(log, ["7"], start_s=2) == ["12", "7"]


def test_after_the_periodic_mode_a_number_not_yet_recorded_is_new(log):
    log.periodic = True
    record(log, ["12", "7"])
    log.periodic = False
    assert record(log, ["7", "7"], start_s=1) == ["12", "7"]


def test_a_cleared_log_records_the_next_other_number(log):
    record(log, ["12"])
    log.clear()
    assert record(log, ["12", "12"], start_s=1) == []
    assert record(log, ["7"], start_s=2) == ["7"]


def test_the_oldest_entries_are_removed_first(log):
    numbers = [str(number) for number in range(MAX_ENTRIES + 20)]
    assert record(log, numbers) == numbers[20:]


def test_entries_are_never_modified(log):
    record(log, ["12"])
    held = log.entries
    record(log, ["7"], start_s=1)
    log.clear()
    assert [entry.text for entry in held] == ["12"]


def test_csv_has_a_header_and_times_with_their_zone(log):
    log.record("12/7", 0.98765, START, 0)
    log.record("5", 1.0, START.astimezone(timezone(timedelta(hours=-3, minutes=-30))), 1)
    assert log.to_csv() == ("time,text,confidence\n2026-03-04T12:30:15.250+00:00,12/7,0.9877\n2026-03-04T09:00:15.250-03:30,5,1.0000\n")


@given(st.lists(st.tuples(st.text("0123456789/", min_size=1), st.floats(0, 1)), max_size=8))
def test_csv_round_trips_the_log(numbers):
    log = NumberLog()
    for index, (text, confidence) in enumerate(numbers):
        log.record(text, confidence, START + timedelta(seconds=index), index)
    rows = list(csv.DictReader(log.to_csv().splitlines()))
    assert [(datetime.fromisoformat(row["time"]), row["text"]) for row in rows] == [(entry.at, entry.text) for entry in log.entries]
    assert [float(row["confidence"]) for row in rows] == pytest.approx([entry.confidence for entry in log.entries], abs=1e-4)


def test_the_csv_of_an_empty_log_is_its_header(log):
    assert log.to_csv() == "time,text,confidence\n"


def test_clearing_while_a_number_is_recorded_keeps_no_old_entry(log, monkeypatch):
    record(log, ["12"])
    clearing = threading.Thread(target=log.clear)

    def slow_entry(*fields):
        clearing.start()
        clearing.join(0.2)
        return LogEntry(*fields)

    monkeypatch.setattr("digitcore.video.log.LogEntry", slow_entry)
    record(log, ["7"], start_s=1)
    clearing.join()
    assert "12" not in [entry.text for entry in log.entries]
