"""The command `evaluate` on a real cluster: a scheduler and one worker, each a process on loopback."""

import json
import shutil
import zipfile

import pytest

from digitcore import Settings
from digitcore.cli import main
from testing.batch_runs import TIMEOUT_S, cluster, save_digit


@pytest.fixture(scope="module")
def workers(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster"), workers=1) as running:
        yield running


@pytest.fixture
def evaluate(workers, capsys):
    """Runs the command on the cluster: returns the exit code, standard output and standard error."""

    def done(*arguments):
        code = main(["evaluate", *map(str, arguments), "--timeout", str(TIMEOUT_S), "--scheduler", workers.address])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return done


@pytest.fixture
def labelled(folder):
    """A folder with four labelled digits, of which one is misread as its label is wrong, and a picture without a label."""
    for name, digit in (("7_1.png", 7), ("0_1.png", 0), ("sub/4_1.png", 4), ("sub/5_1.png", 2), ("photo.png", 1)):
        save_digit(folder / "labelled" / name, digit)
    return folder / "labelled"


def test_a_folder_is_evaluated_and_its_report_written(evaluate, labelled, folder):
    code, out, _ = evaluate("labelled", "--report", "report.html", "--language", "es")
    assert code == 0
    assert out.startswith("4 pictures: 3 read whole (75.0%)\n4 digits: 1 wrong (75.0% right)\n")
    assert "1 picture without a label was left out." in out
    assert "  sub/5_1.png: 2 instead of 5\n" in out
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert "sub/5_1.png" in report
    assert report.count("data:image/jpeg;base64,") == 1
    assert sorted(each.name for each in folder.iterdir()) == ["labelled", "report.html"]


def test_a_zip_with_a_table_is_evaluated_as_json(evaluate, labelled, folder):
    (labelled / "labels.csv").write_text("file;label\n7_1.png;7\n0_1.png;6\nphoto.png;1\ngone.png;2\nsub/4_1.png;four\n", "utf-8-sig")
    (labelled / "sub" / "5_1.png").write_bytes(b"no picture")
    with (labelled / "labels.csv").open("a") as table:
        table.write("sub/5_1.png;5\n")
    shutil.make_archive("packed", "zip", folder, "labelled")
    code, out, _ = evaluate("packed.zip", "--json", "--no-advice")
    answer = json.loads(out)
    assert code == 1
    assert (answer["pictures"], answer["right"], answer["unreadable"], answer["advice"]) == (4, 2, 1, None)
    assert [(each["file"], each["label"], each["text"]) for each in answer["misread"]] == [
        ("labelled/0_1.png", "6", "0"),
        ("labelled/sub/5_1.png", "5", ""),
    ]
    assert len(answer["notes"]) == 3


def test_the_settings_of_the_reading_are_those_of_the_advice(evaluate, labelled, folder):
    (folder / "recipe.json").write_text(Settings(polarity="light_ink").to_json())
    _, out, err = evaluate("labelled", "--settings", "recipe.json", "--json")
    changes = {each["value"]: each for each in json.loads(out)["advice"]["changes"]}
    assert changes["dark_ink"]["mended"] == 3
    assert "Reading some pictures again" in err


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("nowhere", "There is no file, folder or list"),
        ("nowhere.zip", "There is no file, folder or list"),
        ("damaged.zip", "This ZIP is damaged"),
        ("locked.zip", "This file is damaged inside its ZIP"),
        ("unlabelled", "No picture has a label"),
        ("columns", "must name the columns file and label"),
    ],
)
def test_what_cannot_be_evaluated_is_one_sentence_before_anything_is_read(capsys, folder, path, sentence):
    (folder / "damaged.zip").write_bytes(b"no ZIP")
    with zipfile.ZipFile("locked.zip", "w") as archive:
        archive.writestr("labels.csv", "file,label\n")
        archive.writestr("1.png", b"")
    locked = (folder / "locked.zip").read_bytes()
    (folder / "locked.zip").write_bytes(locked.replace(b"file,label", b"FILE,LABEL", 1))
    save_digit(folder / "unlabelled" / "photo.png", 7)
    save_digit(folder / "columns" / "7_1.png", 7)
    (folder / "columns" / "labels.csv").write_text("name,text\n7_1.png,7\n")
    code = main(["evaluate", path])
    captured = capsys.readouterr()
    assert (code, captured.out) == (2, "")
    assert sentence in captured.err
    assert len(captured.err.splitlines()) == 1


def test_a_report_that_cannot_be_written_is_one_sentence_before_anything_is_read(capsys, labelled):
    assert main(["evaluate", "labelled", "--report", "nowhere/report.html"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "digitcore: There is no folder nowhere. Create it, or choose another file for the report.\n"


def test_a_report_that_cannot_be_written_loses_no_measures(evaluate, labelled, folder):
    (folder / "report.html").mkdir()
    code, out, err = evaluate("labelled", "--report", "report.html", "--no-advice")
    assert (code, out.splitlines()[0]) == (2, "4 pictures: 3 read whole (75.0%)")
    assert err.splitlines()[-1] == "digitcore: report.html: This file can't be read or written: Is a directory."
