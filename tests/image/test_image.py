"""The image itself, built and run as engines do: `make image-test`."""

import time

import pytest
from packaging.licenses import canonicalize_license_expression

from benchmarks.timing import Row, table
from testing.browser.pages import open_page, wait_for_canvas
from testing.browser.server import free_port
from testing.image.container import execute, is_healthy, running
from testing.image.dockerfile import DEFAULT_STAGE, third_party
from testing.image.visits import SAMPLE_TEXT, draw_and_see_every_page, expect_missing_tensorflow, send_sample

pytestmark = [pytest.mark.image, pytest.mark.timeout(1800)]

MOST_MB = 900
WANTED_START_S = 4.0
STARTS = 5

NEED_THE_APP = {"streamlit_drawable_canvas"}
"""Can be imported by pages alone, and is, by the test of the pages."""

WRITABLE = """
import os
for folder, folders, names in os.walk("/"):
    folders[:] = [each for each in folders if os.path.join(folder, each) not in ("/proc", "/dev", "/sys")]
    for path in (folder, *(os.path.join(folder, name) for name in names)):
        if not os.path.islink(path) and (os.access(path, os.W_OK) or os.stat(path).st_uid == os.getuid()):
            print(path)
"""


@pytest.fixture(scope="module")
def app(image):
    with running(image) as container:
        yield container


def test_it_is_light_and_starts_fast(image, capsys):
    starts = []
    for _ in range(STARTS):
        with running(image) as container:
            starts.append(container.started_s)
    rows = [
        Row("image, uncompressed", image.size_mb(), "MB", MOST_MB),
        Row(f"process to healthy, slowest of {STARTS}", max(starts), "s", WANTED_START_S),
    ]
    with capsys.disabled():
        print(f"\n{table(rows)}")
    assert image.size_mb() <= MOST_MB


def test_nothing_of_tensorflow_tests_or_installers_is_inside(image):
    packages = next(image.root.glob("opt/venv/lib/python3*/site-packages"))
    names = {path.name.lower() for path in packages.iterdir()}
    assert {"streamlit", "cv2", "ai_edge_litert"} <= names
    assert not {name for name in names if name.split("-")[0] in ("tensorflow", "keras", "pip", "pytest", "playwright")}
    assert [*packages.rglob("tests")] == []
    assert {path.name for path in image.root.joinpath("app").iterdir() if path.name != "__pycache__"} == {
        *(".streamlit", "app", "deploy", "digitcore", "model", "pages", "samples", "streamlit_app.py", "LICENSE", "NOTICE")
    }
    for left in ("root/.cache", "opt/pip", "tmp/requirements-serve.txt"):
        assert not image.root.joinpath(left).exists(), left


def test_the_licence_texts_that_the_notice_refers_to_are_inside(image):
    texts = {path.name for path in image.root.joinpath("usr/share/common-licenses").iterdir()}
    assert {"Apache-2.0", "GPL-2", "GPL-3", "LGPL-2.1", "LGPL-3", "MPL-2.0"} <= texts
    canonicalize_license_expression(image.config["Labels"]["org.opencontainers.image.licenses"])


def test_every_module_is_compiled_already(image):
    modules = [*image.root.joinpath("app").rglob("*.py")]
    assert len(modules) > 80
    assert [path for path in modules if not [*path.parent.glob(f"__pycache__/{path.stem}.*.pyc")]] == []


def test_every_package_that_the_app_imports_is_inside_whole(image):
    imported = third_party(DEFAULT_STAGE) - NEED_THE_APP | {"pandas", "pyarrow.dataset", "pyarrow.parquet", "dask.distributed"}
    done = execute(image, "python3", "-c", f"import {', '.join(sorted(imported))}")
    assert done.returncode == 0, done.stderr


def test_it_runs_as_a_number_that_owns_nothing(image):
    assert image.config["User"].split(":")[0].isdecimal()
    assert execute(image, "id", "-u").stdout.strip() == image.config["User"].split(":")[0] != "0"


def test_nothing_can_be_written_while_the_root_is_read_only(image):
    done = execute(image, "python3", "-c", WRITABLE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "Read-only file system" in execute(image, "touch", "/tmp/file").stderr  # noqa: S108  the container's


def test_the_health_check_follows_the_app(image):
    assert not is_healthy(image, free_port())
    with running(image) as container:
        assert container.is_healthy()
        container.stop()
        assert not container.is_healthy()


def test_a_picture_is_read_over_http(app):
    send_sample(app.url)


def test_the_command_line_reads_inside(image):
    done = execute(image, "python", "-m", "digitcore", "read", "samples/page.jpg")
    assert done.stdout == f"samples/page.jpg: {SAMPLE_TEXT}\n"


def test_every_page_shows_and_a_drawing_is_read(page, app):
    draw_and_see_every_page(page, app.url)
    assert "Traceback" not in app.log


def test_without_tensorflow_the_model_page_says_so_kindly(page, app):
    expect_missing_tensorflow(page, app.url)


def test_asked_to_stop_it_ends_well_and_soon_though_a_visitor_is_there(page, image):
    with running(image) as container:
        open_page(page, container.url, "Write a number")
        wait_for_canvas(page)
        start = time.monotonic()
        assert container.stop() == 0
        print(f"stopped after {time.monotonic() - start:.1f} s")
        assert "Traceback" not in container.log
        page.context.close()
