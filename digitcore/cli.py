"""The command line: `python -m digitcore read FILE… [--json] [--settings recipe.json] [--annotate DIR]`, and `batch` for bulk work."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from digitcore.batch.command import add_batch, run_batch
from digitcore.errors import DigitError, SettingsError
from digitcore.io.annotation import annotate
from digitcore.io.encode import encode_image
from digitcore.io.records import failure_record, reading_record
from digitcore.messages import Message
from digitcore.pipeline import read_image
from digitcore.results import Reading
from digitcore.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 if all went well, 1 if any file failed, 2 for a wrong call."""
    options = _parser().parse_args(arguments)
    try:
        settings = _settings(options.settings)
        if options.command == "read" and options.annotate is not None:
            options.annotate.mkdir(parents=True, exist_ok=True)
    except (SettingsError, OSError) as error:
        print(f"digitcore: {error}", file=sys.stderr)
        return 2
    return run_batch(options, settings) if options.command == "batch" else _read_all(options, settings)


def _read_all(options: argparse.Namespace, settings: Settings) -> int:
    failed = False
    for index, name in enumerate(options.files):
        failed |= not _read_one(name, settings, options.json, _target(options.annotate, options.files, index))
    return int(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m digitcore", description="Read handwritten digits.")
    commands = parser.add_subparsers(required=True, dest="command", metavar="COMMAND")
    read = commands.add_parser("read", help="read pictures")
    read.add_argument("files", nargs="+", metavar="FILE", help="a picture: JPEG, PNG, BMP, WebP, GIF or TIFF")
    read.add_argument("--json", action="store_true", help="one JSON object a line for each file")
    read.add_argument("--settings", type=Path, metavar="RECIPE", help="a JSON file of settings")
    read.add_argument("--annotate", type=Path, metavar="DIR", help="write each picture with its digits marked into DIR")
    add_batch(commands)
    return parser


def _settings(path: Path | None) -> Settings:
    if path is None:
        return Settings()
    try:
        return Settings.from_json(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise SettingsError(Message("The recipe {path} isn't text.", path=path)) from error


def _read_one(name: str, settings: Settings, as_json: bool, target: Path | None) -> bool:
    """Read a file and print what it says; whether that went well."""
    try:
        reading = read_image(Path(name).read_bytes(), settings)
        if target is not None:
            _write_annotated(reading, target)
        answer = reading_record(name, reading)
    except (DigitError, OSError) as error:
        answer = failure_record(name, error)
    print(json.dumps(answer) if as_json else _in_words(answer), flush=True)
    return "error" not in answer


def _in_words(answer: dict[str, Any]) -> str:
    words = {"blank": "(blank)", "no_digit": "(no digit)", "error": answer.get("error", "")}
    return f"{answer['file']}: {answer['text'] or words[answer['status']]}"


def _target(folder: Path | None, names: Sequence[str], index: int) -> Path | None:
    """Where a picture's annotated copy goes; numbered where two files share a name."""
    if folder is None:
        return None
    stem = Path(names[index]).stem
    earlier = sum(Path(name).stem == stem for name in names[:index])
    return folder / (f"{stem}-{earlier + 1}.png" if earlier else f"{stem}.png")


def _write_annotated(reading: Reading, path: Path) -> None:
    path.write_bytes(encode_image(annotate(reading.stages[0].image, reading), "png"))
