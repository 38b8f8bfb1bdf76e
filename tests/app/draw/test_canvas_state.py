from app.draw.canvas_state import CanvasState


def stroke(name):
    return {"path": [["M", name, 0]]}


def test_each_step_continues_on_a_new_canvas_with_its_drawing():
    state = CanvasState()
    drawings = []
    for step in (lambda: state.show([stroke(1)]), state.clear, state.undo, state.undo, state.redo):
        step()
        drawings.append((state.generation, state.initial_drawing))
    shown = {"objects": [stroke(1)]}
    assert drawings == [(1, shown), (2, None), (3, shown), (4, None), (5, shown)]


def test_a_button_acts_on_the_stroke_that_came_after_it_was_rendered():
    state = CanvasState()
    clear = state.clear
    state.history = state.history.with_step([stroke(1)])
    clear()
    state.undo()
    assert state.history.strokes == [stroke(1)]


def test_a_sheet_with_a_drawing_keeps_its_size():
    state = CanvasState()
    state.resize((560, 370))
    state.resize((380, 342))
    assert state.size_wh == (380, 342)
    state.history = state.history.with_step([stroke(1)])
    state.resize((560, 370))
    assert state.size_wh == (380, 342)
