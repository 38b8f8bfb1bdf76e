"""Measure and tune the numbers of the pipeline: `python -m tuning --help`."""

import argparse
import sys
from pathlib import Path
from typing import Final

from digitcore.pipeline_params import PipelineParams
from tuning import counterfactuals as counterfactual_measures
from tuning.catalogue import ALL_COUNTS, CACHE, SENSITIVITY_COUNTS, load_samples
from tuning.measures import answer_table, by_set
from tuning.optimiser import cross_validate, describe
from tuning.reader import Answer, ParallelReader, with_differences
from tuning.record import Record, fingerprint_of
from tuning.report import document
from tuning.sensitivity import Measurement
from tuning.stages import measure_stages, stage_table

RECORD: Final = CACHE / "sensitivity.json"


def sensitivity(options: argparse.Namespace) -> None:
    """Change each number of the pipeline, or those whose name contains `--only`."""
    samples, skipped = load_samples()
    print(*(f"skipped: {reason}" for reason in skipped), sep="\n", file=sys.stderr)
    params = PipelineParams()
    record = Record.open(options.record, fingerprint_of(samples, params))
    with ParallelReader(samples, params) as reader:
        measurement = Measurement(reader, record, options.record, params, options.only, _show)
        measurement.measure()
        measurement.measure_widely()


def _show(line: str) -> None:
    print(line, flush=True)


def report(options: argparse.Namespace) -> None:
    """Write the table of the record."""
    samples, _ = load_samples()
    params = PipelineParams()
    record = Record.load(options.record)
    if record.fingerprint != fingerprint_of(samples, params):
        print("The record is of other code, parameters or samples.", file=sys.stderr)
    measured = [sample for sample in samples if sample.key in record.answers]
    options.file.write_text(document(record, measured, params), encoding="utf-8")


def stages(options: argparse.Namespace) -> None:
    """Print the metrics of each stage on hard pages, and of the answers on each set."""
    samples, skipped = load_samples(ALL_COUNTS if options.all else SENSITIVITY_COUNTS)
    print(*(f"skipped: {reason}" for reason in skipped), sep="\n", file=sys.stderr)
    groups = by_set(samples)
    print(stage_table(measure_stages(groups["hard pages"])), end="\n\n")
    with ParallelReader(samples) as reader:
        print(answer_table(samples, reader.answers))


def optimise(options: argparse.Namespace) -> None:
    """Search for better values, and print what they gain on sources that were held out of the search."""
    samples, skipped = load_samples()
    print(*(f"skipped: {reason}" for reason in skipped), sep="\n", file=sys.stderr)
    with ParallelReader(samples) as reader:

        def answer(params: PipelineParams) -> dict[str, Answer]:
            return with_differences(reader.answers, reader.differences(params)[0])

        print(describe(cross_validate(samples, options.names, answer, fold_count=options.folds)))


def counterfactuals(options: argparse.Namespace) -> None:
    """Print how often a small change is found that makes a digit another one."""
    print(counterfactual_measures.describe(options.writers))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tuning", description=__doc__)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser(
        "sensitivity", help="change each number by a quarter, and record which answers change; halve and double those that change none"
    )
    command.add_argument("--only", default="", help="part of the names of the numbers, such as a stage")
    command.add_argument("--record", type=Path, default=RECORD)
    command.set_defaults(run=sensitivity)
    command = commands.add_parser("report", help="write the table of the record as a Markdown page")
    command.add_argument("file", type=Path)
    command.add_argument("--record", type=Path, default=RECORD)
    command.set_defaults(run=report)
    command = commands.add_parser("optimise", help="search for better values of some numbers; prints them and writes nothing")
    command.add_argument("names", nargs="+", metavar="NAME", help="such as preprocessing.sheet.min_area")
    command.add_argument("--folds", type=int, default=3, help="into how many parts the writers and other sources are divided")
    command.set_defaults(run=optimise)
    command = commands.add_parser("stages", help="measure each stage on hard pages, and the answers on all sets")
    command.add_argument("--all", action="store_true", help="all samples instead of those for the sensitivity")
    command.set_defaults(run=stages)
    command = commands.add_parser("counterfactuals", help="measure how often a small change is found that makes a digit another one")
    command.add_argument("--writers", type=int, default=20, help="how many synthetic writers write each digit")
    command.set_defaults(run=counterfactuals)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
