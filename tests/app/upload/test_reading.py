import pickle
import subprocess
import sys
from functools import partial

import numpy as np
import pytest

from app.upload.reading import read_file
from digitcore import WriterProfile, read_image
from digitcore.io.encode import encode_image
from testing.browser.server import ROOT


@pytest.fixture
def picture(drawing):
    return encode_image(drawing(6)[..., :3].copy(), "png")


def test_a_file_is_read_with_a_thumbnail_and_without_its_stages(picture):
    file = read_file("x", "six.png", picture)
    assert file.reading.text == read_image(picture).text == "6"
    assert file.reading.stages == []
    assert file.thumbnail[:2] == b"\xff\xd8"
    assert file.record["file"] == "six.png"
    assert file.content == picture


def test_a_bad_file_keeps_its_error_and_nothing_else():
    file = read_file("x", "bad.png", b"text")
    assert file.reading is None
    assert file.error.startswith("This file isn't a picture")
    assert file.content == b""
    assert file.record["status"] == "error"


def test_a_job_for_a_worker_process_has_the_handwriting_with_it(picture):
    profile = WriterProfile()
    for _ in range(20):
        profile.add(read_image(picture).digits[0].model_input, 5)
    profile.add(np.eye(28, dtype=np.uint8) * 255, 6)
    job = pickle.loads(pickle.dumps(partial(read_file, "x", "six.png", picture, profile)))  # noqa: S301  its own
    assert job().reading.text == read_image(picture, profile=profile).text == "5"


def test_a_worker_process_reads_a_file_without_importing_streamlit():
    script = "import sys, app.upload.reading; print('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, cwd=ROOT, text=True).stdout == "False\n"
