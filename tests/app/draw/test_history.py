from app.draw.history import History


def stroke(name):
    return {"path": [["M", name, 0]]}


def test_a_new_history_is_empty_and_goes_nowhere():
    history = History()
    assert history.strokes == []
    assert not history.can_undo
    assert not history.can_redo
    assert history.undone() == history.redone() == history


def test_steps_are_taken_back_and_taken_again():
    history = History().then([stroke(1)]).then([stroke(1), stroke(2)])
    assert history.undone().strokes == [stroke(1)]
    assert history.undone().redone().strokes == [stroke(1), stroke(2)]
    assert history.undone().undone().strokes == []


def test_the_same_drawing_again_is_no_step():
    history = History().then([stroke(1)])
    assert history.then([{**stroke(1), "strokeWidth": 3}]) is history


def test_a_new_step_forgets_what_was_taken_back():
    history = History().then([stroke(1)]).undone().then([stroke(2)])
    assert not history.can_redo
    assert history.undone().strokes == []


def test_clearing_can_be_taken_back():
    history = History().then([stroke(1)]).then([])
    assert history.strokes == []
    assert history.undone().strokes == [stroke(1)]
