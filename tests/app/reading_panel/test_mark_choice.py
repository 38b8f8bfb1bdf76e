import pytest
from streamlit.testing.v1 import AppTest

from app.reading_panel.mark_choice import MarkChoice, chosen_mark
from tests.app.reading_panel.marks import mark

BOXES = [(0, 0, 10, 20), (20, 0, 10, 20), (40, 0, 10, 20)]


def marks(*boxes):
    return [mark(box=box) for box in boxes]


def choice(box):
    return MarkChoice("", box, box)


def test_at_first_it_is_the_first_mark_that_is_a_digit():
    assert chosen_mark(marks(*BOXES), None) == 0
    assert chosen_mark([mark(rejection="dot"), mark(), mark()], None) == 1
    assert chosen_mark([mark(rejection="dot")], None) == 0


@pytest.mark.parametrize("index", range(3))
def test_a_mark_is_found_again_by_its_place(index):
    assert chosen_mark(marks(*BOXES), choice(BOXES[index])) == index
    assert chosen_mark(marks((5, 40, 8, 8), *BOXES), choice(BOXES[index])) == index + 1, "another one is before it now"


def test_a_mark_is_found_again_after_another_stroke_of_it():
    assert chosen_mark(marks(BOXES[0], (18, 0, 40, 60), (70, 0, 10, 20)), choice(BOXES[1])) == 1


def test_of_two_marks_in_its_place_it_is_the_one_of_the_same_size():
    assert chosen_mark(marks((0, 0, 100, 100), BOXES[1]), choice(BOXES[1])) == 1


def test_without_the_chosen_mark_it_is_the_first_one_again():
    assert chosen_mark(marks(*BOXES[:2]), choice(BOXES[2])) == 0


def follow(box_x, picture, state):
    """Run as an app: follow the choice among three marks that have moved to the right."""
    import streamlit as st  # noqa: PLC0415  the function's source alone is run

    from app.reading_panel.mark_choice import follow_choice  # noqa: PLC0415
    from tests.app.reading_panel.marks import mark  # noqa: PLC0415

    found = follow_choice([mark(box=(box_x + 20 * index, 0, 10, 20)) for index in range(3)], "test", picture, state)
    st.text(str(found))


def clicked(box, picture="a"):
    return {"clicked": {"picture": picture, "box": box}}


@pytest.fixture
def run_with():
    """Return a function that runs the app once more and returns the chosen mark."""
    app = AppTest.from_function(follow)

    def run(box_x=0, picture="a", state=None):
        app.kwargs = {"box_x": box_x, "picture": picture, "state": state}
        app.run()
        assert not app.exception
        return int(app.text[0].value)

    return run


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
