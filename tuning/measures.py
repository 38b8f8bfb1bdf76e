"""Sum up the answers of a sample set: samples read whole, wrong characters, pictures without digits of which nothing is read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from digitcore.evaluation.measures import edit_distance
from digitcore.numbers import Separator
from tuning.metrics import Ratio, multiset_f1
from tuning.reader import Answer
from tuning.samples import Sample


class Totals(NamedTuple):
    """Counts over some samples; those without digits are counted apart."""

    samples: int = 0
    whole: int = 0
    """Samples with digits that are read without an error."""

    characters: int = 0
    wrong_characters: int = 0
    """Edit distance between what is read and what is written; line separators don't count."""

    without_digits: int = 0
    silent: int = 0
    """Samples without digits of which nothing is read."""

    def minus(self, other: "Totals") -> "Totals":
        """Return the differences of all counts."""
        return Totals(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


def total(samples: Iterable[Sample], answers: Mapping[str, Answer]) -> Totals:
    """Count over samples.

    Args:
        samples: which.
        answers: by `Sample.key`.
    """
    rows = [_totals(sample, answers[sample.key]) for sample in samples]
    return Totals(*(sum(column) for column in zip(*rows, strict=True))) if rows else Totals()


def _totals(sample: Sample, answer: Answer) -> Totals:
    """Count one sample."""
    if not sample.expected:
        return Totals(without_digits=1, silent=int(not answer.text))
    read = answer.written if sample.is_written else answer.text
    wrong = edit_distance(_characters(sample.expected, sample), _characters(read, sample))
    return Totals(1, int(read == sample.expected), len(_characters(sample.expected, sample)), wrong)


def _characters(text: str, sample: Sample) -> str:
    """Remove the line separators: "/" is a character of written numbers, " / " separates their lines."""
    return text.replace(" / ", "") if sample.is_written else text.replace("/", "")


def by_set(samples: Sequence[Sample]) -> dict[str, list[Sample]]:
    """Group samples by their set, in the order of their first ones."""
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(sample.set_name, []).append(sample)
    return groups


def separators(samples: Iterable[Sample], answers: Mapping[str, Answer]) -> Ratio:
    """Compare the separators of written numbers, as F1 over all samples in which they count."""
    ratios = [
        multiset_f1(_separators(answers[sample.key].written), _separators(sample.expected)) for sample in samples if sample.is_written
    ]
    return sum(ratios, Ratio(0, 0))


def _separators(written: str) -> str:
    """Return the separators of written numbers without the digits, spaces and line separators."""
    return "".join(each for each in written.replace(" / ", "") if each in {*Separator})


def answer_table(samples: Sequence[Sample], answers: Mapping[str, Answer]) -> str:
    """Write the measures of each set as a Markdown table, in percent."""
    rows = []
    for name, members in by_set(samples).items():
        totals = total(members, answers)
        cells = (
            (totals.whole, totals.samples),
            (totals.characters - totals.wrong_characters, totals.characters),
            (totals.silent, totals.without_digits),
        )
        rows.append(
            f"| {name} | {len(members)} | " + " | ".join(_percent(Ratio(*cell)) for cell in (*cells, separators(members, answers))) + " |"
        )
    return "\n".join(["| set | samples | read whole | characters | silent | separators (F1) |", "|---|---|---|---|---|---|", *rows])


def _percent(ratio: Ratio) -> str:
    return "" if ratio.value is None else f"{100 * ratio.value:.1f}"
