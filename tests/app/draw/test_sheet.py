import numpy as np

from app.draw.sheet import PIXEL_RATIO, canvas_objects
from digitcore import Stroke, strokes_of


def test_strokes_are_the_same_after_they_were_on_the_canvas():
    line, dot = Stroke(np.array([[10.0, 20.0], [30.0, 45.5]]), 16.0), Stroke(np.array([[50.0, 60.0]]), 8.0)
    drawn_line, drawn_dot = strokes_of(canvas_objects([line, dot]))
    assert (drawn_line.points / PIXEL_RATIO).tolist() == line.points.tolist()
    assert (drawn_line.pen_px, drawn_dot.pen_px) == (16 * PIXEL_RATIO, 8 * PIXEL_RATIO)
    assert np.unique(drawn_dot.points / PIXEL_RATIO, axis=0).tolist() == dot.points.tolist()
