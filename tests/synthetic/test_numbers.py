import numpy as np
import pytest

from synthetic.numbers import random_number, write_number, write_separator
from synthetic.writers import make_writer


@pytest.fixture
def writer():
    return make_writer(3)


def extent(paths):
    points = np.concatenate(paths)
    return points.min(axis=0), points.max(axis=0)


def test_random_numbers_have_digits_around_their_separators():
    numbers = [random_number(np.random.default_rng(seed)) for seed in range(300)]
    assert all(number[-1].isdigit() and (number[0].isdigit() or number[0] == "-") for number in numbers)
    assert set("".join(numbers)) == set("0123456789.,-/:")
    assert 0.2 < np.mean([number.isdigit() for number in numbers]) < 0.4


def test_the_same_seed_writes_the_same(writer):
    first, second = (write_number(writer, "-12.5", np.random.default_rng(1)) for _ in range(2))
    assert all((a == b).all() for a, b in zip(first, second, strict=True))


def test_characters_follow_each_other_without_touching(writer):
    paths = write_number(writer, "12:50", np.random.default_rng(1))
    least, most = extent(paths)
    assert least[0] == pytest.approx(0, abs=0.3)
    assert most[0] > 2
    assert -0.5 < least[1] < most[1] < 1.5


@pytest.mark.parametrize(
    ("character", "strokes", "top", "bottom"),
    [(".", 1, 0.7, 1.2), (",", 1, 0.7, 1.5), ("-", 1, 0.1, 0.9), ("/", 1, -0.5, 1.5), (":", 2, 0.1, 1.2)],
)
def test_separators_stand_where_they_belong(writer, character, strokes, top, bottom):
    for seed in range(20):
        paths = write_separator(writer, character, np.random.default_rng(seed))
        least, most = extent(paths)
        assert len(paths) == strokes
        assert top < least[1] <= most[1] < bottom
