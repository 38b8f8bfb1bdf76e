import io

import numpy as np
import pytest
from PIL import Image

from app.draw.result_card import CARD_WH, CardTexts, draw_card
from digitcore import Stroke, read_image

ONE = Stroke(np.array([[280.0, 60.0], [280.0, 300.0]]), 16.0)


@pytest.mark.parametrize("is_dark", [False, True])
def test_a_card_shows_the_drawing_and_what_was_read(is_dark):
    texts = CardTexts("1", "97.1% sure", "Digit reader")
    card = Image.open(io.BytesIO(draw_card([ONE], (560, 370), texts, is_dark=is_dark)))
    assert card.size == CARD_WH
    assert (np.asarray(card.convert("L"))[5, 5] < 128) == is_dark
    assert read_image(np.asarray(card.crop((60, 124, 640, 506)))).text == "1"
    others = Image.open(io.BytesIO(draw_card([ONE], (560, 370), texts._replace(read="7"), is_dark=is_dark)))
    assert (np.asarray(card)[:, :690] == np.asarray(others)[:, :690]).all()
    assert (np.asarray(card)[:, 690:] != np.asarray(others)[:, 690:]).any()


def test_a_long_number_stays_on_the_card():
    texts = CardTexts("1234567890/1234567890/123", "más del 99,9 % de confianza", "Lector de dígitos")
    card = np.asarray(Image.open(io.BytesIO(draw_card([ONE], (560, 370), texts, is_dark=False))).convert("L"))
    assert card[:, 1150:].min() == card[0, 0]
