import pytest

from digitcore.class_names import DIGITS, class_names_of
from digitcore.numbers import HOLE, Separator


def test_a_card_without_names_is_that_of_a_network_for_digits(classifier):
    assert class_names_of({}) == DIGITS == classifier.classes


def test_letters_digits_and_shapes_are_names():
    assert class_names_of({"classes": "aÑ7△☆"}) == "aÑ7△☆"


BAD_NAMES = [None, 10, ["A", "B"], "", "A", "ABA", "A B", "A\n", "<>", "A_", *(f"A{sign}" for sign in (HOLE, *Separator))]


@pytest.mark.parametrize("names", BAD_NAMES)
def test_what_can_not_stand_in_a_text_is_no_name(names):
    with pytest.raises(ValueError, match="letters, digits or symbols"):
        class_names_of({"classes": names})
