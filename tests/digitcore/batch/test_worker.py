import io
import json
import os
import zipfile

import pyarrow as pa
import pytest

from digitcore import Classifier, Settings, WriterProfile
from digitcore.batch import files, worker
from digitcore.batch.journal import Chunk
from digitcore.batch.sources import ImageReference
from digitcore.batch.worker import model_sha256, read_chunk
from digitcore.cli import main
from digitcore.errors import ClusterError
from testing.batch_runs import save_digit
from testing.writer_profiles import profile_that_reads

TIMEOUT_S = 300


def read(folder, *references, settings=None, profile=None):
    chunk, recipe = Chunk(1, list(references)), (settings or Settings()).to_json()
    result = read_chunk(chunk, str(folder), recipe, model_sha256(), ".parquet", TIMEOUT_S, profile)
    records = pa.ipc.open_stream(result.rows).read_all().to_pylist()
    assert result.files == len(records) == len(references)
    assert result.failed == sum(record["status"] == "error" for record in records)
    return records


def without_time(record):
    return {name: value for name, value in record.items() if name != "elapsed_ms" and (name != "error" or value is not None)}


def test_rows_equal_the_output_of_the_command_read(capsys, folder, pictures):
    (folder / "bad.png").write_bytes(b"no picture")
    (folder / "empty.png").write_bytes(b"")
    names = [*sorted(map(str, pictures.iterdir())), "bad.png", "empty.png", "missing.png"]
    main(["read", "--json", *names])
    expected = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    rows = read(folder, *map(ImageReference, names))
    assert list(map(without_time, rows)) == list(map(without_time, expected))
    assert [row["text"] for row in rows[:3]] == ["0", "1", "2"]


def test_settings_are_applied(folder, pictures):
    (row,) = read(folder, ImageReference("pictures/0007.png"), settings=Settings(minimum_contrast=1.0))
    assert row["status"] == "blank"


def test_a_profile_is_applied_and_the_network_is_run_once_for_its_examples(folder, pictures, monkeypatch):
    seven, zero = ((pictures / f"000{digit}.png").read_bytes() for digit in (7, 0))
    profile, counts = profile_that_reads(seven, 1, unlike=zero), []
    network_run = Classifier.logits_and_features

    def counted(self, images):
        counts.append(len(images))
        return network_run(self, images)

    monkeypatch.setattr(Classifier, "logits_and_features", counted)
    for _ in range(2):
        assert [row["text"] for row in read(folder, *[ImageReference("pictures/0007.png")] * 2, profile=profile)] == ["1", "1"]
    assert counts.count(len(profile)) == 1
    assert counts[0] == len(profile), "the features must be computed before the time of the first picture starts"


def test_an_empty_profile_changes_nothing(folder, pictures):
    rows = [read(folder, ImageReference("pictures/0007.png"), profile=profile)[0] for profile in (None, WriterProfile())]
    assert without_time(rows[0]) == without_time(rows[1])


def test_files_in_a_zip_are_read_within_its_bounds(folder):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("1.png", b"")
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.write(save_digit(folder / "7.png", 7), "holiday/7.png")
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("../out.png", b"content")
    names = ("holiday/7.png", "inner.zip", "../out.png", "gone.png")
    rows = read(folder, *(ImageReference("a.zip", name) for name in names))
    assert [row["file"] for row in rows] == [f"a.zip/{name}" for name in names]
    assert rows[0]["text"] == "7"
    for row, sentence in zip(rows[1:], ("ZIP files inside a ZIP", "unsafe path", "no longer in its ZIP"), strict=True):
        assert sentence in row["error"]


def test_a_changed_zip_is_opened_again(folder):
    for digit in (3, 4):
        with zipfile.ZipFile(folder / "a.zip", "w") as archive:
            archive.write(save_digit(folder / f"{digit}.png", digit), "1.png")
        os.utime(folder / "a.zip", (digit, digit))
        assert read(folder, ImageReference("a.zip", "1.png"))[0]["text"] == str(digit)


def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / "pipe.png")
    assert "pipe" in read(folder, ImageReference("pipe.png"))[0]["error"]


def test_an_error_of_the_search_becomes_the_row(folder):
    assert read(folder, ImageReference("x", error="It is bad."))[0]["error"] == "It is bad."


def test_a_file_too_large_for_any_picture_is_not_read_whole(folder, monkeypatch):
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 100)
    save_digit(folder / "7.png", 7)
    assert "Make it smaller" in read(folder, ImageReference("7.png"))[0]["error"]


def test_a_bug_costs_one_row(folder, monkeypatch, pictures):
    def buggy(*_, **__):
        raise MemoryError

    monkeypatch.setattr(worker, "read_image", buggy)
    assert "please report it (MemoryError)" in read(folder, ImageReference("pictures/0007.png"))[0]["error"]


def test_a_worker_with_a_different_network_refuses_to_read(folder):
    with pytest.raises(ClusterError, match="a different network"):
        read_chunk(Chunk(1, []), str(folder), Settings().to_json(), "0" * 64, ".csv", TIMEOUT_S)
