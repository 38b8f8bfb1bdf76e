from pathlib import Path

import numpy as np
import pytest

from digitcore.io.decode import load_picture
from synthetic.hard_pages import hard_page
from tuning.synthetic_samples import DRAWINGS, FIRST_SEED, load_truth, synthetic_samples


def test_drawings_are_the_same_each_time(drawings, tmp_path):
    again = synthetic_samples(DRAWINGS, 4, tmp_path)
    assert [each.expected for each in again] == [each.expected for each in drawings]
    assert len({each.source for each in drawings}) == 4
    for one, other in zip(again, drawings, strict=True):
        assert all(np.array_equal(a.points, b.points) for a, b in zip(one.strokes, other.strokes, strict=True))


@pytest.mark.slow
def test_pages_are_drawn_once_with_their_truth(tmp_path):
    (sample,) = synthetic_samples("hard pages", 1, tmp_path)
    page = hard_page(FIRST_SEED)
    assert sample.expected == page.text
    assert np.array_equal(load_picture(Path(sample.path).read_bytes()).pixels, page.picture)
    drawn_ns = Path(sample.path).stat().st_mtime_ns
    (again,) = synthetic_samples("hard pages", 1, tmp_path)
    assert (again.path, Path(again.path).stat().st_mtime_ns) == (sample.path, drawn_ns)
    truth = load_truth(Path(sample.path))
    assert (truth.digits, truth.other_marks, truth.is_light_ink) == (page.truth.digits, page.truth.other_marks, page.truth.is_light_ink)
    for name in ("sheet_corners", "ink_mask", "ruling_mask"):
        assert np.array_equal(getattr(truth, name), getattr(page.truth, name))


@pytest.mark.slow
def test_written_numbers_are_expected_with_their_separators(tmp_path):
    samples = synthetic_samples("numbers", 3, tmp_path)
    assert all(sample.is_written for sample in samples)
    assert any(character in sample.expected for sample in samples for character in ".,-:")
