"""HEIC and AVIF files: what is read of them, and what is rejected before it is decoded."""

import io
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from digitcore import DamagedImageError, ImageError, ImageTooLargeError, ImageTooSmallError, UnsupportedFormatError
from digitcore.io import decode
from digitcore.io.decode import declared_size_wh, load_picture
from testing import heif_files
from testing.heif_files import Item, box, coded, coded_av1, exif_turned, grid, heif_file, size, turned

ROOT = Path(__file__).resolve().parents[3]
WHITE, RED = (255, 255, 255), (200, 0, 0)


@pytest.fixture(scope="module")
def pixels():
    """128 wide, 96 high: white, with a red block in the upper left corner."""
    image = np.full((96, 128, 3), 255, np.uint8)
    image[:32, :64] = RED
    return image


@pytest.fixture(scope="module")
def picture(pixels):
    return coded(pixels)


def corner_colours(upright):
    """Name the colours in the corners, row by row."""
    corners = [upright.pixels[y, x].astype(int) for y in (4, -5) for x in (4, -5)]
    return ["red" if np.abs(each - RED).max() < 40 else "white" if each.min() > 215 else str(each) for each in corners]


def saved(mode, array, **options):
    """Save an array as libheif does."""
    height, width = array.shape[:2]
    file = pillow_heif.from_bytes(mode, (width, height), array.tobytes())
    encoded = io.BytesIO()
    file.save(encoded, quality=90, **options)
    return encoded.getvalue()


def test_a_heic_is_read(picture):
    upright = load_picture(heif_file([picture]))
    assert upright.size_wh == (128, 96)
    assert corner_colours(upright) == ["red", "white", "white", "white"]


def test_an_avif_is_read(pixels):
    upright = load_picture(heif_file([coded_av1(pixels)], brand=b"avif"))
    assert upright.size_wh == (128, 96)
    assert corner_colours(upright) == ["red", "white", "white", "white"]


def test_a_grid_is_put_together_and_cut(pixels):
    tiles = [Item(each.kind, each.data, each.properties, hidden=True) for each in (coded(pixels), coded(np.full_like(pixels, 255)))]
    upright = load_picture(heif_file([grid(2, 1, (200, 90), [2, 3]), *tiles]))
    assert upright.size_wh == (200, 90)
    assert corner_colours(upright) == ["red", "white", "white", "white"]


@pytest.mark.parametrize(
    ("quarters", "corners"),
    [(1, ["white", "white", "red", "white"]), (2, ["white", "white", "white", "red"]), (3, ["white", "red", "white", "white"])],
)
@pytest.mark.parametrize("exif", [False, True], ids=["", "with EXIF"])
def test_a_rotation_is_applied_once_whatever_exif_says(picture, quarters, corners, exif):
    item = Item(picture.kind, picture.data, [*picture.properties, turned(quarters)])
    content = heif_file([item, exif_turned(6)] if exif else [item])
    upright = load_picture(content)
    assert upright.size_wh == declared_size_wh(content) == ((128, 96) if quarters == 2 else (96, 128))
    assert corner_colours(upright) == corners


