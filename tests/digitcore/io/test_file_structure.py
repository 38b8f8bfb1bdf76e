"""Files whose structure would take too long to read, and ordinary files that are a little like them."""

import io
import struct
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from digitcore import DamagedImageError, UnsupportedFormatError
from digitcore.io import file_structure
from digitcore.io.decode import load_picture
from digitcore.io.file_structure import MAX_JPEG_SCANS, BoundedSource, check_structure
from testing.hostile_pictures import HOSTILE, STRANGERS, jpeg_with_scans

MIB = 2**20
PICTURE = np.random.default_rng(0).integers(0, 256, (64, 48, 3), np.uint8)


def encoded(file_format, picture=PICTURE, **options):
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, file_format, **options)
    return buffer.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_file_that_would_take_too_long_is_one_error_and_little_memory(make, request):
    content = make()
    is_stranger = request.node.callspec.id.startswith(STRANGERS)
    tracemalloc.start()
    try:
        with pytest.raises(UnsupportedFormatError if is_stranger else DamagedImageError):
            load_picture(content)
        assert tracemalloc.get_traced_memory()[1] < 100 * MIB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("file_format", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("JPEG", {"progressive": True, "subsampling": 0, "quality": 100}),
        ("JPEG", {"comment": b"\xff\xda" * 300}),
        ("JPEG", {"icc_profile": bytes(200_000)}),
        ("PNG", {}),
        ("BMP", {}),
        ("GIF", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"big_tiff": True}),
        ("WEBP", {"lossless": True}),
    ],
    ids=str,
)
def test_ordinary_files_are_decoded(file_format, options):
    content = encoded(file_format, **options)
    with Image.open(io.BytesIO(content)) as image:
        assert (load_picture(content).pixels == np.asarray(image.convert("RGB"))).all()


def test_the_thumbnail_in_a_jpeg_is_not_counted():
    exif = Image.Exif()
    exif[0x010E] = "x" * 100 + encoded("JPEG", progressive=True).decode("latin-1")
    content = encoded("JPEG", progressive=True, exif=exif.tobytes()[:65_000])
    assert load_picture(content).size_wh == (48, 64)


def test_what_follows_the_first_picture_is_not_counted():
    """Phones append a video, in which any bytes occur."""
    content = encoded("JPEG", progressive=True) + b"\xff\xda\x00\x02" * 100_000
    assert load_picture(content).size_wh == (48, 64)


@pytest.mark.parametrize(("scans", "is_read"), [(MAX_JPEG_SCANS - 20, True), (MAX_JPEG_SCANS + 1, False)])
def test_a_jpeg_has_a_limit_of_scans(scans, is_read):
    content = jpeg_with_scans(scans, side_px=16)
    if is_read:
        check_structure(content)
    else:
        with pytest.raises(DamagedImageError, match="unusual structure"):
            check_structure(content)


def test_a_sequential_jpeg_with_a_scan_for_each_component_is_counted_as_well():
    jpeg = encoded("JPEG", PICTURE[..., 0])
    scan = jpeg.index(b"\xff\xda")
    frame = jpeg.index(b"\xff\xc0")
    several = jpeg[: frame + 9] + b"\x02" + jpeg[frame + 10 : scan] + jpeg[scan:-2] * (MAX_JPEG_SCANS + 1)
    with pytest.raises(DamagedImageError, match="unusual structure"):
        check_structure(several)


def rle(width, height, runs, compression=1):
    """A BMP with run-length encoding, and a palette of grey levels."""
    palette = b"".join(bytes([level, level, level, 0]) for level in range(256))
    start = 54 + len(palette)
    info = struct.pack("<I2i2H6I", 40, width, height, 1, 8 if compression == 1 else 4, compression, len(runs), 0, 0, 256, 0)
    return struct.pack("<2sI4xI", b"BM", start + len(runs), start) + info + palette + runs


def test_a_small_run_length_encoded_bmp_is_decoded():
    runs = b"".join(bytes([4, 10 * row, 4, 200]) + b"\x00\x00" for row in range(12)) + b"\x00\x01"
    pixels = load_picture(rle(8, 12, runs)).pixels[..., 0]
    assert pixels[::-1, 0].tolist() == [10 * row for row in range(12)]
    assert (pixels[:, 4:] == 200).all()


def test_a_run_length_encoded_bmp_of_many_runs_is_decoded():
    runs = (b"\x01\x00\x01\xff" * 500 + b"\x00\x00") * 240 + b"\x00\x01"
    assert load_picture(rle(1_000, 240, runs)).pixels.shape == (240, 1_000, 3)


@pytest.mark.parametrize(
    ("size_wh", "compression", "is_read"), [((2_000, 1_000), 1, True), ((2_000, 1_001), 1, False), ((2_000, -1_001), 2, False)]
)
def test_a_run_length_encoded_bmp_has_a_limit_of_pixels(size_wh, compression, is_read):
    width, height = size_wh
    content = rle(width, height, b"\x00\x01", compression)
    if is_read:
        check_structure(content)
    else:
        with pytest.raises(DamagedImageError, match="unusual structure"):
            check_structure(content)


@pytest.mark.parametrize(
    "start",
    [
        b"\xff\xd8",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xc0\x00",
        b"BM",
        b"BM" + bytes(20),
        b"II*\0",
        b"MM\0*" + b"\xff" * 4,
        b"II+\0" + b"\xff" * 12,
    ],
)
def test_the_beginning_of_a_file_is_no_error_of_its_structure(start):
    assert check_structure(start).read() == start


def test_a_source_may_be_read_so_often():
    source = BoundedSource(b"abc", 2)
    assert (source.read(1), source.read()) == (b"a", b"bc")
    with pytest.raises(DamagedImageError, match="unusual structure"):
        source.read(1)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "BMP", "GIF", "TIFF", "WEBP"])
def test_an_ordinary_picture_takes_a_small_share_of_the_reads(file_format):
    noise = np.random.default_rng(0).integers(0, 256, (600, 800), np.uint8)
    with Image.open(BoundedSource(encoded(file_format, noise), file_structure.MAX_READS // 50)) as image:
        image.load()
        assert image.size == (800, 600)
