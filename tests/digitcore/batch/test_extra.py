"""Run the command without the packages of the extra `batch`, in a process of its own."""

import subprocess
import sys

import pytest

from testing.batch_runs import ENVIRONMENT


@pytest.mark.parametrize("package", ["dask", "distributed", "pyarrow", "tqdm"])
def test_a_missing_package_is_one_sentence_with_the_command_that_installs_it(folder, package):
    program = f"import sys; sys.modules['{package}'] = None; from digitcore.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "batch", str(folder), "--output", str(folder / "out.csv")]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip().endswith("pip install 'digit-reader[batch]'")
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (folder / "out.csv.journal").exists()
