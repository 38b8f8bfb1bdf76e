import numpy as np
import pytest

from app.handwriting.session import Handwriting
from digitcore import ProfileError, WriterProfile
from digitcore.recognition.writer_profile import MAX_EXAMPLES


def a_picture(level=9):
    return np.full((28, 28), level, np.uint8)


@pytest.fixture
def handwriting():
    taught = Handwriting()
    taught.add({3: a_picture(3), 7: a_picture(7)})
    return taught


def labels(handwriting):
    return handwriting.profile.labels.tolist()


def test_without_examples_there_is_no_profile():
    assert Handwriting().profile is None
    assert (len(Handwriting()), Handwriting().version) == (0, 0)


def test_taught_digits_are_examples(handwriting):
    assert labels(handwriting) == [3, 7]
    assert handwriting.profile.images[:, 0, 0].tolist() == [3, 7]
    assert len(handwriting) == 2


def test_each_change_has_a_version_and_a_profile_of_its_own(handwriting):
    first, first_version = handwriting.profile, handwriting.version
    handwriting.add({3: a_picture()})
    assert handwriting.version != first_version
    assert len(first) == 2, "a profile that is in use must not change"


def test_forgetting_leaves_nothing_and_a_later_profile_has_a_new_version(handwriting):
    version = handwriting.version
    handwriting.forget()
    assert (handwriting.profile, len(handwriting), handwriting.version) == (None, 0, 0)
    assert len(WriterProfile.from_json(handwriting.to_json())) == 0
    handwriting.add({3: a_picture(3)})
    assert handwriting.version not in (0, version)


def test_a_correction_replaces_the_earlier_one_of_the_same_mark(handwriting):
    handwriting.learn("mark", a_picture(), 1)
    handwriting.learn("mark", a_picture(), 2)
    assert labels(handwriting) == [3, 7, 2]


def test_a_correction_can_be_taken_back(handwriting):
    handwriting.learn("mark", a_picture(), 1)
    handwriting.unlearn("mark")
    assert labels(handwriting) == [3, 7]


def test_taking_back_what_was_not_learned_changes_nothing(handwriting):
    version = handwriting.version
    handwriting.unlearn("mark")
    assert handwriting.version == version


def test_a_download_can_be_loaded_again(handwriting):
    other = Handwriting()
    other.add({1: a_picture()})
    other.load(WriterProfile.from_json(handwriting.to_json()))
    assert other.profile == handwriting.profile


def test_too_many_examples_are_refused_and_the_others_stay(handwriting):
    full = WriterProfile()
    for _ in range(MAX_EXAMPLES):
        full.add(a_picture(), 1)
    handwriting.load(full)
    version = handwriting.version
    with pytest.raises(ProfileError):
        handwriting.learn("mark", a_picture(), 2)
    assert (len(handwriting), handwriting.version) == (MAX_EXAMPLES, version)
