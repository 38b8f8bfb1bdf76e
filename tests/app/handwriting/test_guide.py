import pytest

from app.handwriting.guide import MAX_WIDTH_PX, guide_url, pen_px_for, size_for


@pytest.mark.parametrize("available_px", [300, 358, 500, 760, 1056])
def test_the_fields_fit_the_available_width(available_px):
    width, height = size_for(available_px)
    assert width == min(available_px, MAX_WIDTH_PX)
    assert 0 < pen_px_for((width, height)) < width / 25


def test_a_field_on_a_phone_is_higher_than_wide():
    width, height = size_for(358)
    assert height / 2 > 1.5 * width / 5


def test_fields_of_another_size_are_another_picture():
    assert guide_url((358, 229)).startswith("data:image/png;base64,")
    assert guide_url((358, 229)) != guide_url((760, 304))
