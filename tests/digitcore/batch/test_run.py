"""Whole runs on a real cluster: a scheduler and two workers, each a process on loopback."""

import threading
import time
import zipfile
from collections import Counter

import numpy as np
import pytest

from digitcore import Settings
from digitcore.cli import main
from digitcore.io.decode import encode
from testing.batch_runs import cluster, kept_files, rows, save_digits

LARGE_HW = (7000, 7000)
"""A picture that needs 450 MB while it is read."""


@pytest.fixture(scope="module")
def workers(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture
def batch(workers, capsys):
    """Does what the command line asks, on the cluster: the exit code, what was said, and what was said of errors."""

    def done(*arguments, scheduler=workers.address):
        code = main(["batch", *map(str, arguments), "--scheduler", scheduler])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return done


def test_everything_named_is_read_once_in_order(batch, folder, pictures):
    save_digits(folder / "more", 3)
    with zipfile.ZipFile(folder / "packed.zip", "w") as archive:
        archive.write(pictures / "0009.png", "nine.png")
    (folder / "list.txt").write_text("more/0002.png\nmore/0001.png\n")
    code, said, _ = batch("@list.txt", "pictures", "more", "pictures/*.png", "packed.zip", "--output", "out.parquet", "--chunk", 4)
    found = rows(folder / "out.parquet")
    names = ["more/0002.png", "more/0001.png", *(f"pictures/{place:04}.png" for place in range(10)), "more/0000.png", "packed.zip/nine.png"]
    assert [row["file"] for row in found] == names
    assert [row["text"] for row in found] == ["2", "1", *"0123456789", "0", "9"]
    assert said.startswith("out.parquet: 14 files, 14 read, 0 failed, ")
    assert code == 0


def test_a_bad_file_is_a_row_and_the_exit_code_says_so(batch, folder, pictures):
    (pictures / "0003.png").write_bytes(b"no picture")
    code, said, _ = batch("pictures", "missing.png", "--output", "out.csv")
    found = rows(folder / "out.csv")
    assert code == 1
    assert "11 files, 9 read, 2 failed" in said
    assert Counter(row["status"] for row in found) == {"ok": 9, "error": 2}
    assert "isn't a picture" in found[3]["error"]
    assert "No such file" in found[-1]["error"]


def test_a_recipe_is_obeyed(batch, folder, pictures):
    (folder / "recipe.json").write_text(Settings(minimum_contrast=1.0).to_json())
    batch("pictures", "--settings", "recipe.json", "--output", "out.csv")
    assert {row["status"] for row in rows(folder / "out.csv")} == {"blank"}


def test_a_finished_output_is_said_to_be_finished_and_stays(batch, folder, pictures):
    batch("pictures", "missing.png", "--output", "out.csv")
    before = (folder / "out.csv").read_bytes()
    code, said, complaints = batch("pictures", "missing.png", "--output", "out.csv")
    assert (code, said) == (1, "out.csv: 11 files, 10 read, 1 failed\n")
    assert "finished" in complaints
    assert (folder / "out.csv").read_bytes() == before


def test_an_output_that_was_removed_is_made_anew_from_whatever_is_asked(batch, folder, pictures):
    batch("pictures", "missing.png", "--output", "out.csv")
    (folder / "out.csv").unlink()
    (pictures / "0000.png").unlink()
    assert batch("pictures", "--output", "out.csv")[0] == 0
    assert len(rows(folder / "out.csv")) == 9


def test_other_sources_or_settings_are_told_and_nothing_is_mixed(batch, folder, pictures):
    batch("pictures", "--output", "out.csv")
    before = (folder / "out.csv").read_bytes()
    (folder / "recipe.json").write_text(Settings(minimum_contrast=1.0).to_json())
    code, _, complaints = batch("pictures/*.png", "--settings", "recipe.json", "--output", "out.csv")
    assert code == 2
    assert "was begun with others of these: sources, settings." in complaints
    assert (folder / "out.csv").read_bytes() == before


def test_a_file_that_is_not_ours_is_not_written_over(batch, folder, pictures):
    (folder / "out.csv").write_text("a diary")
    code, _, complaints = batch("pictures", "--output", "out.csv")
    assert code == 2
    assert "there already" in complaints
    assert (folder / "out.csv").read_text() == "a diary"
    assert not (folder / "out.csv.journal").exists()


@pytest.mark.parametrize("arguments", [["nowhere"], [], ["empty"]])
def test_without_a_picture_there_is_nothing_to_do(batch, folder, arguments):
    (folder / "empty").mkdir()
    code, _, complaints = batch(*arguments, "--output", "out.csv")
    assert code == 2
    assert complaints.strip().splitlines()[-1].startswith("digitcore: There is no")
    assert [path.name for path in folder.iterdir()] == ["empty"]


def test_what_was_passed_over_is_told(batch, pictures):
    (pictures / "notes.txt").write_text("notes")
    assert "Passed over: 1 files" in batch("pictures", "--output", "out.csv")[2]


def test_a_scheduler_that_is_not_there_is_told(batch, folder, pictures, monkeypatch):
    monkeypatch.setattr("digitcore.batch.cluster.CONNECT_TIMEOUT_S", 1)
    code, _, complaints = batch("pictures", "--output", "out.csv", scheduler="tcp://127.0.0.1:9")
    assert code == 3
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in complaints
    assert "Traceback" not in complaints


def test_a_picture_that_ends_its_worker_is_a_row_and_its_neighbours_are_read(folder, pictures, capsys):
    page = np.full((*LARGE_HW, 3), 245, np.uint8)
    page[2000:5000, 3400:3700] = 30
    (pictures / "0004.png").write_bytes(encode(page, "png"))
    del page
    with cluster(folder, workers=2, options=["--memory-limit", "350 MB"]) as small:
        code = main(["batch", "pictures", "--output", "out.csv", "--chunk", "5", "--scheduler", small.address])
    found = rows(folder / "out.csv")
    assert code == 1
    assert [row["file"] for row in found] == [f"pictures/{place:04}.png" for place in range(10)]
    assert [row["text"] for row in found] == [*"0123", "", *"56789"]
    assert "ended its worker" in found[4]["error"]


def test_a_cluster_that_goes_away_is_told_and_what_was_read_is_kept(folder, pictures, capsys):
    with cluster(folder) as passing:
        save_digits(folder / "many", 400)
        passing_away = _when_some_are_read(folder / "out.csv", passing.scheduler.kill)
        code = main(["batch", "many", "--output", "out.csv", "--chunk", "1", "--scheduler", passing.address])
        passing_away.join()
    assert code == 3
    complaints = capsys.readouterr().err
    assert "run the same again" in complaints
    assert kept_files(folder / "out.csv") > 0


def _when_some_are_read(output, then):
    """Does something, in a thread of its own, as soon as a run has read ten files."""

    def wait():
        end = time.monotonic() + 30
        while kept_files(output) < 10 and time.monotonic() < end:
            time.sleep(0.01)
        then()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread
