import numpy as np
import pytest

from synthetic.clutter import CLUTTER, clutter


@pytest.mark.parametrize("kind", CLUTTER)
def test_clutter_is_ink_of_its_seed(kind):
    pictures = clutter(kind, 5, 1)
    assert pictures.shape == (5, 280, 280)
    assert pictures.dtype == np.uint8
    assert all(picture.any() for picture in pictures)
    assert len({picture.tobytes() for picture in pictures}) == 5
    assert (pictures == clutter(kind, 5, 1)).all()
    assert (pictures != clutter(kind, 5, 2)).any()


def test_unknown_clutter_is_named():
    with pytest.raises(KeyError, match="confetti"):
        clutter("confetti", 1, 1)
