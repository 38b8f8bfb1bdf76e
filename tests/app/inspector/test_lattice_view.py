import re

import numpy as np
import pytest

from app.inspector.lattice_view import MAX_SEGMENTS, choose_trace, lattice_note, lattice_svg
from digitcore.analysis.lattice_trace import LatticeArc, LatticeTrace


def trace(segment_count=3):
    """Return a lattice in which the first two segments are read as a 4, the third is left over, and all others are 1s."""
    segments = np.repeat(np.arange(1, segment_count + 1, dtype=np.uint8), 10)[np.newaxis].repeat(20, axis=0)
    arcs = [
        LatticeArc(0, 2, "4", 0.3, is_read=True),
        LatticeArc(2, 3, None, 1.5, is_read=True),
        *(LatticeArc(first, first + 1, "1", 5.0, is_read=first > 2) for first in range(segment_count)),
    ]
    return LatticeTrace(segments, tuple(np.linspace(0, 10 * segment_count, segment_count + 1)), tuple(arcs))


@pytest.mark.parametrize("segment_count", [3, 5, MAX_SEGMENTS])
def test_every_node_and_every_arc_is_drawn_with_its_cost(segment_count):
    svg = lattice_svg(trace(segment_count))
    assert svg.count("<circle ") == segment_count + 1
    texts = [re.sub("<.*?>", "", text) for text in re.findall("<text .*?</text>", svg)]
    assert sorted(texts) == sorted(["4 0.3", "– 1.5", *["1 5.0"] * segment_count])
    assert f'aria-label="{lattice_note(trace(segment_count))}"' in svg


def test_the_note_counts_candidates_and_cuts_and_names_what_is_read():
    assert lattice_note(trace()) == "4 candidates between 2 places to cut. The path of least cost is read, 4 –: 1.8."


def test_the_largest_lattice_that_can_be_drawn_is_chosen():
    small, large, too_large = trace(3), trace(MAX_SEGMENTS), trace(MAX_SEGMENTS + 1)
    assert choose_trace([small, large, too_large]) is large
    assert choose_trace([too_large]) is None
    assert choose_trace([]) is None
