import copy
import math
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from digitcore import Explanation, ExplanationError, ModelError, explain, read_image
from digitcore.recognition import artifacts, explanation
from digitcore.recognition import classifier as classifier_module
from digitcore.recognition.artifacts import CARD_NAME, EXPLAINER_NAME, MODEL_NAME
from digitcore.recognition.normalization import normalize_digit
from synthetic.hands import HANDS, strokes, write

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def model_input(drawing):
    """Return a function that draws a digit and returns the model input."""
    return lambda digit: read_image(drawing(digit)).digits[0].model_input


@pytest.fixture(scope="module")
def hands():
    """Return the ten digits in each handwriting as model inputs, uint8 `(N, 28, 28)`."""
    inks = [write(np.zeros((200, 200), np.uint8), strokes(digit, hand), (50, 30), 140, 14) for hand in HANDS for digit in range(10)]
    return np.stack([normalize_digit(ink).model_input for ink in inks])


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
    blocks = [layer for layer in classifier.card["model"]["layers"] if layer["kind"] == "inception"]
    assert len(branches) == 4 * len(blocks)
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


def mean_evidence(image):
    """Return the logits without their biases: the mean of each class activation map."""
    return explain(image).class_maps.mean(axis=(1, 2))


@pytest.mark.parametrize("digit", range(10))
def test_removing_ink_changes_the_logits_as_it_changes_the_means_of_the_maps(classifier, hands, digit):
    image = hands[digit]
    for row in range(4, 24, 10):
        for column in range(4, 24, 10):
            occluded = image.copy()
            occluded[row : row + 10, column : column + 10] = 0
            before, after = classifier.logits(np.stack([image, occluded]))
            assert mean_evidence(occluded) - mean_evidence(image) == pytest.approx(after - before, abs=1e-3)


def test_one_level_of_one_pixel_changes_the_logits_as_it_changes_the_means_of_the_maps(classifier, hands):
    image = hands[3]
    brighter = image.copy()
    brighter[14, 14] ^= 128
    before, after = classifier.logits(np.stack([image, brighter]))
    assert np.abs(after - before).max() > 0.05
    assert mean_evidence(brighter) - mean_evidence(image) == pytest.approx(after - before, abs=1e-3)


def test_the_class_maps_are_one_linear_combination_of_the_last_blocks_activations(hands):
    def columns(images):
        """Return for each position of each image the activations of the last block, and the evidence for each digit."""
        explained = [explain(image) for image in images]
        last = [
            np.concatenate([maps for name, maps in each.branches.items() if name.startswith("inception_coarse_2/")]) for each in explained
        ]
        return np.hstack([maps.reshape(len(maps), -1) for maps in last]).T, np.hstack(
            [each.class_maps.reshape(10, -1) for each in explained]
        ).T

    activations, evidence = columns(hands[:20])
    weights = np.linalg.lstsq(activations.astype(float), evidence.astype(float))[0]
    unseen_activations, unseen_evidence = columns(hands[20:40])
    assert np.abs(unseen_activations @ weights - unseen_evidence).max() < 1e-2 * np.abs(unseen_evidence).max()


def test_the_branches_of_a_block_have_its_channels_together(classifier, hands):
    shapes = {layer["name"]: layer["output_shape"] for layer in classifier.card["model"]["layers"]}
    branches = explain(hands[0]).branches
    for block in {name.split("/")[0] for name in branches}:
        maps = [maps for name, maps in branches.items() if name.startswith(f"{block}/")]
        assert [*maps[0].shape[1:], sum(len(each) for each in maps)] == shapes[block]


def test_all_parts_of_an_explanation_are_float32(hands):
    explained = explain(hands[0])
    assert {maps.dtype for maps in (explained.class_maps, *explained.branches.values())} == {np.dtype(np.float32)}


def test_an_explanation_is_not_changed_by_the_next(hands):
    first = explain(hands[1])
    before = copy.deepcopy((first.class_maps, first.branches))
    explain(hands[8])
    assert (first.class_maps == before[0]).all()
    assert all((first.branches[name] == maps).all() for name, maps in before[1].items())


def test_threads_get_the_explanations_of_their_own_images(hands):
    images = hands[:8]
    expected = [explain(image).class_maps for image in images]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda index: explain(images[index % 8]).class_maps, range(64)))
    for index, class_maps in enumerate(results):
        assert (class_maps == expected[index % 8]).all()


