import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from digitcore import Settings, WriterProfile
from digitcore.cli import main
from digitcore.io.encode import encode_image
from digitcore.io.strokes import draw_path
from synthetic.hands import strokes
from testing.writer_profiles import profile_that_reads

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def picture(tmp_path, drawing):
    path = tmp_path / "seven.png"
    cv2.imwrite(str(path), drawing(7))
    return path


def run(capsys, *arguments):
    code = main(["read", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out.splitlines(), captured.err


def test_a_process_prints_one_object_per_line_in_order(picture):
    command = [sys.executable, "-m", "digitcore", "read", "--json", str(picture), "missing.png", str(picture)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [answer["file"] for answer in answers] == [str(picture), "missing.png", str(picture)]
    assert [answer["status"] for answer in answers] == ["ok", "error", "ok"]
    assert [answer["text"] for answer in answers] == ["7", "", "7"]
    assert "Traceback" not in done.stderr


def test_success_exits_with_zero(capsys, picture):
    code, lines, _ = run(capsys, picture)
    assert code == 0
    assert lines == [f"{picture}: 7"]


def test_the_json_has_the_contracts_fields(capsys, picture):
    _, lines, _ = run(capsys, picture, "--json")
    answer = json.loads(lines[0])
    assert set(answer) == {"file", "status", "text", "lines", "numbers", "alternatives", "digits", "notes", "elapsed_ms"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "empty"), (b"text", "isn't a picture"), (None, "No such file")],
)
def test_a_bad_file_is_one_error_and_the_others_are_read(capsys, tmp_path, picture, content, sentence):
    bad = tmp_path / "bad.png"
    if content is not None:
        bad.write_bytes(content)
    code, lines, _ = run(capsys, bad, picture, "--json")
    answers = [json.loads(line) for line in lines]
    assert code == 1
    assert answers[0]["status"] == "error"
    assert sentence in answers[0]["error"]
    assert answers[1]["text"] == "7"


def test_a_folder_is_one_error_too(capsys, tmp_path):
    code, lines, _ = run(capsys, tmp_path)
    assert code == 1
    assert "can't be read" in lines[0]


def test_a_picture_without_digits_is_marked_as_such(capsys, tmp_path):
    blank = tmp_path / "blank.png"
    cv2.imwrite(str(blank), np.full((50, 50), 255, np.uint8))
    assert run(capsys, blank)[1] == [f"{blank}: (blank)"]


def test_a_recipe_changes_the_reading(capsys, tmp_path, drawing):
    faint, recipe = tmp_path / "faint.png", tmp_path / "recipe.json"
    cv2.imwrite(str(faint), 127 + drawing(7) // 2)
    recipe.write_text(Settings(minimum_contrast=0.7).to_json(), encoding="utf-8")
    assert run(capsys, faint)[1] == [f"{faint}: 7"]
    assert run(capsys, faint, "--settings", recipe)[1] == [f"{faint}: (blank)"]


def test_a_profile_changes_the_reading_and_an_empty_one_does_not(capsys, tmp_path, picture, drawing):
    profile, empty = tmp_path / "my-hand.json", tmp_path / "empty.json"
    profile.write_text(profile_that_reads(drawing(7), 1, unlike=drawing(0)).to_json(), encoding="utf-8")
    empty.write_text(WriterProfile().to_json(), encoding="utf-8")
    assert run(capsys, picture, "--profile", profile)[1] == [f"{picture}: 1"]
    plain, same = (json.loads(run(capsys, picture, "--json", *options)[1][0]) for options in ([], ["--profile", empty]))
    assert {**same, "elapsed_ms": 0} == {**plain, "elapsed_ms": 0}


@pytest.mark.parametrize("command", ["read", "batch"])
@pytest.mark.parametrize(
    ("option", "content", "sentence"),
    [
        ("--settings", b'{"magic": 1}', "There is no setting 'magic'. Allowed: "),
        ("--settings", b"\xff\xfe\x00", "The recipe isn't JSON. "),
        ("--settings", None, "This file can't be read or written: No such file or directory.\n"),
        ("--profile", b"\xff\xfe\x00", "This isn't a handwriting profile: it is no JSON. "),
        ("--profile", b"{}", "This isn't a handwriting profile: it has no list of examples. "),
        ("--profile", b" " * 2_000_001, "This isn't a handwriting profile: it is larger than 2 MB. "),
        ("--profile", None, "This file can't be read or written: No such file or directory.\n"),
        ("--allowed-numbers", b"12\n1a\n", "The setting 'allowed_numbers' must be a list of at most 10,000 numbers of up to 40 digits, "),
        (
            "--allowed-numbers",
            b"12\n" * 10_001,
            "The setting 'allowed_numbers' must be a list of at most 10,000 numbers of up to 40 digits, ",
        ),
        (
            "--allowed-numbers",
            b"\xff\xfe\x00",
            "The setting 'allowed_numbers' must be a list of at most 10,000 numbers of up to 40 digits, ",
        ),
        ("--allowed-numbers", None, "This file can't be read or written: No such file or directory.\n"),
    ],
)
def test_a_bad_file_of_an_option_is_named_and_nothing_is_read(capsys, tmp_path, picture, command, option, content, sentence):
    file, output = tmp_path / "option.json", tmp_path / "out.csv"
    if content is not None:
        file.write_bytes(content)
    code = main([command, str(picture), option, str(file), *(["--output", str(output)] if command == "batch" else [])])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith(f"digitcore: {file}: {sentence}")
    assert err.count("\n") == 1
    assert not output.exists()


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
def test_a_file_of_an_option_is_read_only_as_far_as_it_may_reach(capsys, picture):
    assert "it is larger than 2 MB" in run(capsys, picture, "--profile", "/dev/zero")[2]
    error = run(capsys, picture, "--allowed-numbers", "/dev/zero")[2]
    assert "must be a list of at most 10,000 numbers" in error
    assert len(error) < 400


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--digit-count", "1"], "7"),
        (["--number-range", "1-1"], "1"),
        (["--check-digit", "ean"], "7"),  # no text of one digit passes the check
        (["--allowed-numbers", "allowed.txt"], "1"),
        (["--settings", "recipe.json"], "1"),
        (["--settings", "recipe.json", "--number-range", "2-9"], "7"),
    ],
)
def test_what_is_known_about_the_numbers_is_used_instead_of_the_recipe(capsys, tmp_path, monkeypatch, picture, options, text):
    monkeypatch.chdir(tmp_path)
    Path("allowed.txt").write_text("1\n\n12\n", encoding="utf-8")
    Path("recipe.json").write_text(Settings(number_range="1-1").to_json(), encoding="utf-8")
    assert run(capsys, picture, *options)[:2] == (0, [f"{picture}: {text}"])