def test_a_mirrored_picture_is_mirrored_back(picture):
    mirrored = Item(picture.kind, picture.data, [*picture.properties, box(b"imir", b"\1")])
    assert corner_colours(load_picture(heif_file([mirrored]))) == ["white", "red", "white", "white"]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_of_an_avif_is_applied(pixels, orientation):
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    image = Image.fromarray(pixels)
    stored = image if orientation == 1 else image.transpose(Image.Transpose(back[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    encoded = io.BytesIO()
    stored.save(encoded, "AVIF", exif=exif, quality=90)
    upright = load_picture(encoded.getvalue())
    assert upright.size_wh == (128, 96)
    assert corner_colours(upright) == ["red", "white", "white", "white"]


def test_the_primary_picture_of_several_is_read(pixels, picture):
    upright = load_picture(heif_file([coded(np.full_like(pixels, 30)), picture], primary=2))
    assert corner_colours(upright) == ["red", "white", "white", "white"]


def test_ten_bits_a_channel_are_read(pixels):
    upright = load_picture(saved("RGB;16", pixels.astype(np.uint16) * 257))
    assert corner_colours(upright) == ["red", "white", "white", "white"]


def test_grey_is_read():
    grey = np.full((96, 128), 230, np.uint8)
    grey[:32] = 20
    upright = load_picture(saved("L", grey))
    assert upright.pixels[5, 5].max() < 40
    assert upright.pixels[-5, -5].min() > 210


@pytest.mark.parametrize("mode", ["RGBA", "RGBa"])
def test_transparent_pixels_are_put_on_paper(mode):
    rgba = np.zeros((96, 128, 4), np.uint8)
    rgba[30:60, 40:80] = (20, 20, 20, 255)
    upright = load_picture(saved(mode, rgba))
    assert upright.pixels[5, 5].min() > 240
    assert upright.pixels[45, 60].max() < 60


def test_a_large_picture_is_reduced():
    upright = load_picture(heif_files.fifty_megapixels())
    assert upright.size_wh == (7_071, 7_071)
    assert upright.pixels.shape == (1_600, 1_600, 3)


def test_more_than_fifty_megapixels_are_rejected_before_decoding(picture):
    tile = Item(picture.kind, picture.data, picture.properties, hidden=True)
    with pytest.raises(ImageTooLargeError, match=r"51 megapixels; the limit is 50"):
        load_picture(heif_file([grid(1, 1, (7_100, 7_150), [2]), tile]))


def test_too_few_pixels_are_rejected(picture):
    tile = Item(picture.kind, picture.data, picture.properties, hidden=True)
    with pytest.raises(ImageTooSmallError, match="at least 8×8"):
        load_picture(heif_file([grid(1, 1, (100, 4), [2]), tile]))


DEEP = np.full((96, 128, 3), 60_000, np.uint16)
CLEAR = np.full((96, 128, 4), 100, np.uint8)


@pytest.mark.parametrize(
    ("make", "bytes_per_pixel"),
    [
        (lambda: saved("RGB", CLEAR[..., :3].copy()), 6),
        (lambda: saved("RGB;16", DEEP), 8),
        (lambda: saved("RGB", CLEAR[..., :3].copy(), chroma="444"), 16),
        (lambda: saved("RGBA", CLEAR), 12),
        (lambda: heif_file([coded_av1(CLEAR[..., :3].copy())], brand=b"avif"), 16),
    ],
    ids=["8 bits", "10 bits", "colours in full", "alpha", "AVIF"],
)
def test_kinds_that_take_more_memory_have_lower_limits(monkeypatch, make, bytes_per_pixel):
    content = make()
    monkeypatch.setattr(decode, "MAX_DECODED_BYTES", 128 * 96 * bytes_per_pixel)
    assert load_picture(content).size_wh == (128, 96)
    monkeypatch.setattr(decode, "MAX_DECODED_BYTES", 128 * 96 * bytes_per_pixel - 1)
    with pytest.raises(ImageTooLargeError, match="megapixels; the limit is"):
        load_picture(content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (heif_file([Item(b"jpeg", b"\xff\xd8", [size(64, 64)])]), "This kind of HEIF or AVIF file isn't supported"),
        (heif_file([Item(b"iovl", b"", [size(64, 64)])]), "This kind of HEIF or AVIF file isn't supported"),
        (box(b"ftyp", b"avis" + bytes(4)), "This kind of HEIF or AVIF file isn't supported"),
        (box(b"ftyp", b"isom" + bytes(4)) + box(b"moov", b""), "isn't a picture that can be read"),
    ],
    ids=["JPEG", "overlay", "animated AVIF", "video"],
)
def test_other_kinds_are_named(content, message):
    with pytest.raises(UnsupportedFormatError, match=message) as caught:
        load_picture(content)
    assert caught.value.status == 415


@pytest.mark.parametrize("file_format", ["HEIC", "AVIF"])
def test_a_file_that_is_cut_off_is_an_image_error(pixels, picture, file_format):
    whole = heif_file([picture]) if file_format == "HEIC" else heif_file([coded_av1(pixels)], brand=b"avif")
    for length in range(12, len(whole), 7):
        with pytest.raises(ImageError):
            load_picture(whole[:length])


@pytest.mark.parametrize("file_format", ["HEIC", "grid", "AVIF"])
def test_random_damage_raises_no_other_error(pixels, picture, file_format):
    tile = Item(picture.kind, picture.data, picture.properties, hidden=True)
    files = {
        "HEIC": heif_file([picture]),
        "grid": heif_file([grid(2, 1, (200, 90), [2, 3]), tile, tile]),
        "AVIF": heif_file([coded_av1(pixels)], brand=b"avif"),
    }
    whole = np.frombuffer(files[file_format], np.uint8)
    rng = np.random.default_rng(3)
    for _ in range(60):
        broken = whole.copy()
        broken[rng.integers(12, len(whole), 6)] = rng.integers(0, 256, 6)
        with suppress(ImageError):
            assert load_picture(broken.tobytes()).pixels.shape[2] == 3


def test_a_file_without_pictures_is_damaged():
    for content in (box(b"ftyp", b"heic" + bytes(4)), b"\0\0\0\x18ftypheic\0\0", heif_file([Item(b"hvc1")])):
        with pytest.raises(DamagedImageError):
            load_picture(content)


def test_without_its_extra_a_heic_names_the_command_that_installs_it(picture):
    program = "\n".join(
        (
            "import sys; sys.modules['pillow_heif'] = None",
            "from digitcore import ImageError, read_image",
            "try: read_image(sys.stdin.buffer.read())",
            "except ImageError as error: print(error.status, error)",
        )
    )
    done = subprocess.run([sys.executable, "-c", program], input=heif_file([picture]), cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.decode().strip().startswith("415 Reading HEIC needs packages")
    assert done.stdout.decode().strip().endswith("pip install 'digit-reader[heif]'")
