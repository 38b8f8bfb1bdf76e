"""Write the table of what each number of the pipeline changes, as a Markdown page."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from digitcore.parameters import iterate_parameters
from digitcore.pipeline_params import PipelineParams
from tuning.measures import Totals, answer_table, total
from tuning.reader import with_differences
from tuning.record import Change, Record
from tuning.samples import Sample

HEADER: Final = """\
# Sensitivity

What each [parameter](parameters.md) changes. Every number is made a quarter smaller and greater, within its range (integers by at least 1,
0 by a twentieth of the range), and {samples} samples are read again; one that changes nothing is also halved and doubled. `make tune`
writes this page, and `make tune ONLY=sheet` measures the numbers whose name contains that. Samples of real handwriting are part of it where
`DIGITS_DEV_DATA` names a folder with them; the project holds none.

The cells are differences to the answers with the unchanged parameters, for each value that was tried: pages read whole and characters read
wrong among samples with digits, samples without a digit of which nothing is read, and texts that changed at all, separators included.
"Used" counts the samples for which the number is read at all: it can't change the others. A stage that is called without its parameters
reads the defaults, so that its numbers seem to be used and to change nothing. The figures are those of the code that was
measured last.

## Samples

{sets}

"""

_COLUMNS: Final = ("name", "value", "tried", "pages whole", "wrong characters", "silent", "texts changed", "used")


class _Row(NamedTuple):
    """What is known of one number."""

    name: str
    value: float
    changes: Sequence[Change]

    @property
    def changed_texts(self) -> int:
        """Return how many samples are read differently with any of the values."""
        return len({key for change in self.changes for key in change.differing})

    @property
    def is_used(self) -> bool:
        """Return whether any sample needs it."""
        return any(change.users for change in self.changes)


def document(record: Record, samples: Sequence[Sample], params: PipelineParams = PipelineParams()) -> str:
    """Write the page.

    Args:
        record: of the sensitivity.
        samples: that it was measured with.
        params: the unchanged parameters.

    Returns:
        The numbers that change a text, those that change most first; then those that change none, that no sample uses, and that haven't
        been measured.
    """
    rows = [_Row(name, value, record.changes.get(name, ())) for name, value, _ in iterate_parameters(params)]
    measured = [row for row in rows if row.changes]
    changing = sorted((row for row in measured if row.changed_texts), key=lambda row: -row.changed_texts)
    still = [row for row in measured if row.is_used and not row.changed_texts]
    unused = [row for row in measured if not row.is_used]
    missing = [row for row in rows if not row.changes]
    parts = [
        HEADER.format(samples=len(samples), sets=answer_table(samples, record.answers)),
        _section("Numbers that change a text", _table(changing, record, samples)),
        _section("Numbers that change no text", _table(still, record, samples)),
        _section("Numbers that no sample uses", _list(unused)),
        _section("Numbers that haven't been measured", _list(missing)),
    ]
    return "".join(parts).rstrip("\n") + "\n"


def _section(title: str, lines: Sequence[str]) -> str:
    """Write a section; nothing where it is empty."""
    return f"## {title}\n\n" + "\n".join(lines) + "\n\n" if lines else ""


def _list(rows: Iterable[_Row]) -> list[str]:
    return [f"- `{row.name}` = {row.value:g}" for row in rows]


def _table(rows: Sequence[_Row], record: Record, samples: Sequence[Sample]) -> list[str]:
    """Write the table of some numbers."""
    if not rows:
        return []
    lines = ["| " + " | ".join(_COLUMNS) + " |", "|" + "---|" * len(_COLUMNS)]
    return lines + ["| " + " | ".join(_cells(row, record, samples)) + " |" for row in rows]


def _cells(row: _Row, record: Record, samples: Sequence[Sample]) -> list[str]:
    """Write the cells of one number; a cell has an entry for each value that was tried."""
    differences = [_difference(change, record, samples) for change in row.changes]
    return [
        f"`{row.name}`",
        f"{row.value:g}",
        "; ".join(f"{change.value:g}" + " (refused)" * bool(change.refused) for change in row.changes),
        "; ".join(_signed(each.whole) for each in differences),
        "; ".join(_signed(each.wrong_characters) for each in differences),
        "; ".join(_signed(each.silent) for each in differences),
        "; ".join(str(len(change.differing)) for change in row.changes),
        str(max(change.users for change in row.changes)),
    ]


def _difference(change: Change, record: Record, samples: Sequence[Sample]) -> Totals:
    """Compute what a change does to the counts; only samples that it affects are counted."""
    affected = [sample for sample in samples if sample.key in change.differing]
    return total(affected, with_differences(record.answers, change.differing)).minus(total(affected, record.answers))


def _signed(count: int) -> str:
    return f"{count:+d}".replace("-", "−") if count else "0"
