import pytest

from app.draw.canvas_state import CanvasState
from app.draw.examples import EXAMPLES, LABELS, _show_example, fit_to_sheet
from digitcore import read_strokes
from digitcore.io.packing import unpack_strokes


@pytest.mark.parametrize("size_wh", [(560, 370), (380, 342)])
@pytest.mark.parametrize(("name", "texts"), [("postcode", {"28013"}), ("seven", {"7"}), ("four", {"4", "9"})])
def test_each_example_is_read_on_each_sheet(name, texts, size_wh):
    strokes, drawn_wh = unpack_strokes(EXAMPLES[name])
    assert read_strokes(fit_to_sheet(strokes, drawn_wh, size_wh), size_wh).text in texts


def test_a_4_like_a_9_is_in_doubt():
    reading = read_strokes(*unpack_strokes(EXAMPLES["four"]))
    assert {text.text for text in reading.alternatives[0][:2]} == {"4", "9"}


def test_each_example_has_a_name_and_replaces_the_drawing_as_a_step():
    assert LABELS.keys() == EXAMPLES.keys()
    state = CanvasState(size_wh=(560, 370))
    for packed in EXAMPLES.values():
        _show_example(state, packed)
    assert len(state.history.steps) == len(EXAMPLES) + 1
