import pytest
from streamlit.testing.v1 import AppTest

from app.reading_panel.mark_choice import MarkChoice, find_mark
from tests.app.reading_panel.marks import mark

BOXES = [(0, 0, 10, 20), (20, 0, 10, 20), (40, 0, 10, 20)]


def marks(*boxes):
    return [mark(box=box) for box in boxes]


def choice(box):
    return MarkChoice("", box, box)


@pytest.mark.parametrize("index", range(3))
def test_a_mark_is_found_again_by_its_place(index):
    assert find_mark(marks(*BOXES), choice(BOXES[index])) == index
    assert find_mark(marks((5, 40, 8, 8), *BOXES), choice(BOXES[index])) == index + 1, "another one is before it now"


def test_a_mark_is_found_again_after_another_stroke_of_it():
    assert find_mark(marks(BOXES[0], (18, 0, 40, 60), (70, 0, 10, 20)), choice(BOXES[1])) == 1


def test_of_two_marks_in_its_place_it_is_the_one_of_the_same_size():
    assert find_mark(marks((0, 0, 100, 100), BOXES[1]), choice(BOXES[1])) == 1


def test_after_a_jerk_of_the_camera_it_is_the_same_one_of_as_many_marks():
    moved = marks(*((x + 500, 0, 10, 20) for x in (0, 20, 40)))
    known = MarkChoice("", BOXES[2], BOXES[2], 2, 3)
    assert find_mark(moved, known) == 2
    assert find_mark(moved[:2], known) is None
    assert find_mark(moved, choice(BOXES[2])) is None


def follow(box_x, picture, state, rejected):
    """Run as an app: follow the choice among three marks that have moved to the right, of which the first ones are rejected."""
    import streamlit as st  # noqa: PLC0415  the function's source alone is run

    from app.reading_panel.mark_choice import follow_choice  # noqa: PLC0415
    from tests.app.reading_panel.marks import mark  # noqa: PLC0415

    reasons = [*["dot"] * rejected, None, None, None]
    marks = [mark(box=(box_x + 20 * index, 0, 10, 20), rejection=reasons[index]) for index in range(3)]
    st.text(str(follow_choice(marks, "test", picture, state)))


def clicked(box, picture="a"):
    return {"clicked": {"picture": picture, "box": box}}


@pytest.fixture
def run_with():
    """Return a function that runs the app once more and returns the chosen mark."""
    app = AppTest.from_function(follow)

    def run(box_x=0, picture="a", state=None, rejected=0):
        app.kwargs = {"box_x": box_x, "picture": picture, "state": state, "rejected": rejected}
        app.run()
        assert not app.exception
        return int(app.text[0].value)

    return run


@pytest.mark.parametrize(("rejected", "index"), [(0, 0), (1, 1), (3, 0)])
def test_at_first_it_is_the_first_mark_that_is_a_digit(run_with, rejected, index):
    assert run_with(rejected=rejected) == index


def test_a_choice_follows_a_mark_that_moves_little_by_little(run_with):
    state = clicked([20, 0, 10, 20])
    assert [run_with(x, state=state) for x in range(0, 40, 4)] == [1] * 10


def test_a_choice_does_not_apply_to_another_picture(run_with):
    state = clicked([20, 0, 10, 20])
    assert [run_with(picture=name, state=state) for name in "aba"] == [1, 0, 1]


def test_a_new_click_replaces_the_choice(run_with):
    assert run_with(state=clicked([20, 0, 10, 20])) == 1
    assert run_with(state=clicked([40, 0, 10, 20])) == 2


@pytest.mark.parametrize("state", [{}, clicked(None), clicked([1, 2]), clicked(["a"] * 4), clicked([0, 0, 0, 0]), {"clicked": 3}])
def test_what_no_card_sends_is_ignored(run_with, state):
    assert run_with(state=state) == 0
