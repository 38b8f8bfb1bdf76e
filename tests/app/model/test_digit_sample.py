import numpy as np
import pytest

from app.model.digit_sample import SAMPLE_PATH, read_sample
from digitcore import default_classifier
from digitcore.analysis.damage import Damage, DamageKind, compare_damaged
from digitcore.errors import DataUnavailableError


def test_the_shipped_sample_is_read_well_by_the_network_and_by_the_other_one():
    sample = read_sample()
    assert sample.images.shape == (len(sample.labels), 28, 28)
    assert set(sample.labels) == set(range(10))
    comparison = compare_damaged(Damage(kind=DamageKind.SEED), sample.images, sample.labels, sample.images[0], sample.other_weights)
    assert (default_classifier().logits(sample.images).argmax(axis=1) == sample.labels).mean() == comparison.accuracy > 0.98
    assert comparison.damaged_accuracy > 0.98
    assert not np.array_equal(comparison.probabilities, comparison.damaged_probabilities)


@pytest.mark.parametrize("kept", [0, 200, -40])
def test_a_damaged_file_is_an_error(tmp_path, kept):
    path = tmp_path / "sample.npz"
    path.write_bytes(SAMPLE_PATH.read_bytes()[:kept])
    with pytest.raises(DataUnavailableError, match=r"python -m model\.digit_sample"):
        read_sample(path)
