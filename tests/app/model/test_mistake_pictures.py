from collections import Counter

import pytest

from app.model.mistake_pictures import MISTAKES_PATH, read_mistakes
from digitcore.errors import DataUnavailableError
from digitcore.recognition.artifacts import PACKAGED_NETWORK, read_card


@pytest.fixture(scope="module")
def card():
    return read_card(PACKAGED_NETWORK)


def test_the_shipped_pictures_are_the_mistakes_of_the_shipped_network(card):
    mistakes = read_mistakes(card["model"]["sha256"])  # if it fails: run `python -m model.mistakes`
    confusion = card["test"]["confusion"]
    pairs = [(label, predicted) for label in range(10) for predicted in range(10) if label != predicted and confusion[label][predicted]]
    expected = {(label, predicted): confusion[label][predicted] for label, predicted in pairs}
    assert Counter((mistake.label, mistake.predicted) for mistake in mistakes) == expected
    assert all(mistake.image.shape == (28, 28) for mistake in mistakes)


def test_the_most_confident_mistakes_come_first(card):
    confidences = [mistake.confidence for mistake in read_mistakes(card["model"]["sha256"])]
    assert confidences == sorted(confidences, reverse=True)
    assert 0 < confidences[-1] <= confidences[0] <= 1


def test_pictures_of_another_network_are_an_error():
    with pytest.raises(DataUnavailableError, match=r"python -m model\.mistakes"):
        read_mistakes("0" * 64)


@pytest.mark.parametrize("kept", [0, 200, -40])
def test_a_damaged_file_is_an_error(card, tmp_path, kept):
    path = tmp_path / "mistakes.npz"
    path.write_bytes(MISTAKES_PATH.read_bytes()[:kept])
    with pytest.raises(DataUnavailableError):
        read_mistakes(card["model"]["sha256"], path)


def test_a_file_of_another_kind_is_an_error(tmp_path):
    path = tmp_path / "mistakes.npz"
    path.write_bytes(b"text")
    with pytest.raises(DataUnavailableError):
        read_mistakes("0" * 64, path)


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(DataUnavailableError):
        read_mistakes("0" * 64, tmp_path / "mistakes.npz")
