import subprocess
import sys
from pathlib import Path

import pytest

from digitcore.api import REQUIRED_PACKAGES

ROOT = Path(__file__).resolve().parents[3]


def import_without(package, module):
    """Import a module in a process in which a package can't be imported, and return the last line of its errors."""
    program = f"import sys; sys.modules[{package!r}] = None; import {module}"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr.strip().rpartition("\n")[2]


@pytest.mark.parametrize("package", ["fastapi", "pydantic_settings"])
def test_without_its_extra_the_api_names_the_command_that_installs_it(package):
    assert package in REQUIRED_PACKAGES
    status, error = import_without(package, "digitcore.api.settings")
    assert status == 1
    assert error.startswith("digitcore.errors.MissingExtraError: ")
    assert error.endswith("pip install 'digit-reader[api]'")


def test_the_core_needs_no_package_of_the_extra():
    assert import_without("fastapi", "digitcore") == (0, "")
