import json
import pickle

import numpy as np
import pytest

from digitcore import ProfileError, WriterProfile
from digitcore.recognition.writer_profile import FORMAT_VERSION, MAX_EXAMPLES


def a_picture(level=9):
    return np.full((28, 28), level, np.uint8)


@pytest.fixture
def profile():
    filled = WriterProfile()
    for label in range(10):
        filled.add(a_picture(label), label)
    return filled


def test_a_profile_keeps_its_examples_in_order(profile):
    assert len(profile) == 10
    assert profile.labels.tolist() == list(range(10))
    assert profile.images[:, 0, 0].tolist() == list(range(10))


def test_an_empty_profile_has_arrays_without_rows():
    assert not WriterProfile()
    assert WriterProfile().images.shape == (0, 28, 28)
    assert WriterProfile().labels.shape == (0,)


def test_an_example_is_copied():
    picture, profile = a_picture(3), WriterProfile()
    profile.add(picture, 3)
    picture[:] = 0
    assert (profile.images == 3).all()


@pytest.mark.parametrize(
    ("picture", "label"),
    [
        (np.zeros((28, 27), np.uint8), 1),
        (np.zeros((28, 28), np.float32), 1),
        (np.zeros((1, 28, 28), np.uint8), 1),
        (a_picture(), 10),
        (a_picture(), -1),
    ],
)
def test_a_wrong_example_is_a_fault_of_the_caller(picture, label):
    with pytest.raises(ValueError, match="expected"):
        WriterProfile().add(picture, label)


def test_a_full_profile_takes_no_more():
    profile = WriterProfile()
    for _ in range(MAX_EXAMPLES):
        profile.add(a_picture(), 1)
    with pytest.raises(ProfileError, match=r"1,000 digits at most"):
        profile.add(a_picture(), 1)
    assert len(WriterProfile.from_json(profile.to_json())) == MAX_EXAMPLES


def test_a_profile_survives_json_and_a_change_of_process(profile):
    assert WriterProfile.from_json(profile.to_json()) == profile
    assert WriterProfile.from_json(profile.to_json().encode()) == profile
    assert pickle.loads(pickle.dumps(profile)) == profile  # noqa: S301  its own


def test_fewer_examples_may_be_asked_for(profile):
    assert WriterProfile.from_json(profile.to_json(), len(profile)) == profile
    with pytest.raises(ProfileError, match=rf"has more than {len(profile) - 1} examples\. Choose a smaller one\."):
        WriterProfile.from_json(profile.to_json(), len(profile) - 1)


def example(**changes):
    good = json.loads(_one_example())["examples"][0]
    return {**good, **changes}


def _one_example():
    profile = WriterProfile()
    profile.add(a_picture(), 1)
    return profile.to_json()


def as_json(*examples, version=FORMAT_VERSION):
    return json.dumps({"version": version, "examples": list(examples)})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is no JSON"),
        (b"\xff\xfe\x00", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("7", "no list of examples"),
        ("{}", "no list of examples"),
        (json.dumps({"version": 1, "examples": {}}), "no list of examples"),
        (as_json(version=2), "another version than 1"),
        (as_json(version=None), "another version than 1"),
        (as_json(*[0] * (MAX_EXAMPLES + 1)), "more than 1,000 examples"),
        (" " * 2_000_001, "larger than 2 MB"),
        (as_json(7), "example 1 has no label"),
        (as_json(example(), example(label=10)), "example 2 has no label from 0 to 9"),
        (as_json(example(label=True)), "no label"),
        (as_json(example(label=1.0)), "no label"),
        (as_json(example(label=float("nan"))), "no label"),
        (as_json(example(label="1")), "no label"),
        (as_json(example(image="AAAA")), "no picture of 28×28 pixels"),
        (as_json(example(image="ä" * 1_046)), "no picture"),
        (as_json(example(image=None)), "no picture"),
        (as_json(example(image=[1] * 784)), "no picture"),
    ],
)
def test_what_is_no_profile_is_refused_with_the_reason(text, said):
    with pytest.raises(ProfileError, match=said):
        WriterProfile.from_json(text)
