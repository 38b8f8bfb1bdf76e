from typing import Any

from app.draw.history import History


def stroke(name):
    return {"path": [["M", name, 0]]}


def test_a_new_history_is_empty_and_has_nothing_to_undo_or_redo():
    history = History()
    assert history.strokes == []
    assert not history.can_undo
    assert not history.can_redo
    assert history.undo() == history.redo() == history


def test_steps_are_undone_and_redone():
    history = History().with_step([stroke(1)]).with_step([stroke(1), stroke(2)])
    assert history.undo().strokes == [stroke(1)]
    assert history.undo().redo().strokes == [stroke(1), stroke(2)]
    assert history.undo().undo().strokes == []


def test_an_unchanged_drawing_is_no_step():
    history = History().with_step([stroke(1)])
    assert history.with_step([{**stroke(1), "strokeWidth": 3}]) is history


def test_a_new_step_replaces_the_steps_that_were_undone():
    history = History().with_step([stroke(1)]).undo().with_step([stroke(2)])
    assert not history.can_redo
    assert history.undo().strokes == []


def test_clearing_can_be_undone():
    history = History().with_step([stroke(1)]).with_step([])
    assert history.strokes == []
    assert history.undo().strokes == [stroke(1)]


def test_what_is_no_stroke_is_a_step_that_can_be_undone():
    damaged: Any = [5]
    history = History().with_step(damaged)
    assert history.strokes == damaged
    assert history.with_step([*damaged]) is history
    assert history.undo().strokes == []
