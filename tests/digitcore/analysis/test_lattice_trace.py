from itertools import pairwise

import numpy as np
import pytest

from digitcore import Settings, default_classifier, read_image
from digitcore.analysis.lattice_trace import trace_lattices
from synthetic.hands import strokes, write


def ink_of(text, pitch_px=38):
    """Read digits that touch, and return the stage `ink` and what was read."""
    ink = np.zeros((180, len(text) * pitch_px + 120), np.uint8)
    for column, digit in enumerate(text):
        ink = write(ink, strokes(int(digit)), (40 + pitch_px * column, 40), 80, 8)
    reading = read_image(255 - ink)
    return next(stage.image for stage in reading.stages if stage.name == "ink"), reading


def traces_of(ink, **settings):
    return trace_lattices(ink, Settings(**settings), default_classifier())


@pytest.fixture(scope="module")
def touching():
    """The traces of touching digits, each with its reading."""
    found = [(traces_of(ink), reading) for ink, reading in (ink_of(text) for text in ("35", "58", "26", "80", "603", "47"))]
    found = [(traces, reading) for traces, reading in found if traces]
    assert len(found) >= 3
    return found


def test_the_path_that_is_read_leads_from_the_first_node_to_the_last(touching):
    for traces, _ in touching:
        for trace in traces:
            path = sorted((arc for arc in trace.arcs if arc.is_read), key=lambda arc: arc.first)
            assert path[0].first == 0
            assert path[-1].after == len(trace.nodes) - 1
            assert all(one.after == other.first for one, other in pairwise(path))


def test_the_digits_on_the_path_are_those_of_the_reading(touching):
    for traces, reading in touching:
        paths = ["".join(str(arc.name) for arc in sorted(trace.arcs, key=lambda arc: arc.first) if arc.is_read) for trace in traces]
        assert all(path in "".join(str(digit.label) for digit in reading.digits) for path in paths if "None" not in path)


def least_cost(trace, node=0):
    """Return the least cost of all paths from a node to the last one, by trying each."""
    if node == len(trace.nodes) - 1:
        return 0.0
    return min((arc.cost + least_cost(trace, arc.after) for arc in trace.arcs if arc.first == node), default=np.inf)


def test_no_path_of_digits_costs_less_than_the_one_that_is_read(touching):
    """A single digit is read although parts of it cost a little less: they must be better by the cost of a first cut."""
    for traces, _ in touching:
        for trace in traces:
            assert sum(arc.is_read for arc in trace.arcs) == 1 or trace.cost == pytest.approx(least_cost(trace))


def test_every_segment_has_ink_and_nodes_go_from_left_to_right(touching):
    for traces, _ in touching:
        for trace in traces:
            assert set(np.unique(trace.segments)) - {0} == set(range(1, len(trace.nodes)))
            assert trace.nodes[0] == 0
            assert trace.nodes[-1] == trace.segments.shape[1]


def test_nothing_is_traced_where_every_component_stays_as_it_is():
    ink, _ = ink_of("35")
    assert traces_of(ink, touching_digits="keep") == []
    assert traces_of(np.zeros((50, 50), np.uint8)) == []
    assert traces_of(ink_of("407", pitch_px=100)[0]) == []
