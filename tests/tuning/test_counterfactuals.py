"""The measure of counterfactuals, on one pair and one writer."""

import pytest

from tuning import counterfactuals

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("from_ink", [False, True])
def test_the_change_of_a_9_to_a_4_is_found(from_ink):
    score = counterfactuals.measure_pair(9, 4, 2, from_ink=from_ink)
    assert score.found == score.asked > 0
    assert 0 < score.mean_size < 1
    assert score.slowest_s > 0


def test_the_table_has_a_row_for_each_pair_and_the_totals(monkeypatch):
    monkeypatch.setattr(counterfactuals, "PAIRS", {(9, 4): "open the top"})
    *_, pair, totals = counterfactuals.describe(1).splitlines()
    assert pair.startswith("| 9 | 4 | open the top | 1 of 1 | 1 of 1 |")
    assert totals == "| all | | | 100% | 100% | | |"
