import pytest

from app.upload.reading import read_file
from app.upload.store import file_id_of, inspectable_image
from digitcore import Settings
from digitcore.io.encode import encode_image


@pytest.fixture
def picture(drawing):
    return encode_image(drawing(6)[..., :3].copy(), "png")


def test_the_inspector_gets_a_file_as_it_was_uploaded(picture):
    image = inspectable_image(read_file("x", "six.png", picture))
    assert (image.image_id, image.name, image.source) == ("x", "six.png", picture)
    assert image.settings == Settings()


def test_the_same_picture_of_the_same_name_has_the_same_id(picture):
    assert file_id_of("a", picture) == file_id_of("a", picture)
    assert len({file_id_of("a", picture), file_id_of("b", picture), file_id_of("a", picture + b"x")}) == 3