@pytest.mark.parametrize(("option", "value"), [("--digit-count", "many"), ("--number-range", "9-1"), ("--check-digit", "sum")])
def test_what_cannot_be_known_about_numbers_is_one_sentence(capsys, picture, option, value):
    code, lines, error = run(capsys, picture, option, value)
    assert (code, lines) == (2, [])
    assert error.startswith(f"digitcore: The setting '{option[2:].replace('-', '_')}' ")
    assert repr(value) in error


def test_annotated_pictures_are_written_only_on_request(capsys, tmp_path, picture):
    run(capsys, picture)
    assert [path.name for path in tmp_path.iterdir()] == [picture.name]
    folder = tmp_path / "marked"
    run(capsys, picture, picture, "--annotate", folder)
    assert sorted(path.name for path in folder.iterdir()) == ["seven-2.png", "seven.png"]
    marked = cv2.imread(str(folder / "seven.png"))
    assert marked.shape == (280, 280, 3)
    assert (marked != cv2.imread(str(picture))).any()


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("/site-packages/digitcore/__main__.py", "python -m digitcore"),
        ("/usr/bin/digit-reader", "digit-reader"),
        ("digit-reader.exe", "digit-reader"),
    ],
)
def test_without_a_command_the_usage_names_the_program_as_it_was_typed(capsys, monkeypatch, program, shown):
    monkeypatch.setattr(sys, "argv", [program])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert f"usage: {shown} [-h] COMMAND" in capsys.readouterr().err


def test_reading_needs_no_package_of_an_extra(picture):
    extras = ["aiortc", "altair", "av", "babel", "dask", "distributed", "fastapi", "pyarrow", "pydantic", "streamlit", "structlog", "tqdm"]
    program = (
        f"import sys; sys.modules |= dict.fromkeys({extras}); from digitcore.cli import main; sys.exit(main(['read', {str(picture)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == f"{picture}: 7\n"


def test_numbers_are_printed_as_they_are_written_where_that_differs(capsys, tmp_path):
    canvas = np.full((220, 420), 255, np.uint8)
    for label, x in ((2, 60), (5, 240)):
        for path in strokes(label):
            draw_path(canvas, path * 120 + (x, 50), 12, grey=0)
    draw_path(canvas, np.array([[188.0, 168.0], [188.0, 169.0]]), 12, grey=0)
    path = tmp_path / "decimal.png"
    path.write_bytes(encode_image(canvas, "png"))
    assert run(capsys, path)[1] == [f"{path}: 25 (as written: 2.5)"]
    (number,) = json.loads(run(capsys, path, "--json")[1][0])["numbers"][0]
    assert (number["text"], number["value"]) == ("2.5", "2.5")
