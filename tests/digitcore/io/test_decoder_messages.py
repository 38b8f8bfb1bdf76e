"""What stands on standard error after damaged files were read in a process of its own, as tests turn warnings into errors."""

import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image

from testing.batch_runs import ENVIRONMENT

COPIES = 40
KINDS = [
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("TIFF", {"compression": "tiff_deflate"}),
    ("TIFF", {"compression": "packbits"}),
    ("TIFF", {"compression": "jpeg"}),
    ("TIFF", {"compression": "group4"}),
    ("PNG", {}),
    ("JPEG", {}),
    ("JPEG", {"progressive": True}),
    ("WEBP", {}),
    ("GIF", {}),
    ("BMP", {}),
]
READ_ALL = """
import pathlib, sys
from digitcore import DigitError
from digitcore.io.decode import load_picture
failed = 0
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try:
        load_picture(path.read_bytes())
    except DigitError:
        failed += 1
print(failed)
"""


def damaged(kind, options, seed):
    """Return a small picture of a kind with a few wrong bytes, or cut off."""
    mode = "1" if options.get("compression") == "group4" else "L"
    exif, buffer, rng = Image.Exif(), io.BytesIO(), np.random.default_rng(seed)
    exif[0x0112], exif[0x010E] = 6, 50 * "x"
    more = {} if kind in ("GIF", "BMP") else {"exif": exif}
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (60, 70), np.uint8)).convert(mode).save(buffer, kind, **options, **more)
    content = bytearray(buffer.getvalue())
    if seed % 3 == 0:
        return bytes(content[: rng.integers(20, len(content))])
    start = 8 if seed % 3 == 1 else max(8, len(content) - 400)  # heads, or directories at the end
    for _ in range(rng.choice([1, 2, 4, 16])):
        content[rng.integers(start, min(len(content), start + 400))] = rng.integers(256)
    return bytes(content)


def read_all(folder):
    """Read the files of a folder in a process; return how many can't be read, and what it wrote to standard error."""
    done = subprocess.run([sys.executable, "-c", READ_ALL, folder], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    return int(done.stdout), done.stderr


@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_decoders_write_nothing_about_damaged_files(tmp_path, kind, options):
    for seed in range(COPIES):
        (tmp_path / f"{seed:02}").write_bytes(damaged(kind, options, seed))
    failed, written = read_all(tmp_path)
    assert failed > 0, "no file was damaged enough"
    assert written == ""


def test_nothing_is_written_about_files_that_declare_too_many_pixels(tmp_path):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    for width in range(10_000, 10_005):  # Pillow warns from 89 megapixels on, and refuses twice as many
        head = struct.pack(">2I5B", width, 10_000, 8, 2, 0, 0, 0)
        (tmp_path / str(width)).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b""))
    assert read_all(tmp_path) == (5, "")
