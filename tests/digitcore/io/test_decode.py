import io
import struct
import zlib
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image

from digitcore import (
    DamagedImageError,
    EmptyFileError,
    ImageError,
    ImageTooLargeError,
    ImageTooSmallError,
    UnsupportedFormatError,
)
from digitcore.io.conversion import WORKING_SIDE_PX
from digitcore.io.decode import load_picture


def encoded(image, fmt, **options):
    buffer = io.BytesIO()
    image.save(buffer, fmt, **options)
    return buffer.getvalue()


@pytest.fixture
def picture():
    """40 wide, 30 high: white, with a red block in the upper left corner."""
    image = Image.new("RGB", (40, 30), "white")
    image.paste((200, 0, 0), (0, 0, 16, 8))
    return image


def png_header(width, height):
    """A PNG that declares a size and holds no pixels."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", b"")


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "BMP", "WEBP", "TIFF", "GIF"])
def test_each_format_is_read(picture, fmt):
    options = {"quality": 95} if fmt in ("JPEG", "WEBP") else {}
    upright = load_picture(encoded(picture, fmt, **options))
    assert upright.size_wh == (40, 30)
    assert upright.pixels.shape == (30, 40, 3)
    assert np.abs(upright.pixels[3, 5].astype(int) - (200, 0, 0)).max() < 40
    assert upright.pixels[20, 30].min() > 240


@pytest.mark.parametrize(("mode", "red"), [("1", 76), ("L", 60), ("P", None), ("CMYK", None), ("YCbCr", None), ("LAB", None)])
def test_other_colour_models_are_converted(picture, mode, red):
    if mode == "LAB":
        image, fmt = Image.new("LAB", (40, 30), (255, 128, 128)), "TIFF"
    else:
        image, fmt = picture.convert(mode), "TIFF" if mode in ("CMYK", "YCbCr") else "PNG"
    pixels = load_picture(encoded(image, fmt)).pixels
    assert pixels.shape == (30, 40, 3)
    assert pixels[20, 30].min() > 240
    if mode != "LAB":
        dark = int(pixels[0:8, 0:16].mean())
        assert dark < (red or 100) + 20


@pytest.mark.parametrize("full_scale", [255, 4095, 65535])
def test_sixteen_bit_grey_is_scaled_by_the_range_it_uses(full_scale):
    deep = np.full((20, 24), full_scale, np.uint16)
    deep[5:9, 5:9] = 0
    pixels = load_picture(encoded(Image.fromarray(deep), "PNG")).pixels
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[6, 6].tolist() == [0, 0, 0]


def test_floating_point_tiffs_are_scaled_by_their_own_range():
    deep = np.full((20, 24), 0.5, np.float32)
    deep[5:9, 5:9] = -1.5
    deep[0, 0] = np.nan
    pixels = load_picture(encoded(Image.fromarray(deep), "TIFF")).pixels
    assert pixels[15, 15].tolist() == [255, 255, 255]
    assert pixels[6, 6].tolist() == [0, 0, 0]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_applied(picture, orientation):
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transposition that undoes each orientation
    stored = picture if orientation == 1 else picture.transpose(Image.Transpose(back[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = load_picture(encoded(stored, "JPEG", exif=exif.tobytes(), quality=95))
    assert upright.size_wh == (40, 30)
    assert np.abs(upright.pixels[3, 5].astype(int) - (200, 0, 0)).max() < 40


@pytest.mark.parametrize(
    ("fmt", "notes"),
    [
        *((fmt, ("Animated picture: only its first frame was read.",)) for fmt in ("GIF", "PNG", "WEBP")),
        ("TIFF", ("File with several pages: only the first page was read.",)),
        ("MPO", ()),
    ],
)
def test_the_first_of_several_pictures_is_read_and_a_note_says_so_unless_all_show_the_same(picture, fmt, notes):
    further = Image.new("RGB", (40, 30), "blue")
    upright = load_picture(encoded(picture, fmt, save_all=True, append_images=[further]))
    assert upright.pixels[20, 30].min() > 240
    assert upright.notes == notes


@pytest.mark.parametrize("fmt", ["GIF", "PNG", "WEBP", "TIFF", "MPO"])
def test_a_single_picture_has_no_note(picture, fmt):
    assert load_picture(encoded(picture, fmt, save_all=True)).notes == ()


def test_a_palette_with_a_transparent_colour_is_composited():
    image = Image.new("P", (20, 20), 0)
    image.putpalette([0, 0, 0, 30, 30, 30])
    image.paste(1, (5, 5, 9, 9))
    pixels = load_picture(encoded(image, "PNG", transparency=0)).pixels
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[6, 6].tolist() == [30, 30, 30]


@pytest.mark.parametrize("shape", [(30, 40), (30, 40, 3), (30, 40, 4)])
def test_arrays_are_taken_as_they_are(shape):
    upright = load_picture(np.full(shape, 255, np.uint8))
    assert upright.pixels.shape == (30, 40, 3)
    assert upright.size_wh == (40, 30)


@pytest.mark.parametrize(
    "array", [np.zeros((9, 9)), np.zeros((9, 9, 2), np.uint8), np.zeros(9, np.uint8), np.zeros((1, 9, 9, 3), np.uint8), "a.png", None]
)
def test_other_arrays_are_a_value_error(array):
    with pytest.raises(ValueError, match="expected bytes or uint8 of shape"):
        load_picture(array)


@pytest.mark.parametrize("size", [(2_000, 3_000), (5_000, 700)])
@pytest.mark.parametrize("fmt", ["PNG", "JPEG"])
def test_large_pictures_are_reduced_and_keep_their_original_size(size, fmt):
    upright = load_picture(encoded(Image.new("RGB", size, "white"), fmt))
    assert upright.size_wh == size
    assert max(upright.pixels.shape) <= WORKING_SIDE_PX
    assert upright.scale == pytest.approx(upright.pixels.shape[0] / size[1], rel=0.01)


def test_a_large_picture_on_its_side_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(Image.new("RGB", (4_000, 3_000), "white"), "JPEG", exif=exif.tobytes())
    upright = load_picture(data)
    assert upright.size_wh == (3_000, 4_000)
    assert upright.pixels.shape[0] > upright.pixels.shape[1]


def test_fifty_megapixels_are_decoded():
    assert load_picture(encoded(Image.new("L", (10_000, 5_000)), "PNG")).size_wh == (10_000, 5_000)


def test_more_than_fifty_megapixels_are_rejected_before_decoding():
    for width, height in [(10_000, 5_001), (30_000, 30_000), (2**31 - 1, 2**31 - 1)]:
        with pytest.raises(ImageTooLargeError, match=r"megapixels.*smaller") as caught:
            load_picture(png_header(width, height))
        assert caught.value.status == 413


@pytest.mark.parametrize("size", [(1, 1), (10_000, 1), (1, 10_000), (7, 100)])
def test_too_few_pixels_are_rejected(size):
    with pytest.raises(ImageTooSmallError, match=r"pixels.*larger"):
        load_picture(encoded(Image.new("L", size), "PNG"))
    with pytest.raises(ImageTooSmallError):
        load_picture(np.zeros(size[::-1], np.uint8))


def test_an_empty_file_is_named_as_such():
    with pytest.raises(EmptyFileError, match="empty"):
        load_picture(b"")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"just some text, renamed", "isn't a picture"),
        (b"\x00" * 500, "isn't a picture"),
        (b"%PDF-1.7 ...", "PDF files aren't supported"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG files aren't supported"),
        (encoded(Image.new("L", (9, 9)), "PPM"), "PPM files aren't supported"),
    ],
)
def test_an_unsupported_format_is_named_where_it_is_recognised(content, message):
    with pytest.raises(UnsupportedFormatError, match=f"{message}.*JPEG or PNG") as caught:
        load_picture(content)
    assert caught.value.status == 415


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "BMP", "WEBP", "TIFF", "GIF"])
def test_a_truncated_picture_is_an_image_error(fmt):
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8))
    whole = encoded(noise, fmt)
    with pytest.raises(ImageError) as caught:
        load_picture(whole[: len(whole) // 2])
    assert isinstance(caught.value, (DamagedImageError, UnsupportedFormatError))


def test_random_damage_raises_no_other_error():
    rng = np.random.default_rng(2)
    noise = Image.fromarray(rng.integers(0, 256, (40, 40, 3), np.uint8))
    for fmt in ("JPEG", "PNG", "BMP", "WEBP", "TIFF", "GIF"):
        whole = np.frombuffer(encoded(noise, fmt), np.uint8)
        for _ in range(30):
            broken = whole.copy()
            broken[rng.integers(0, len(whole), 12)] = rng.integers(0, 256, 12)
            with suppress(ImageError):
                assert load_picture(broken.tobytes()).pixels.shape[2] == 3


def test_a_loaded_picture_is_not_loaded_again(picture):
    loaded = load_picture(encoded(picture, "PNG"))
    assert load_picture(loaded) is loaded
