"""The command in a process of its own, with the workers that it starts: stopped, killed, and gone on with."""

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from digitcore.cli import main
from testing.batch_runs import ENVIRONMENT, kept_files, rows, run, running, save_digits

COUNT = 600
"""Pictures that two workers take a second or two for."""

IN_BETWEEN = ("--workers", 2, "--chunk", 4)


@pytest.fixture
def many(folder):
    save_digits(folder / "many", COUNT)
    return folder / "many"


def each_once(output, folder):
    found = [row["file"] for row in rows(output)]
    assert found == [str(folder / f"{place:04}.png") for place in range(COUNT)]
    return Counter(row["status"] for row in rows(output))


def test_a_killed_worker_costs_no_file_and_doubles_none(folder, many):
    with running(folder / "out.parquet", many, *IN_BETWEEN) as work:
        work.wait_for_files(8)
        victim, *_ = work.workers()
        victim.kill()
        code, said, complaints = work.end()
    assert code == 0, complaints
    assert "600 files, 600 read, 0 failed" in said
    assert "Traceback" not in complaints
    assert each_once(folder / "out.parquet", many) == {"ok": COUNT}


def test_after_a_killed_driver_the_same_again_goes_on_and_reads_nothing_twice(folder, many):
    output = folder / "out.csv"
    with running(output, many, *IN_BETWEEN) as work:
        work.wait_for_files(40)
        workers = work.workers()
        work.process.kill()
        work.process.wait()
    assert all(worker.wait(10) is None or not worker.is_running() for worker in workers)
    kept = kept_files(output)
    assert 40 <= kept < COUNT
    assert not output.exists()
    shutil.move(many, folder / "elsewhere")  # what has been read is not needed any more; what has not been is missed
    code, said, complaints = run(output, many, *IN_BETWEEN)
    assert code == 1
    assert f"Going on: {kept:,} of 600 files have been read." in complaints
    assert f"600 files, {kept} read, {COUNT - kept} failed" in said
    assert each_once(output, many) == {"ok": kept, "error": COUNT - kept}


@pytest.mark.parametrize(("number", "to_all"), [(signal.SIGINT, True), (signal.SIGTERM, False)])
def test_a_request_to_stop_is_obeyed_and_the_same_again_goes_on(folder, many, number, to_all):
    output = folder / "out.parquet"
    with running(output, many, *IN_BETWEEN) as work:
        work.wait_for_files(8)
        (os.killpg if to_all else os.kill)(work.process.pid, number)  # a terminal sends Ctrl-C to all of the group
        code, said, complaints = work.end()
    assert (code, said) == (128 + number, "")
    assert "Stopped. What was read is kept" in complaints
    assert "Traceback" not in complaints
    assert not output.exists()
    code, said, _ = run(output, many, *IN_BETWEEN)
    assert code == 0
    assert each_once(output, many) == {"ok": COUNT}


def test_no_worker_hears_ctrl_c(folder, many):
    with running(folder / "out.csv", many, *IN_BETWEEN) as work:
        work.wait_for_files(8)
        for worker in work.workers():
            status = Path(f"/proc/{worker.pid}/status").read_text(encoding="utf-8")
            blocked = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigBlk"))
            assert blocked & 1 << (signal.SIGINT - 1)


def test_the_bar_and_the_sum_are_told(folder, pictures):
    code, said, complaints = run(folder / "out.csv", pictures, "--workers", 1)
    assert code == 0
    assert "10/10" in complaints
    assert said.startswith(f"{folder / 'out.csv'}: 10 files, 10 read, 0 failed, ")


def test_a_list_comes_by_standard_input(folder, pictures):
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
    complaints = capsys.readouterr().err
    assert sentence in complaints
    assert len(complaints.strip().splitlines()) == 1


@pytest.mark.parametrize("arguments", [["--workers", "0"], ["--chunk", "many"], ["--workers", "2", "--scheduler", "tcp://127.0.0.1:9"]])
def test_a_wrong_word_explains_itself(capsys, pictures, arguments):
    with pytest.raises(SystemExit) as caught:
        main(["batch", "pictures", "--output", "out.csv", *arguments])
    assert caught.value.code == 2
    assert "usage: python -m digitcore batch" in capsys.readouterr().err


def test_reading_one_picture_loads_no_cluster():
    program = "import sys, digitcore.cli; print(sorted({'dask', 'distributed', 'pyarrow', 'tqdm', 'sqlite3'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
