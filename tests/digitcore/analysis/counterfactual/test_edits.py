"""What is proposed for simple marks, and what holds for every proposal."""

import numpy as np
import pytest

from digitcore.analysis.counterfactual.edits import SPACING, ChangeKind, propose_edits
from digitcore.analysis.counterfactual.paths import path_length, resample

BAR = (resample(np.array([[0.0, 0.0], [0.0, 1.0]]), SPACING),)
ARCH = (resample(np.array([[0.0, 1.0], [0.0, 0.0], [0.6, 0.0], [0.6, 1.0]]), SPACING),)
TWO_BARS = (*BAR, BAR[0] + (0.5, 0.0))
DOT = (np.zeros((1, 2)),)


def edits_of(kind, paths, max_size=1.0):
    return [edit for edit in propose_edits(paths, max_size) if edit.kind is kind]


def total_length(paths):
    return sum(map(path_length, paths))


@pytest.mark.parametrize("paths", [BAR, ARCH, TWO_BARS, DOT], ids=["bar", "arch", "two bars", "dot"])
def test_every_proposal_has_strokes_and_a_size_within_the_bound(paths):
    edits = propose_edits(paths, 0.5)
    assert edits
    for edit in edits:
        assert 0 < edit.size <= 0.5
        assert edit.paths
        assert all(len(path) and np.isfinite(path).all() for path in edit.paths)


def test_the_same_mark_has_the_same_proposals():
    for one, other in zip(propose_edits(ARCH, 1.0), propose_edits(ARCH, 1.0), strict=True):
        assert (one.kind, one.size) == (other.kind, other.size)
        np.testing.assert_array_equal(np.concatenate(one.paths), np.concatenate(other.paths))


def test_a_stroke_is_lengthened_by_what_the_size_is():
    for edit in edits_of(ChangeKind.LENGTHENED, BAR):
        assert total_length(edit.paths) == pytest.approx(1 + edit.size)
    ends = [edit.paths[0][-1] for edit in edits_of(ChangeKind.LENGTHENED, BAR)]
    assert any(np.allclose(end, (0, 1.3)) for end in ends)
    assert any(np.allclose(end, (0, -0.3)) for end in ends)


def test_the_feet_of_an_arch_can_be_joined():
    assert any(np.allclose(edit.paths[0][-1], edit.paths[0][0]) for edit in edits_of(ChangeKind.CLOSED, ARCH))


def test_one_of_two_strokes_is_removed_and_the_only_one_never():
    first, second = edits_of(ChangeKind.REMOVED, TWO_BARS)
    np.testing.assert_array_equal(first.paths[0], TWO_BARS[1])
    np.testing.assert_array_equal(second.paths[0], TWO_BARS[0])
    assert edits_of(ChangeKind.REMOVED, BAR) == []


def test_a_part_left_out_makes_a_stroke_shorter_or_two_of_it():
    shortened = edits_of(ChangeKind.SHORTENED, BAR)
    assert {len(edit.paths) for edit in shortened} == {1, 2}
    for edit in shortened:
        assert total_length(edit.paths) == pytest.approx(1 - edit.size)


def test_added_strokes_are_straight_and_start_at_the_mark():
    for edit in edits_of(ChangeKind.ADDED, ARCH):
        *old, new = edit.paths
        np.testing.assert_array_equal(old[0], ARCH[0])
        assert path_length(new) == pytest.approx(float(np.linalg.norm(new[-1] - new[0])))
        assert np.linalg.norm(ARCH[0] - new[0], axis=1).min() < 1e-9


def test_a_bent_stroke_keeps_its_points_and_one_of_its_ends_or_its_shape_is_moved():
    bent = edits_of(ChangeKind.BENT, BAR)
    assert all(len(edit.paths[0]) == len(BAR[0]) for edit in bent)
    assert all(np.abs(np.concatenate(edit.paths)[:, 0]).max() > 0.01 for edit in bent)


def test_a_bent_end_is_straightened():
    hook = (resample(np.array([[0.0, 1.0], [0.0, 0.3], [0.2, 0.3]]), SPACING),)
    ends = [edit.paths[0] for edit in edits_of(ChangeKind.BENT, hook)]
    assert any(np.abs(path[:, 0]).max() < 1e-6 for path in ends)
