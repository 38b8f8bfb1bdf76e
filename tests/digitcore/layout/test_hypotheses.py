import numpy as np

from digitcore.layout.components import Mark
from digitcore.layout.hypotheses import Hypothesis, marks_read, only
from digitcore.types import Box


def found(x):
    return Mark(np.full((9, 5), 255, np.uint8), Box(x, 0, 5, 9), 0, None), object()


def test_the_first_hypothesis_of_each_group_is_read_though_another_costs_less():
    a, b, c, d = (found(10 * index) for index in range(4))
    groups = [only([a]), [Hypothesis([b, c], 2.0), Hypothesis([d], 1.0)], [Hypothesis([], 0.0)]]
    assert marks_read(groups) == [a, b, c]
    assert marks_read([]) == []
