"""Complete runs on a real cluster: a scheduler and two workers, each a process on loopback."""

import threading
import time
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from digitcore import Settings, WriterProfile
from digitcore.cli import main
from digitcore.io.encode import encode_image
from testing.batch_runs import TIMEOUT_S, Hold, cluster, rows, save_digits, stored_files
from testing.writer_profiles import profile_that_reads

LARGE_HW = (7000, 7000)
"""A picture that needs 450 MB while it is read."""


@pytest.fixture(scope="module")
def hold(tmp_path_factory):
    """Keeps the cluster from reading pictures of this name."""
    return Hold(tmp_path_factory.mktemp("hold"), Path("held.png"))


@pytest.fixture(scope="module")
def workers(tmp_path_factory, hold):
    with cluster(tmp_path_factory.mktemp("cluster"), environment=hold.environment) as running:
        yield running


@pytest.fixture
def batch(workers, capsys):
    """Runs the command on the cluster: returns the exit code, standard output and standard error."""

    def done(*arguments, scheduler=workers.address):
        code = main(["batch", "--timeout", str(TIMEOUT_S), *map(str, arguments), "--scheduler", scheduler])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return done


def test_everything_named_is_read_once_in_order(batch, folder, pictures):
    save_digits(folder / "more", 3)
    with zipfile.ZipFile(folder / "packed.zip", "w") as archive:
        archive.write(pictures / "0009.png", "nine.png")
    (folder / "list.txt").write_text("more/0002.png\nmore/0001.png\n")
    code, out, _ = batch("@list.txt", "pictures", "more", "pictures/*.png", "packed.zip", "--output", "out.parquet", "--chunk", 4)
    found = rows(folder / "out.parquet")
    names = [
        "more/0002.png",
        "more/0001.png",
        *(f"pictures/{number:04}.png" for number in range(10)),
        "more/0000.png",
        "packed.zip/nine.png",
    ]
    assert [row["file"] for row in found] == names
    assert [row["text"] for row in found] == ["2", "1", *"0123456789", "0", "9"]
    assert out.startswith("out.parquet: 14 files, 14 read, 0 failed, ")
    assert code == 0


def test_a_bad_file_is_a_row_and_the_exit_code_is_1(batch, folder, pictures):
    (pictures / "0003.png").write_bytes(b"no picture")
    code, out, _ = batch("pictures", "missing.png", "--output", "out.csv")
    found = rows(folder / "out.csv")
    assert code == 1
    assert "11 files, 9 read, 2 failed" in out
    assert Counter(row["status"] for row in found) == {"ok": 9, "error": 2}
    assert "isn't a picture" in found[3]["error"]
    assert "No such file" in found[-1]["error"]


def test_a_recipe_is_applied(batch, folder, pictures):
    (folder / "recipe.json").write_text(Settings(minimum_contrast=1.0).to_json())
    batch("pictures", "--settings", "recipe.json", "--output", "out.csv")
    assert {row["status"] for row in rows(folder / "out.csv")} == {"blank"}


def test_a_complete_output_is_reported_and_kept(batch, folder, pictures):
    batch("pictures", "missing.png", "--output", "out.csv")
    before = (folder / "out.csv").read_bytes()
    code, out, err = batch("pictures", "missing.png", "--output", "out.csv")
    assert (code, out) == (1, "out.csv: 11 files, 10 read, 1 failed\n")
    assert "is complete" in err
    assert (folder / "out.csv").read_bytes() == before


def test_a_removed_output_is_written_again_from_the_current_sources(batch, folder, pictures):
    batch("pictures", "missing.png", "--output", "out.csv")
    (folder / "out.csv").unlink()
    (pictures / "0000.png").unlink()
    assert batch("pictures", "--output", "out.csv")[0] == 0
    assert len(rows(folder / "out.csv")) == 9


def test_different_sources_or_settings_are_an_error_and_nothing_is_mixed(batch, folder, pictures):
    batch("pictures", "--output", "out.csv")
    before = (folder / "out.csv").read_bytes()
    (folder / "recipe.json").write_text(Settings(minimum_contrast=1.0).to_json())
    code, _, err = batch("pictures/*.png", "--settings", "recipe.json", "--output", "out.csv")
    assert code == 2
    assert "was started with different values of: sources, settings." in err
    assert (folder / "out.csv").read_bytes() == before


def test_a_profile_is_applied_and_another_one_is_an_error_when_the_run_is_resumed(batch, folder, pictures):
    seven, zero = ((pictures / f"000{digit}.png").read_bytes() for digit in (7, 0))
    for name, meant in (("one.json", 1), ("two.json", 2)):
        (folder / name).write_text(profile_that_reads(seven, meant, unlike=zero).to_json())
    assert batch("pictures", "--profile", "one.json", "--output", "out.csv", "--chunk", 1)[0] == 0
    assert rows(folder / "out.csv")[7]["text"] == "1"
    before = (folder / "out.csv").read_bytes()
    for options in (["--profile", "two.json"], []):
        code, _, err = batch("pictures", *options, "--output", "out.csv")
        assert code == 2
        assert "was started with different values of: profile." in err
    assert batch("pictures", "--profile", "one.json", "--output", "out.csv")[0] == 0
    assert (folder / "out.csv").read_bytes() == before


