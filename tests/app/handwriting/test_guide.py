from app.draw.sheet import Shape
from app.handwriting.guide import SIZES_WH, guide_url, pen_px_for


def test_the_pen_is_thin_for_the_fields():
    for width, height in SIZES_WH.values():
        assert 0 < pen_px_for((width, height)) < width / 25


def test_a_field_on_a_phone_is_higher_than_wide():
    width, height = SIZES_WH[Shape.NARROW]
    assert height / 2 > 1.5 * width / 5


def test_fields_of_another_size_are_another_picture():
    assert guide_url((358, 229)).startswith("data:image/png;base64,")
    assert guide_url((358, 229)) != guide_url((760, 304))
