import numpy as np
import pytest

from digitcore.analysis.learning import learn_pass, measure_network, random_network
from model.handwritten import many_handwritten

DIGITS = many_handwritten(300, np.random.default_rng(3))
OTHERS = many_handwritten(100, np.random.default_rng(4))


def learn(images, labels, passes=20):
    network, results = random_network(), []
    for seed in range(passes):
        results.append(learn_pass(network, images, labels, OTHERS.images, seed))
        network = results[-1].network
    return results


def test_it_learns_its_digits_and_reads_others_much_better_than_by_chance():
    results = learn(DIGITS.images, DIGITS.labels)
    assert results[-1].training_accuracy > 0.9 > results[0].training_accuracy
    before = measure_network(random_network(), DIGITS.images, DIGITS.labels, OTHERS.images)
    assert before.training_accuracy < 0.5
    assert (results[-1].predictions == OTHERS.labels).mean() > 0.5 > (before.predictions == OTHERS.labels).mean()


def test_the_same_seeds_learn_the_same():
    first, second = (learn(DIGITS.images, DIGITS.labels, passes=2)[-1].network for _ in range(2))
    for one, other in zip(first.parameters, second.parameters, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_network_that_is_passed_stays_as_it_is():
    network = random_network()
    before = [parameter.copy() for parameter in network.parameters]
    learn_pass(network, DIGITS.images, DIGITS.labels, OTHERS.images, 0)
    for parameter, kept in zip(network.parameters, before, strict=True):
        np.testing.assert_array_equal(parameter, kept)


def test_a_digit_that_it_has_never_seen_is_not_read():
    known = DIGITS.labels != 7
    assert 7 not in learn(DIGITS.images[known], DIGITS.labels[known])[-1].predictions


def test_a_step_goes_down_the_slope_of_the_loss():
    """The first step's velocity is minus the learning rate times the gradient, here by finite differences of the mean cross-entropy."""
    image, label = DIGITS.images[:1], DIGITS.labels[:1]
    image = np.pad(image[:, 2:-2, 2:-2], ((0, 0), (2, 2), (2, 2)))
    network = random_network()
    moved = learn_pass(network, image, label, image, 5).network

    def loss(bias):
        weights, hidden_bias, output_weights, _ = network.parameters
        shifts = np.random.default_rng(5)
        shifts.permutation(1)
        shifted = np.roll(image[0], shifts.integers(-1, 2, (1, 2))[0], axis=(0, 1)).reshape(1, -1) / 255
        logits = np.maximum(shifted @ weights + hidden_bias, 0) @ output_weights + bias
        return float(np.log(np.exp(logits).sum()) - logits[0, label[0]])

    slope = [(loss(1e-3 * unit) - loss(-1e-3 * unit)) / 2e-3 for unit in np.eye(10)]
    np.testing.assert_allclose(moved.velocities[3], -0.05 * np.array(slope), atol=1e-5)


@pytest.mark.parametrize(("image_count", "label_count"), [(0, 0), (3, 2)])
def test_no_digits_or_missing_labels_are_an_error(image_count, label_count):
    with pytest.raises(ValueError, match="expected a label for each"):
        learn_pass(random_network(), DIGITS.images[:image_count], DIGITS.labels[:label_count], OTHERS.images, 0)
