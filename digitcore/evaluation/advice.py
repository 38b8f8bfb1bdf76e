"""Try which settings would have helped: read some of the misread pictures again, with one step of the pipeline changed at a time.

What a change would break is measured on some of the pictures that were read correctly. The changes are those of
`digitcore.analysis.ablation`.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol, TypeVar

from digitcore.analysis.ablation import Variation, variations
from digitcore.errors import DigitError
from digitcore.evaluation.comparison import Comparison
from digitcore.pipeline.texts import read_texts
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.settings import Settings

Result = TypeVar("Result")


class RunAll(Protocol):
    """Runs jobs, for example in other processes, as jobs can be pickled."""

    def __call__(self, jobs: Iterable[Callable[[], Result]], /) -> Iterator[Result | DigitError]:
        """Yield in the order of the jobs what each returns, or the error that it raised."""


MAX_TRIED: Final = 12
"""The most misread pictures, and the most correctly read ones, that are read again: with about fifteen changes, which share steps, the
misread ones take as long as a hundred readings, and so do the others if every change mends one."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a change of the settings would do.

    Attributes:
        variation: the changed settings.
        mended: how many of the misread pictures are then read correctly.
        broken: how many of the correctly read pictures are then misread.
    """

    variation: Variation
    mended: int
    broken: int


@dataclass(frozen=True, slots=True)
class Advice:
    """What changes of the settings would do, tried on some pictures.

    Attributes:
        misread_tried: how many misread pictures were read again.
        right_tried: how many correctly read pictures were read again.
        trials: the changes that mend any picture, those that mend the most first.
    """

    misread_tried: int
    right_tried: int
    trials: tuple[Trial, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields of the JSON answer."""
        trials = [
            {
                "setting": trial.variation.field,
                "value": getattr(trial.variation.settings, trial.variation.field),
                "change": str(trial.variation.step),
                "mended": trial.mended,
                "broken": trial.broken,
            }
            for trial in self.trials
        ]
        return {"misread_tried": self.misread_tried, "right_tried": self.right_tried, "changes": trials}


def run_here(jobs: Iterable[Callable[[], Result]]) -> Iterator[Result | DigitError]:
    """Run jobs one after another on this thread, as `RunAll` describes."""
    yield from map(_outcome, jobs)


def run_in_threads(jobs: Iterable[Callable[[], Result]]) -> Iterator[Result | DigitError]:
    """Run jobs on one thread for each core, as `RunAll` describes: OpenCV and LiteRT don't hold the interpreter lock."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        yield from pool.map(_outcome, jobs)


def _outcome(job: Callable[[], Result]) -> Result | DigitError:
    try:
        return job()
    except DigitError as error:
        return error


def find_advice(
    comparisons: Sequence[Comparison],
    load: Callable[[str], bytes],
    settings: Settings,
    profile: WriterProfile | None = None,
    run_all: RunAll = run_here,
) -> Advice:
    """Try which changes of the settings would have helped.

    Args:
        comparisons: of all pictures, read with `settings`.
        load: returns the encoded picture of a name.
        settings: what is changed.
        profile: with which all were read.
        run_all: runs the jobs, one for each picture that is read again.

    Returns:
        The advice; without any change where all pictures were read correctly.
    """
    misread = _sample([each for each in comparisons if not each.is_right and not each.is_unreadable])
    changes = variations(settings)
    mended = _count(misread, changes, load, profile, run_all, is_right=True)
    helpful = [index for index in range(len(changes)) if mended[index]]
    right = _sample([each for each in comparisons if each.is_right]) if helpful else []
    broken = _count(right, [changes[index] for index in helpful], load, profile, run_all, is_right=False)
    trials = [Trial(changes[index], mended[index], broken[place]) for place, index in enumerate(helpful)]
    return Advice(len(misread), len(right), tuple(sorted(trials, key=lambda trial: (-trial.mended, trial.broken))))


def _sample(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Choose up to `MAX_TRIED` pictures at equal distances."""
    count = min(len(comparisons), MAX_TRIED)
    return [comparisons[index * len(comparisons) // count] for index in range(count)]


def _count(
    tried: Sequence[Comparison],
    changes: Sequence[Variation],
    load: Callable[[str], bytes],
    profile: WriterProfile | None,
    run_all: RunAll,
    *,
    is_right: bool,
) -> list[int]:
    """Count for each change how many pictures are read correctly with it, or misread."""
    counts = [0] * len(changes)
    jobs = (partial(read_texts, load(each.name), [change.settings for change in changes], profile) for each in tried)
    for comparison, texts in zip(tried, run_all(jobs), strict=True):
        if not isinstance(texts, DigitError):
            for index, text in enumerate(texts):
                counts[index] += (text == comparison.label) == is_right
    return counts