def test_an_image_is_not_changed_and_may_be_a_view_of_a_larger_one(hands):
    page = np.pad(hands[6], 9)
    page.setflags(write=False)
    expected = explain(hands[6]).class_maps
    assert (explain(page[9:37, 9:37]).class_maps == expected).all()
    assert (explain(np.asfortranarray(hands[6])).class_maps == expected).all()


def cubic_weights(length, count):
    """Return the weights of `length` values in each of `count` values by cubic convolution (Keys 1981, a = −0.75), the ends repeated."""
    weights = np.zeros((count, length))
    for index in range(count):
        position = (index + 0.5) * length / count - 0.5
        for sample in range(math.floor(position) - 1, math.floor(position) + 3):
            x = abs(position - sample)
            weight = 1.25 * x**3 - 2.25 * x**2 + 1 if x <= 1 else -0.75 * (x**3 - 5 * x**2 + 8 * x - 4)
            weights[index, min(max(sample, 0), length - 1)] += weight
    return weights


@pytest.mark.parametrize("shape", [(7, 7), (14, 14), (7, 14), (1, 1)])
def test_a_class_map_is_enlarged_by_cubic_convolution(shape):
    class_maps = np.random.default_rng(4).normal(0, 3, (10, *shape)).astype(np.float32)
    explained = Explanation(class_maps, {})
    for digit in range(10):
        expected = cubic_weights(shape[0], 28) @ class_maps[digit] @ cubic_weights(shape[1], 28).T
        enlarged = explained.class_map(digit)
        assert enlarged.dtype == np.float32
        assert enlarged == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("digit", [-1, 10, 0.5, "3", None, 1000])
def test_a_class_that_is_no_digit_is_received_in_the_message(digit):
    explained = Explanation(np.zeros((10, 7, 7), np.float32), {})
    with pytest.raises(ValueError, match=rf"^expected a digit from 0 to 9, received {digit!r}\.$"):
        explained.class_map(digit)


def test_an_explanation_is_frozen(hands):
    with pytest.raises(AttributeError):
        explain(hands[0]).class_maps = None  # type: ignore[misc]


def test_outputs_are_ordered_by_the_numbers_at_the_end_of_their_names():
    indices = {"output_10": 3, "output_2": 8, "output_0": 1, "output_1": 0, "another_3": 7}
    interpreter = SimpleNamespace(
        get_signature_list=lambda: {"serving_default": {"inputs": ["digit"], "outputs": list(indices)}},
        get_signature_runner=lambda key: {
            "serving_default": SimpleNamespace(get_output_details=lambda: {name: {"index": index} for name, index in indices.items()})
        }[key],
    )
    assert explanation._output_indices(interpreter) == [1, 0, 8, 7, 3]


def test_the_explainer_is_loaded_once_and_an_error_is_not_cached(explainer_copy, hands):
    content = explainer_copy.read_bytes()
    explainer_copy.unlink()
    with pytest.raises(ExplanationError, match="missing"):
        explain(hands[0])
    explainer_copy.write_bytes(content)
    first = explain(hands[0])
    explainer_copy.unlink()
    assert (explain(hands[0]).class_maps == first.class_maps).all()


def test_without_the_network_there_is_no_explanation(explainer_copy, hands):
    explainer_copy.with_name(CARD_NAME).unlink()
    classifier_module._load_default.cache_clear()
    with pytest.raises(ModelError, match=r"`card\.json` of the network is missing"):
        explain(hands[0])


def change_branches(monkeypatch, change):
    """Give the loaded network a card whose list of branches is changed by a function."""
    card = copy.deepcopy(classifier_module.default_classifier().card)
    change(card["model"]["branches"])
    monkeypatch.setattr(explanation, "default_classifier", lambda: SimpleNamespace(card=card))


def test_branches_are_named_by_the_card(explainer_copy, monkeypatch, hands):
    names = list(explain(hands[0]).branches)
    explanation._load_explainer.cache_clear()
    change_branches(monkeypatch, list.reverse)
    assert list(explain(hands[0]).branches) == names[::-1]


@pytest.mark.parametrize(
    "change", [list.pop, list.clear, lambda branches: branches.append("one more")], ids=["one less", "none", "one more"]
)
def test_a_card_with_another_number_of_branches_is_of_another_network(explainer_copy, monkeypatch, hands, change):
    change_branches(monkeypatch, change)
    with pytest.raises(ExplanationError, match="belongs to another network"):
        explain(hands[0])
