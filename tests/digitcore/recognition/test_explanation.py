import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from digitcore import ExplanationError, explain, read_image
from digitcore.recognition import artifacts, explanation
from digitcore.recognition.artifacts import CARD_NAME, EXPLAINER_NAME, MODEL_NAME

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def model_input(drawing):
    """Return a function that draws a digit and returns the model input."""
    return lambda digit: read_image(drawing(digit)).digits[0].model_input


@pytest.fixture
def explainer_copy(tmp_path, monkeypatch):
    """Copy the packaged network to a folder of its own, and return the path of its explainer, to be damaged."""
    for name in (MODEL_NAME, CARD_NAME, EXPLAINER_NAME):
        (tmp_path / name).write_bytes((artifacts.PACKAGED_NETWORK / name).read_bytes())
    monkeypatch.setattr(artifacts, "PACKAGED_NETWORK", tmp_path)
    explanation._load_explainer.cache_clear()
    yield tmp_path / EXPLAINER_NAME
    explanation._load_explainer.cache_clear()


def test_the_mean_of_a_class_map_is_the_logit_but_for_its_bias(classifier, model_input):
    pictures = [model_input(digit) for digit in range(10)]
    means = np.stack([explain(picture).class_maps.mean(axis=(1, 2)) for picture in pictures])
    bias = classifier.logits(np.stack(pictures)) - means
    assert np.abs(bias - bias[0]).max() < 1e-3  # the same for every picture


def test_the_digit_that_was_read_has_the_strongest_map(model_input):
    for digit in range(10):
        assert explain(model_input(digit)).class_maps.mean(axis=(1, 2)).argmax() == digit


def test_a_class_map_has_the_size_of_the_networks_input(model_input):
    explained = explain(model_input(3))
    assert explained.class_maps.shape == (10, 7, 7)
    assert explained.class_map(3).shape == (28, 28)
    assert explained.class_map(3).dtype == np.float32


@pytest.mark.parametrize("digit", [-1, 10, None])
def test_a_map_of_no_digit_is_a_value_error(model_input, digit):
    with pytest.raises(ValueError, match="expected a digit from 0 to 9"):
        explain(model_input(3)).class_map(digit)


def test_every_branch_of_every_block_has_activations(classifier, model_input):
    branches = explain(model_input(8)).branches
    assert list(branches) == classifier.card["model"]["branches"]
    assert len(branches) == 16
    for name, maps in branches.items():
        assert maps.shape[1:] == ((14, 14) if "fine" in name else (7, 7))
        assert maps.min() >= 0
        assert maps.max() > 0


@pytest.mark.parametrize("picture", [np.zeros((28, 28)), np.zeros((1, 28, 28), np.uint8), np.zeros((27, 28), np.uint8)])
def test_an_image_of_another_shape_or_type_is_a_value_error(picture):
    with pytest.raises(ValueError, match=r"expected uint8.*received"):
        explain(picture)


@pytest.mark.parametrize("damage", ["missing", "truncated", "swapped"])
def test_without_the_explainer_pictures_are_still_read_and_explain_is_an_error_with_a_remedy(explainer_copy, drawing, damage):
    if damage == "missing":
        explainer_copy.unlink()
    elif damage == "truncated":
        explainer_copy.write_bytes(explainer_copy.read_bytes()[:-9])
    else:
        explainer_copy.write_bytes(explainer_copy.with_name(MODEL_NAME).read_bytes())
    reading = read_image(drawing(4))
    assert reading.text == "4"
    with pytest.raises(ExplanationError, match=r"can't be explained.*git checkout"):
        explain(reading.digits[0].model_input)


def test_reading_never_loads_the_explainer():
    program = (
        "import numpy as np, digitcore\n"
        "from digitcore.recognition import explanation\n"
        "page = np.full((90, 90), 255, np.uint8); page[20:70, 42:48] = 0\n"
        "assert digitcore.read_image(page).digits\n"
        "print(explanation._load_explainer.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
