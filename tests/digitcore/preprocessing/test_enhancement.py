import numpy as np
import pytest

from digitcore.preprocessing.enhancement import clahe, smooth


def test_clahe_raises_a_faint_contrast():
    faint = np.full((128, 128), 120, np.uint8)
    faint[40:60, 40:60] = 112
    assert np.ptp(clahe(faint, 4.0, 8)) > np.ptp(faint)


def test_smoothing_lowers_noise_and_keeps_the_mean():
    noisy = np.random.default_rng(1).integers(100, 150, (80, 80), np.uint8)
    smoothed = smooth(noisy, 1.0)
    assert smoothed.std() < 0.5 * noisy.std()
    assert smoothed.mean() == pytest.approx(noisy.mean(), abs=1)
