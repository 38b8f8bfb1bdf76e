"""Report how many mutants of each package the tests killed, from the output of `mutmut results --all true`.

    python -m mutmut results --all true | python -m testing.mutants

Prints the names of the mutants that survived, and a table of the packages. Ends with an error if the tests killed too few of a package's.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

MIN_KILLED_PCT: Final = 80.0
"""The smallest percentage of a package's mutants that the tests must kill."""

_KILLED: Final = frozenset({"killed", "timeout", "segfault"})
"""The statuses of mutants that the tests noticed: one that runs without end is ended, and one that crashes fails its test."""

_UNTESTED: Final = frozenset({"not checked", "skipped", "check was interrupted by user", "caught by type check"})
"""The statuses of mutants that are left out."""

Statuses = dict[str, list[tuple[str, str]]]


def parse_statuses(lines: Iterable[str]) -> Statuses:
    """Parse mutmut's results.

    Args:
        lines: such as `    digitcore.layout.boxes.x_union_box__mutmut_1: killed`.

    Returns:
        For each package the names of its mutants with their statuses; without those that were not tested.

    Examples:
        >>> parse_statuses(["    digitcore.layout.boxes.x_union_box__mutmut_1: killed"])
        {'digitcore.layout': [('digitcore.layout.boxes.x_union_box__mutmut_1', 'killed')]}
    """
    statuses: Statuses = defaultdict(list)
    for line in lines:
        name, _, status = line.strip().rpartition(": ")
        if name and status not in _UNTESTED:
            statuses[".".join(name.split(".")[:2])].append((name, status))
    return dict(statuses)


def survivors(mutants: Sequence[tuple[str, str]]) -> list[str]:
    """Return the names of the mutants that the tests didn't notice."""
    return [name for name, status in mutants if status not in _KILLED]


def main() -> int:
    """Print the report; return 1 if a package has too few killed mutants, or if there is none."""
    statuses = parse_statuses(sys.stdin)
    lowest_pct = 100.0 if statuses else 0.0
    for package, mutants in sorted(statuses.items()):
        survived = survivors(mutants)
        print("\n".join(f"survived: {name}" for name in survived))
        killed_pct = 100 * (1 - len(survived) / len(mutants))
        lowest_pct = min(lowest_pct, killed_pct)
        print(f"{package}: {len(mutants) - len(survived)} of {len(mutants)} mutants killed, {killed_pct:.1f} %")
    return int(lowest_pct < MIN_KILLED_PCT)


if __name__ == "__main__":
    sys.exit(main())
