"""Large pictures are converted and reduced band by band, and kinds that take much memory have lower limits."""

import io

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageOps

from digitcore import ImageTooLargeError
from digitcore.io import decode
from digitcore.io.conversion import to_eight_bits, to_rgb
from digitcore.io.decode import load_picture

NOISE = np.random.default_rng(0).integers(0, 256, (400, 600, 4), np.uint8)
GREY, RGB, RGBA = NOISE[..., 0], NOISE[..., :3], NOISE


@pytest.fixture(autouse=True)
def small_working_size(monkeypatch):
    """Let pictures of 600×400 be reduced by 6, in bands of 8 rows."""
    monkeypatch.setattr(decode, "WORKING_SIDE_PX", 100)
    monkeypatch.setattr(decode, "_BAND_ROWS", 8)


def encoded(image, file_format="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


PICTURES = {
    "grey": Image.fromarray(GREY),
    "RGB": Image.fromarray(RGB),
    "RGBA": Image.fromarray(RGBA),
    "grey with alpha": Image.fromarray(RGBA[..., 2:].copy(), "LA"),
    "one bit": Image.fromarray(GREY).convert("1"),
    "palette": Image.fromarray(RGB).quantize(16),
}


@pytest.mark.parametrize("image", PICTURES.values(), ids=PICTURES.keys())
def test_bands_give_what_the_whole_picture_gives(image):
    mode = "RGBA" if image.has_transparency_data else "L" if image.mode in ("1", "L") else "RGB"
    expected = to_rgb(np.asarray(image.convert(mode).reduce(6)))
    assert (load_picture(encoded(image)).pixels == expected).all()
    assert load_picture(encoded(image)).size_wh == (600, 400)


def test_a_transparent_palette_is_put_on_white():
    image = Image.fromarray(np.zeros((400, 600), np.uint8)).convert("P")
    assert (load_picture(encoded(image, transparency=0)).pixels == 255).all()


@pytest.mark.parametrize("kind", [np.uint16, np.int32, np.float32])
def test_deep_pictures_are_reduced_before_their_levels_are_scaled(kind):
    deep = (GREY.astype(kind) + 1) * 100
    image = Image.fromarray(deep)
    expected = to_eight_bits(np.asarray(image.convert("I" if kind != np.float32 else "F").reduce(6)))
    assert (load_picture(encoded(image, "TIFF")).pixels[..., 0] == expected).all()


def test_levels_that_are_not_finite_spoil_no_other():
    deep = np.full((400, 600), 50, np.float32)
    deep[100:200], deep[0, 0], deep[390, 590] = 100, np.nan, np.inf
    pixels = load_picture(encoded(Image.fromarray(deep), "TIFF")).pixels[..., 0]
    assert pixels[20, 50] == 255
    assert np.ptp(pixels[40:60]) == 0


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "WEBP"])
def test_large_pictures_are_turned_upright_once_they_are_reduced(orientation, file_format):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    image = Image.fromarray(RGB)
    options = {"lossless": True} if file_format == "WEBP" else {}
    upright = load_picture(encoded(image, file_format, exif=exif, **options))
    turned = Image.fromarray(np.asarray(image.reduce(6)))
    turned.getexif()[ExifTags.Base.Orientation] = orientation
    expected = np.asarray(ImageOps.exif_transpose(turned))
    assert upright.size_wh == ((600, 400) if orientation < 5 else (400, 600))
    assert upright.pixels.shape == expected.shape
    if file_format != "TIFF":  # which Pillow turns itself, so that the blocks of its last rows and columns may begin elsewhere
        assert (upright.pixels == expected).all()


TURNED = Image.Exif()
TURNED[ExifTags.Base.Orientation] = 3


@pytest.mark.parametrize(
    ("content", "bytes_per_pixel"),
    [
        (encoded(Image.fromarray(RGB)), 4),
        (encoded(Image.fromarray(RGB), "JPEG", progressive=True), 4),
        (encoded(Image.fromarray(RGB).convert("CMYK"), "JPEG"), 4),
        (encoded(Image.fromarray(RGB), "TIFF"), 4),
        (encoded(Image.fromarray(RGB), "PNG", exif=TURNED), 4),
        (encoded(Image.fromarray(RGB).convert("CMYK"), "JPEG", progressive=True), 8),
        (encoded(Image.fromarray(RGB), "TIFF", exif=TURNED), 8),
        (encoded(Image.fromarray(RGB), "WEBP"), 16),
    ],
    ids=["PNG", "progressive JPEG", "CMYK JPEG", "TIFF", "turned PNG", "progressive CMYK JPEG", "turned TIFF", "WebP"],
)
def test_kinds_that_take_more_memory_have_lower_limits(monkeypatch, content, bytes_per_pixel):
    monkeypatch.setattr(decode, "MAX_DECODED_BYTES", 600 * 400 * bytes_per_pixel)
    assert load_picture(content).size_wh == (600, 400)
    monkeypatch.setattr(decode, "MAX_DECODED_BYTES", 600 * 400 * bytes_per_pixel - 1)
    with pytest.raises(ImageTooLargeError, match="megapixels; the limit is"):
        load_picture(content)


def test_the_limit_in_the_message_is_that_of_the_kind(monkeypatch):
    monkeypatch.setattr(decode, "MAX_PIXELS", 10**6)
    monkeypatch.setattr(decode, "MAX_DECODED_BYTES", 16 * 10**6)
    with pytest.raises(ImageTooLargeError, match="2 megapixels; the limit is 1"):
        load_picture(encoded(Image.new("L", (1_500, 1_000)), "WEBP"))


@pytest.mark.parametrize(("side_px", "is_read"), [(4_570, True), (4_590, False)])
def test_a_webp_may_have_twenty_megapixels(side_px, is_read):
    """Decoding it takes 16 bytes a pixel: 320 MiB for 20.97 megapixels."""
    content = encoded(Image.new("L", (side_px, side_px), 255), "WEBP", quality=1, method=0)
    if is_read:
        assert load_picture(content).size_wh == (side_px, side_px)
    else:
        with pytest.raises(ImageTooLargeError, match="the limit is 20"):
            load_picture(content)
