"""Define the command `digit-reader evaluate PATH`: compare what is read from labelled pictures with their labels."""

import argparse
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from digitcore.batch.command import (
    EXIT_SIGNAL_BASE,
    EXIT_WRONG_CALL,
    StopRequest,
    add_worker_options,
    exit_code,
    handle_signals,
    print_status,
    require_packages,
    worker_options,
)
from digitcore.errors import BatchError, DigitError
from digitcore.evaluation.evaluate import Evaluation
from digitcore.evaluation.report import create_report
from digitcore.evaluation.report_language import REPORT_LANGUAGES, localizer
from digitcore.io.records import failure_message
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.settings import Settings

if TYPE_CHECKING:
    from digitcore.batch.evaluate import EvaluationJob

MAX_PRINTED: Final = 20
"""The most misread pictures that are printed without `--json`."""

_NOTHING: Final = "nothing"
"""What is printed for a text without digits."""


def add_evaluate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Add the command `evaluate` to the command line.

    Args:
        commands: the subparsers of the program.

    Returns:
        The parser of the command, without the options that it shares with `read`.
    """
    evaluate = commands.add_parser("evaluate", help="compare labelled pictures with what is read")
    evaluate.add_argument(
        "path", type=Path, metavar="PATH", help="a folder or a ZIP of pictures with labels.csv (file, label), or with names like 407_1.jpg"
    )
    evaluate.add_argument("--json", action="store_true", help="print all measures as one JSON object")
    evaluate.add_argument("--report", type=Path, metavar="FILE", help="write a report as one HTML file")
    evaluate.add_argument("--language", choices=REPORT_LANGUAGES, default="en", help="the language of the report")
    evaluate.add_argument("--no-advice", action="store_true", help="don't try which settings would have helped")
    add_worker_options(evaluate)
    return evaluate


def run_evaluate(options: argparse.Namespace, settings: Settings, profile: WriterProfile | None = None) -> int:
    """Run the command `evaluate`.

    Args:
        options: the parsed options that `add_evaluate` defines.
        settings: those of the reading pipeline.
        profile: the writer's own digits.

    Returns:
        The exit code: 0 if every labelled picture could be opened, 1 if any couldn't, and otherwise as for `run_batch`.
    """
    stop = StopRequest()
    try:
        require_packages()
        from digitcore.batch.evaluate import EvaluationJob  # noqa: PLC0415  importing Dask takes longer than `read` takes to read

        job = EvaluationJob(
            path=options.path, settings=settings, profile=profile, advice=not options.no_advice, worker_options=worker_options(options)
        )
        with handle_signals(stop):
            evaluation = _evaluate(job, options, stop)
    except KeyboardInterrupt:
        print_status("Stopped.")
        return EXIT_SIGNAL_BASE + (stop.signal_number or signal.SIGINT)
    except DigitError as error:
        print_status(str(error))
        return exit_code(error)
    except OSError as error:
        print_status(f"{error.filename}: {failure_message(error)}")
        return EXIT_WRONG_CALL
    return int(evaluation.unreadable > 0)


def _evaluate(job: "EvaluationJob", options: argparse.Namespace, stop: StopRequest) -> Evaluation:
    """Evaluate, print the measures, and write the report if there is to be one."""
    from digitcore.batch.evaluate import make_thumbnails, run_evaluation  # noqa: PLC0415

    report: Path | None = options.report
    if report is not None and not report.parent.is_dir():
        raise BatchError(f"There is no folder {report.parent}. Create it, or choose another file for the report.")
    done = run_evaluation(job, print_status, stop.raise_if_stopped)
    evaluation = done.evaluation
    print(json.dumps(evaluation.to_dict()) if options.json else "\n".join(_lines(evaluation)), flush=True)
    if report is not None:
        document = create_report(evaluation, make_thumbnails(done), localizer(options.language), options.language)
        report.write_text(document, encoding="utf-8")
    return evaluation


def _lines(evaluation: Evaluation) -> Iterator[str]:
    """Describe an evaluation for people."""
    unreadable = f", {evaluation.unreadable:,} unreadable" if evaluation.unreadable else ""
    yield f"{evaluation.pictures:,} pictures: {evaluation.right:,} read whole ({evaluation.accuracy:.1%}){unreadable}"
    if evaluation.character_accuracy is not None:
        yield f"{evaluation.characters:,} digits: {evaluation.wrong_characters:,} wrong ({evaluation.character_accuracy:.1%} right)"
    if evaluation.calibration_error is not None:
        yield f"calibration error: {evaluation.calibration_error:.1%}"
    yield from map(str, evaluation.notes)
    misread = evaluation.misread
    for each in misread[:MAX_PRINTED]:
        answer = f"{each.text or _NOTHING} instead of {each.label or _NOTHING}"
        yield f"  {each.name}: {each.error or answer}"
    if len(misread) > MAX_PRINTED:
        yield f"  and {len(misread) - MAX_PRINTED:,} more: see --json or --report"
    advice = evaluation.advice
    if advice is not None and advice.misread_tried:
        yield f"with one change, of {advice.misread_tried} misread and {advice.right_tried} correctly read pictures:"
        yield from (f"  {each.variation.step}: mends {each.mended}, breaks {each.broken}" for each in advice.trials)
        if not advice.trials:
            yield "  no change mends any"
