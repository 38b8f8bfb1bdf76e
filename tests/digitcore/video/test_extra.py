"""Import the package without the packages of the extra `video`, in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

BLOCK = "import sys; sys.modules.update(dict.fromkeys(['av', 'aiortc', 'pydantic', 'pydantic_settings']));"
"""Python raises `ModuleNotFoundError` for a module that is None in `sys.modules`."""


def run(program):
    return subprocess.run([sys.executable, "-c", f"{BLOCK} {program}"], cwd=ROOT, capture_output=True, text=True, check=False)


def test_arrays_are_read_without_the_extra():
    done = run(
        "import numpy, digitcore.video;"
        "print(digitcore.video.LiveReader().process(numpy.full((48, 64, 3), 255, numpy.uint8)).shape);"
        "import digitcore.video.slots"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "(48, 64, 3)"


@pytest.mark.parametrize("module", ["stream", "webrtc", "ice", "settings"])
def test_other_modules_name_the_command_that_installs_the_extra(module):
    done = run(f"import digitcore.video.{module}")
    assert done.returncode == 1
    error = done.stderr.strip().splitlines()[-1]
    assert error.startswith("digitcore.errors.MissingExtraError: Live video needs packages")
    assert error.endswith("pip install 'digit-reader[video]'")
