import numpy as np
import pytest

from digitcore.recognition.normalization import normalize_digit
from model.confusables import CONFUSABLES, is_like_a_digit
from model.drawn_marks import LATIN
from model.fonts import Split, font_digits, font_negatives, load_font_characters, load_font_digits, load_font_negatives
from synthetic.fonts.selection import CHARACTERS, HELD_OUT


@pytest.fixture(scope="module", params=Split)
def split(request):
    return request.param


@pytest.fixture(scope="module")
def digits(split):
    return load_font_digits(split)


@pytest.fixture(scope="module")
def negatives(split):
    return load_font_negatives(split)


def test_no_font_is_in_both_splits():
    training, held_out = (set(load_font_characters(split).fonts) for split in Split)
    assert held_out == HELD_OUT
    assert not training & held_out
    assert 0.15 < len(held_out) / len(training | held_out) < 0.25


def test_every_character_is_a_digit_a_negative_or_like_a_digit(split):
    every, kept = load_font_characters(split), [font_digits(split), font_negatives(split)]
    undecided = set(every.characters) - set(kept[0].characters) - set(kept[1].characters)
    assert set(kept[0].characters) == set("0123456789")
    assert undecided == {character for character in set(every.characters) - set("0123456789") if is_like_a_digit(character)}


def test_digits_are_shaped_and_labelled_like_mnists(digits, split):
    assert digits.images.shape[1:] == (28, 28)
    assert digits.images.dtype == np.uint8
    assert digits.labels.dtype == np.int64
    assert len(digits.images) == len(digits.labels)
    assert set(digits.labels.tolist()) == set(range(10))
    assert (digits.images[0] == normalize_digit(font_digits(split).images[0]).model_input).all()


def test_negatives_are_shaped_like_every_mark(negatives, split):
    assert negatives.shape == (len(font_negatives(split).characters), 28, 28)
    assert negatives.dtype == np.uint8
    assert (negatives.max(axis=(1, 2)) == 255).all()


@pytest.mark.slow
def test_the_shipped_network_reads_the_digits_and_rejects_most_letters(classifier, digits, negatives):
    assert (classifier.logits(digits.images).argmax(axis=1) == digits.labels).mean() > 0.95
    assert (classifier.digit_scores(negatives) < classifier.reject_below).mean() > 0.9


def test_shapes_that_people_write_as_digits_are_no_negatives():
    assert all(map(is_like_a_digit, r"0123456789/|\lIiOoSsZzBbGgqyDQ!()[]{}"))
    assert not any(map(is_like_a_digit, "#%$@*&<>+=?€£AEFKMNRWX"))


def test_confusables_are_characters_that_the_fonts_have():
    assert set("".join(CONFUSABLES.values())) <= set(CHARACTERS)
    assert set(CONFUSABLES) == set("0123456789")


def test_only_letters_that_are_confusable_in_cursive_are_negatives_in_print():
    assert {character for character in LATIN if is_like_a_digit(character)} == {"J", "Y"}
