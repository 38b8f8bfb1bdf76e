"""The acts of a reading: the stages in four groups, each with what it is for."""

from typing import Final, NamedTuple

from app.language import N_
from digitcore import Stage
from digitcore.stages import StageName


class Act(NamedTuple):
    """A group of consecutive stages, and how many columns of `ROW_COLUMNS` they take up."""

    title: str
    icon: str
    columns: int
    stages: tuple[StageName, ...]


ROW_COLUMNS: Final = 5


ACTS: Final = (
    Act(
        N_("Find the paper"),
        ":material/description:",
        ROW_COLUMNS,
        (StageName.ORIGINAL, StageName.GREY, StageName.CLAHE, StageName.SMOOTHED, StageName.POLARITY, StageName.PAPER),
    ),
    Act(N_("Find the ink"), ":material/ink_pen:", ROW_COLUMNS, (StageName.DARKNESS, StageName.THRESHOLD, StageName.WRITING, StageName.INK)),
    Act(N_("Find the digits"), ":material/select_all:", 2, (StageName.CROP, StageName.STROKE)),
    Act(N_("Read"), ":material/network_intelligence:", 3, (StageName.FIT, StageName.CENTRE)),
)
"""All stages, in the order of the pipeline."""


class ActStages(NamedTuple):
    """An act, and its stages in one reading."""

    number: int
    act: Act
    stages: list[Stage]
    first: int
    """The number of the first stage among all."""


def rows_of_acts(stages: list[Stage]) -> list[list[ActStages]]:
    """Group the stages of a reading by act, and the acts by row.

    Args:
        stages: in the order in which the picture went through them.

    Returns:
        The rows of acts that have any stages.
    """
    rows: list[list[ActStages]] = []
    first = 1
    for act in ACTS:
        found = [stage for stage in stages if stage.name in act.stages]
        if not found:
            continue
        if not rows or sum(each.act.columns for each in rows[-1]) + act.columns > ROW_COLUMNS:
            rows.append([])
        rows[-1].append(ActStages(1 + sum(map(len, rows)), act, found, first))
        first += len(found)
    return rows
