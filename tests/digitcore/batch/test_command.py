"""Run the command in a process of its own with its workers: stop it, kill it, resume it."""

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from digitcore.cli import main
from testing.batch_runs import ENVIRONMENT, ROOT, Hold, rows, run, running, save_digits, stored_files

COUNT = 240
HELD = 200
"""The picture that is read last, since the workers have to wait for it."""

WORKERS = 2
SMALL_CHUNKS = ("--workers", WORKERS, "--chunk", 4)


@pytest.fixture
def many(folder):
    save_digits(folder / "many", COUNT)
    return folder / "many"


@pytest.fixture
def hold(folder, many):
    return Hold(folder, many / f"{HELD:04}.png")


def each_once(output, folder):
    found = [row["file"] for row in rows(output)]
    assert found == [str(folder / f"{number:04}.png") for number in range(COUNT)]
    return Counter(row["status"] for row in rows(output))


@pytest.mark.nightly
def test_a_killed_worker_loses_no_file_and_duplicates_none(folder, many, hold):
    with running(folder / "out.parquet", many, *SMALL_CHUNKS, environment=hold.environment) as work:
        work.wait_for_files(8)
        victim, _ = work.workers()
        victim.kill()
        hold.release()
        code, out, err = work.finish()
    assert code == 0, err
    assert f"{COUNT} files, {COUNT} read, 0 failed" in out
    assert "Traceback" not in err
    assert each_once(folder / "out.parquet", many) == {"ok": COUNT}


@pytest.mark.nightly
def test_after_a_killed_driver_the_same_command_resumes_and_reads_nothing_twice(folder, many, hold):
    output = folder / "out.csv"
    with running(output, many, *SMALL_CHUNKS, environment=hold.environment) as work:
        work.wait_for_files(40)
        workers = work.workers()
        assert len(workers) == WORKERS
        work.process.kill()
        work.process.wait()
    assert all(worker.wait(120) is None or not worker.is_running() for worker in workers)
    stored = stored_files(output)
    assert 40 <= stored < COUNT
    assert not output.exists()
    shutil.move(many, folder / "elsewhere")  # files already read are not needed any more, the others are missing
    code, out, err = run(output, many, *SMALL_CHUNKS)
    assert code == 1
    assert f"Resuming: {stored:,} of {COUNT} files have been read." in err
    assert f"{COUNT} files, {stored} read, {COUNT - stored} failed" in out
    assert each_once(output, many) == {"ok": stored, "error": COUNT - stored}


@pytest.mark.nightly
@pytest.mark.parametrize(("number", "to_group"), [(signal.SIGINT, True), pytest.param(signal.SIGTERM, False, marks=pytest.mark.nightly)])
def test_a_signal_stops_the_run_and_the_same_command_resumes_it(folder, many, hold, number, to_group):
    output = folder / "out.parquet"
    with running(output, many, *SMALL_CHUNKS, environment=hold.environment) as work:
        work.wait_for_files(8)
        (os.killpg if to_group else os.kill)(work.process.pid, number)  # a terminal sends Ctrl-C to the whole group
        hold.release()
        code, out, err = work.finish()
    assert (code, out) == (128 + number, "")
    assert "Stopped. Results so far are kept" in err
    assert "Traceback" not in err
    assert not output.exists()
    code, out, _ = run(output, many, *SMALL_CHUNKS)
    assert code == 0
    assert each_once(output, many) == {"ok": COUNT}


INTERRUPTING_SCRIPT = """
import os, signal, sys
def interrupt(event, arguments):
    if event == "import" and arguments[0] == os.environ["INTERRUPTED_IMPORT"]:
        os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(interrupt)
"""


@pytest.mark.parametrize("module", ["digitcore.errors", "cv2", "PIL.Image", "digitcore.cli", "distributed", "digitcore.batch.run"])
def test_ctrl_c_while_modules_are_imported_stops_the_run_as_later(folder, pictures, module):
    (folder / "hook").mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(INTERRUPTING_SCRIPT, encoding="utf-8")
    environment = {"PYTHONPATH": f"{folder / 'hook'}{os.pathsep}{ROOT}", "INTERRUPTED_IMPORT": module}
    with running(folder / "out.csv", pictures, environment=environment) as work:
        code, out, err = work.finish()
    assert (code, out) == (128 + signal.SIGINT, "")
    assert err == "digitcore: Stopped. Results so far are kept: run the same command again to resume.\n"
    assert sorted(each.name for each in folder.iterdir()) == ["hook", "pictures"]


@pytest.mark.nightly
def test_workers_block_sigint(folder, many, hold):
    with running(folder / "out.csv", many, *SMALL_CHUNKS, environment=hold.environment) as work:
        work.wait_for_files(8)
        workers = work.workers()
        assert len(workers) == WORKERS
        for worker in workers:
            status = Path(f"/proc/{worker.pid}/status").read_text(encoding="utf-8")
            blocked = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigBlk"))
            assert blocked & 1 << (signal.SIGINT - 1)


@pytest.mark.nightly
def test_the_progress_bar_and_the_summary_are_printed(folder, pictures):
    code, out, err = run(folder / "out.csv", pictures, "--workers", 1)
    assert code == 0
    assert "10/10" in err
    assert out.startswith(f"{folder / 'out.csv'}: 10 files, 10 read, 0 failed, ")


@pytest.mark.nightly
def test_a_list_is_read_from_standard_input(folder, pictures):
    command = [sys.executable, "-m", "digitcore", "batch", "--list", "-", "--output", "out.csv", "--workers", "1"]
    names = "pictures/0001.png\npictures/0002.png\n"
    done = subprocess.run(command, cwd=folder, input=names, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [row["text"] for row in rows(folder / "out.csv")] == ["1", "2"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--output", "out.xlsx", "pictures"], "must end in .parquet or .csv"),
        (["--output", "nowhere/out.csv", "pictures"], "can't be opened"),
        (["--output", "out.csv", "@missing.txt"], "The list missing.txt can't be read"),
        (["--output", "out.csv", "pictures", "--settings", "missing.json"], "missing.json"),
    ],
)
def test_a_wrong_call_is_one_sentence(capsys, pictures, arguments, sentence):
    assert main(["batch", *arguments]) == 2
    err = capsys.readouterr().err
    assert sentence in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["--workers", "0"],
        ["--chunk", "many"],
        ["--timeout", "0"],
        ["--timeout", "nan"],
        ["--timeout", "long"],
        ["--workers", "2", "--scheduler", "tcp://127.0.0.1:9"],
    ],
)
def test_a_wrong_option_prints_the_usage(capsys, pictures, arguments):
    with pytest.raises(SystemExit) as caught:
        main(["batch", "pictures", "--output", "out.csv", *arguments])
    assert caught.value.code == 2
    assert "usage: python -m digitcore batch" in capsys.readouterr().err


def test_the_command_line_imports_no_dask():
    program = "import sys, digitcore.cli; print(sorted({'dask', 'distributed', 'pyarrow', 'tqdm', 'sqlite3'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
