import numpy as np

from app.model.digit_sample import read_sample
from digitcore.analysis.damage import NetworkWeights
from digitcore.recognition.artifacts import PACKAGED_NETWORK, read_model
from model.digit_sample import SAMPLE_COUNT, TRAINING_COUNT, write_sample
from model.handwritten import many_handwritten


def test_what_is_written_is_read_again(tmp_path):
    digits, (network, _) = many_handwritten(TRAINING_COUNT + 20, np.random.default_rng(1)), read_model(PACKAGED_NETWORK)
    write_sample(digits, digits, network, tmp_path / "sample.npz")
    sample, weights = read_sample(tmp_path / "sample.npz"), NetworkWeights(network)
    assert sample.images.shape == (SAMPLE_COUNT, 28, 28)
    known = {image.tobytes(): label for image, label in zip(digits.images, digits.labels, strict=True)}
    assert [known[image.tobytes()] for image in sample.images] == sample.labels.tolist()
    assert [known[image.tobytes()] for image in sample.training_images] == sample.training_labels.tolist()
    for written, read in zip([*weights.weights, *weights.biases], sample.other_weights, strict=True):
        np.testing.assert_allclose(read, written, rtol=1e-3, atol=1e-6)