def test_an_empty_profile_is_the_same_run_as_none(batch, folder, pictures):
    (folder / "empty.json").write_text(WriterProfile().to_json())
    batch("pictures", "--output", "out.csv")
    code, _, err = batch("pictures", "--profile", "empty.json", "--output", "out.csv")
    assert code == 0
    assert "is complete" in err


def test_a_foreign_file_is_not_overwritten(batch, folder, pictures):
    (folder / "out.csv").write_text("a diary")
    code, _, err = batch("pictures", "--output", "out.csv")
    assert code == 2
    assert "exists already" in err
    assert (folder / "out.csv").read_text() == "a diary"
    assert not (folder / "out.csv.journal").exists()


@pytest.mark.parametrize("arguments", [["nowhere"], [], ["empty"]])
def test_sources_without_a_picture_are_an_error(batch, folder, arguments):
    (folder / "empty").mkdir()
    code, _, err = batch(*arguments, "--output", "out.csv")
    assert code == 2
    assert err.strip().splitlines()[-1].startswith("digitcore: There is no")
    assert [path.name for path in folder.iterdir()] == ["empty"]


def test_skipped_files_are_reported(batch, pictures):
    (pictures / "notes.txt").write_text("notes")
    assert "Skipped 1 file without" in batch("pictures", "--output", "out.csv")[2]


def test_a_missing_scheduler_is_an_error(batch, folder, pictures, monkeypatch):
    monkeypatch.setattr("digitcore.batch.cluster.CONNECT_TIMEOUT_S", 1)
    code, _, err = batch("pictures", "--output", "out.csv", scheduler="tcp://127.0.0.1:9")
    assert code == 3
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in err
    assert "Traceback" not in err


def test_pictures_that_take_too_long_are_rows_and_the_run_ends(folder, capsys):
    save_digits(folder / "pictures", 2)
    with cluster(folder, workers=2) as temporary:
        code = main(["batch", "pictures", "--output", "out.csv", "--timeout", "0.0001", "--scheduler", temporary.address])
    assert code == 1
    assert ["takes too long" in row["error"] for row in rows(folder / "out.csv")] == [True, True]


def test_a_killed_worker_loses_no_file_and_duplicates_none(batch, workers, hold, folder):
    *others, last = save_digits(folder / "many", 60)
    last.rename(last.with_name("held.png"))

    def interrupt():
        workers.kill_one()
        hold.release()

    interruption = _after_some_results(folder / "out.csv", interrupt)
    code, out, _ = batch("many", "--output", "out.csv", "--chunk", 2)
    interruption.join()
    found = rows(folder / "out.csv")
    assert code == 0
    assert "60 files, 60 read, 0 failed" in out
    assert [row["file"] for row in found] == [*(f"many/{path.name}" for path in others), "many/held.png"]
    assert {row["status"] for row in found} == {"ok"}


@pytest.mark.nightly
def test_a_picture_that_crashes_its_worker_is_a_row_and_its_neighbours_are_read(folder, pictures, capsys):
    page = np.full((*LARGE_HW, 3), 245, np.uint8)
    page[2000:5000, 3400:3700] = 30
    (pictures / "0004.png").write_bytes(encode_image(page, "png"))
    del page
    with cluster(folder, workers=2, options=["--memory-limit", "350 MB"]) as small:
        code = main(["batch", "pictures", "--output", "out.csv", "--chunk", "5", "--scheduler", small.address])
    found = rows(folder / "out.csv")
    assert code == 1
    assert [row["file"] for row in found] == [f"pictures/{number:04}.png" for number in range(10)]
    assert [row["text"] for row in found] == [*"0123", "", *"56789"]
    assert "ended its worker" in found[4]["error"]


@pytest.mark.nightly
def test_a_lost_cluster_is_an_error_and_results_are_kept(folder, pictures, capsys):
    *_, last = save_digits(folder / "many", 200)
    hold = Hold(folder, last)
    with cluster(folder, environment=hold.environment) as temporary:
        kill_scheduler = _after_some_results(folder / "out.csv", temporary.scheduler.kill)
        code = main(["batch", "many", "--output", "out.csv", "--chunk", "1", "--scheduler", temporary.address])
        kill_scheduler.join()
        for worker in temporary.workers:  # without a scheduler a worker that is asked to end takes long
            worker.kill()
    assert code == 3
    err = capsys.readouterr().err
    assert "run the same command again" in err
    assert stored_files(folder / "out.csv") > 0


def _after_some_results(output, then):
    """Call `then` in a thread as soon as a run has read ten files."""

    def wait():
        end = time.monotonic() + TIMEOUT_S
        while stored_files(output) < 10 and time.monotonic() < end:
            time.sleep(0.01)
        then()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread
