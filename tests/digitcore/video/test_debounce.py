from dataclasses import dataclass

from hypothesis import strategies as st

from digitcore.video.debounce import SETTLING_TIME_S, Debouncer
from tests.properties import given

FRAME_S = 0.05
SETTLING_FRAMES = round(SETTLING_TIME_S / FRAME_S)


@dataclass(frozen=True)
class Observation:
    text: str
    at: int


def debounced(texts):
    """Debounce one text per frame; each observation has the number of its frame."""
    debouncer = Debouncer(lambda observation: observation.text)
    # Half a millisecond more per frame, as sums of 0.05 may be rounded below the limit.
    return [debouncer.update(Observation(text, index), index * (FRAME_S + 0.0005)) for index, text in enumerate(texts)]


def texts_of(texts):
    return "".join(each.text for each in debounced(texts))


def test_the_first_value_is_adopted_at_once():
    assert debounced("7") == [Observation("7", 0)]


def test_a_newer_value_with_the_same_key_replaces_the_older_at_once():
    assert debounced("7777") == [Observation("7", index) for index in range(4)]


def test_a_new_value_is_adopted_once_it_has_lasted():
    assert texts_of("77788888888") == "7" * (3 + SETTLING_FRAMES) + "8" * (8 - SETTLING_FRAMES)
    assert debounced("77788888888")[-1] == Observation("8", 10)


def test_flicker_between_two_values_keeps_the_first():
    assert texts_of("7" + "87" * 20) == "7" * 41
    assert texts_of("7" + "8887" * 10) == "7" * 41


def test_flicker_between_two_other_values_keeps_the_first():
    assert texts_of("7" + "89" * 20) == "7" * 41


def test_a_value_that_returns_must_last_again():
    assert texts_of("7888878888") == "7" * 10


@given(st.text("789", min_size=1, max_size=60))
def test_the_value_is_always_one_that_has_lasted(texts):
    shown = texts_of(texts)
    assert shown[0] == texts[0]
    for index in range(1, len(texts)):
        lasted = texts[max(index - SETTLING_FRAMES, 0) : index + 1]
        has_lasted = index >= SETTLING_FRAMES and len(set(lasted)) == 1
        assert shown[index] == (texts[index] if has_lasted else shown[index - 1])
