"""The command line: `digit-reader read FILE… [--json] [--annotate DIR]`, `digit-reader batch`, `evaluate` and `mcp`.

All take `--settings recipe.json`, `--profile my-hand.json`, and what is known about the numbers, such as `--digit-count 4`.
`python -m digitcore` is the same command.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

from digitcore.batch.command import add_batch, run_batch
from digitcore.batch.evaluate_command import add_evaluate, run_evaluate
from digitcore.errors import DigitError
from digitcore.io.annotation import annotate
from digitcore.io.encode import encode_image
from digitcore.io.records import ERROR_STATUS, as_written, failure_message, failure_record, reading_record
from digitcore.mcp.command import add_mcp, run_mcp
from digitcore.pipeline import read_image
from digitcore.recognition.writer_profile import MAX_JSON_BYTES, WriterProfile
from digitcore.results import Reading, Status
from digitcore.settings import MAX_ALLOWED_NUMBERS, MAX_NUMBER_DIGITS, Settings

Loaded = TypeVar("Loaded")

CONSOLE_COMMAND: Final = "digit-reader"
"""The name of the console command of the installed package."""

EXIT_OK: Final = 0
EXIT_FAILED_FILES: Final = 1
EXIT_WRONG_CALL: Final = 2

MAX_NUMBERS_BYTES: Final = MAX_ALLOWED_NUMBERS * (MAX_NUMBER_DIGITS + 2)
"""The size up to which a file of allowed numbers is read: all that are allowed, each with the end of its line."""

_TEXTS_WITHOUT_DIGITS: Final = {Status.BLANK: "(blank)", Status.NO_DIGIT: "(no digit)"}
"""The texts printed for pictures in which no digit was read."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The arguments after the program's name; those of the process where it is None.

    Returns:
        The exit code: 0 if every file was read, 1 if any failed, 2 for a wrong call; more codes of `batch` are in
        `run_batch`, those of `evaluate` in `run_evaluate`.

    Raises:
        SystemExit: The arguments are invalid (code 2), or help was asked for (code 0).

    Examples:
        >>> main(["read", "samples/pen.jpg", "missing.jpg"])
        samples/pen.jpg: 3
        missing.jpg: This file can't be read or written: No such file or directory.
        1
    """
    options = _create_parser().parse_args(arguments)
    try:
        settings = _load_settings(options)
        profile = _load(options.profile, WriterProfile.from_json, MAX_JSON_BYTES)
        if options.command == "read" and options.annotate is not None:
            options.annotate.mkdir(parents=True, exist_ok=True)
    except (DigitError, OSError) as error:
        print(f"digitcore: {error}", file=sys.stderr)
        return EXIT_WRONG_CALL
    return _COMMANDS[options.command](options, settings, profile)


def _create_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=_program_name(), description="Read handwritten digits in pictures.")
    commands = parser.add_subparsers(required=True, dest="command", metavar="COMMAND")
    read = commands.add_parser("read", help="read pictures and print their digits")
    read.add_argument("files", nargs="+", metavar="FILE", help="a picture: JPEG, PNG, BMP, WebP, GIF, TIFF, HEIC or AVIF")
    read.add_argument("--json", action="store_true", help="print one JSON object per line for each file")
    read.add_argument("--annotate", type=Path, metavar="DIR", help="write each picture with its digits boxed into DIR")
    for command in (read, add_batch(commands), add_evaluate(commands), add_mcp(commands)):
        command.add_argument("--settings", type=Path, metavar="RECIPE", help="a JSON file of settings")
        command.add_argument("--profile", type=Path, metavar="PROFILE", help="a JSON file of a writer's own digits")
        _add_known_numbers(command)
    return parser


def _add_known_numbers(command: argparse.ArgumentParser) -> None:
    """Add what is known about the numbers: settings, each of which replaces that of a recipe."""
    known = command.add_argument_group("what is known about the numbers", "The likeliest text of each line that fulfils all of it is read.")
    known.add_argument("--digit-count", metavar="COUNT", help="how many digits each line has, such as 4 or 3-5")
    known.add_argument("--number-range", metavar="RANGE", help="between which numbers the digits of each line are, such as 1-120")
    known.add_argument("--check-digit", metavar="CHECK", help="the check that they pass: luhn, isbn, ean or iban")
    known.add_argument(
        "--allowed-numbers", type=Path, metavar="FILE", help="a text file of the numbers that a line may be, one in each line"
    )


def _program_name() -> str:
    """Return the command as it was typed, for the usage message."""
    return CONSOLE_COMMAND if Path(sys.argv[0]).stem == CONSOLE_COMMAND else "python -m digitcore"


def _load_settings(options: argparse.Namespace) -> Settings:
    """Load the recipe, if one is given, and apply what is known about the numbers."""
    settings = _load(options.settings, Settings.from_json, MAX_JSON_BYTES) or Settings()
    known = {
        "digit_count": options.digit_count,
        "number_range": options.number_range,
        "check_digit": options.check_digit,
        "allowed_numbers": _load(options.allowed_numbers, _parse_numbers, MAX_NUMBERS_BYTES),
    }
    return replace(settings, **{name: value for name, value in known.items() if value is not None})


def _parse_numbers(text: bytes) -> tuple[str, ...]:
    """Split a file into the numbers of its lines; blank lines are skipped."""
    return Settings(allowed_numbers=tuple(text.decode("utf-8", "replace").split())).allowed_numbers


def _load(path: Path | None, parse: Callable[[bytes], Loaded], max_bytes: int) -> Loaded | None:
    """Load the file of an option, or None without one; a file of any size is read only as far as the largest may reach."""
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            return parse(file.read(max_bytes + 1))
    except (DigitError, OSError) as error:
        raise DigitError(f"{path}: {failure_message(error)}") from error


def _read_files(options: argparse.Namespace, settings: Settings, profile: WriterProfile | None) -> int:
    has_failed = False
    for index, name in enumerate(options.files):
        target = None if options.annotate is None else _annotated_path(options.annotate, options.files, index)
        has_failed |= not _read_file(name, settings, profile, options.json, target)
    return EXIT_FAILED_FILES if has_failed else EXIT_OK


def _read_file(name: str, settings: Settings, profile: WriterProfile | None, as_json: bool, annotated_path: Path | None) -> bool:
    """Read a file and print its answer; return whether that succeeded."""
    try:
        reading = read_image(Path(name).read_bytes(), settings, profile=profile)
        if annotated_path is not None:
            _write_annotated(reading, annotated_path)
        answer = reading_record(name, reading)
    except (DigitError, OSError) as error:
        answer = failure_record(name, error)
    print(json.dumps(answer) if as_json else _answer_line(answer), flush=True)
    return str(answer["status"]) != ERROR_STATUS


def _answer_line(answer: dict[str, Any]) -> str:
    """Format an answer for people: the file's name, and its digits or why there are none."""
    text = answer.get("error") or answer["text"] or _TEXTS_WITHOUT_DIGITS[answer["status"]]
    numbers = as_written(answer)
    is_plain = numbers == " / ".join(answer["lines"])
    return f"{answer['file']}: {text}" + ("" if is_plain else f" (as written: {numbers})")


def _annotated_path(folder: Path, names: Sequence[str], index: int) -> Path:
    """Choose the file of a picture's annotated copy, numbered where several pictures have the same name."""
    stem = Path(names[index]).stem
    earlier = sum(Path(name).stem == stem for name in names[:index])
    return folder / (f"{stem}-{earlier + 1}.png" if earlier else f"{stem}.png")


def _write_annotated(reading: Reading, path: Path) -> None:
    path.write_bytes(encode_image(annotate(reading.stages[0].image, reading), "png"))


_COMMANDS: Final = {"read": _read_files, "batch": run_batch, "evaluate": run_evaluate, "mcp": run_mcp}
"""The function that runs each command."""
