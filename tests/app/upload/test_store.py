import pytest

from app.upload.store import file_id_of, read_file
from digitcore import Settings, read_image
from digitcore.io.encode import encode_image


@pytest.fixture
def picture(drawing):
    return encode_image(drawing(6)[..., :3].copy(), "png")


def test_a_file_is_read_with_a_thumbnail_and_without_its_stages(picture):
    file = read_file("x", "six.png", picture)
    assert file.reading.text == read_image(picture).text == "6"
    assert file.reading.stages == []
    assert file.thumbnail[:2] == b"\xff\xd8"
    assert file.record["file"] == "six.png"
    assert file.inspectable_image.source == picture
    assert file.inspectable_image.settings == Settings()


def test_a_bad_file_keeps_its_error_and_nothing_else():
    file = read_file("x", "bad.png", b"text")
    assert file.reading is None
    assert file.error.startswith("This file isn't a picture")
    assert file.content == b""
    assert file.record["status"] == "error"


def test_the_same_picture_of_the_same_name_has_the_same_id(picture):
    assert file_id_of("a", picture) == file_id_of("a", picture)
    assert len({file_id_of("a", picture), file_id_of("b", picture), file_id_of("a", picture + b"x")}) == 3
