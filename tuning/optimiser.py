"""Search for better values of some numbers, and check on other writers whether they are better.

Coordinate search: one number after the other is made smaller and greater, and a value is kept if it lowers the loss; each round takes half
the step of the one before. The samples are divided into folds by their sources. The search runs once for each fold, without its samples,
and the gain that counts is the one on the fold that was held out: values that gain on the samples of the search alone fit these samples. No
parameter is written.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from digitcore.parameters import iterate_parameters, replace_parameter
from digitcore.pipeline_params import PipelineParams
from tuning.measures import by_set, total
from tuning.reader import Answer
from tuning.samples import Sample
from tuning.sensitivity import SHARE, changed_values

MIN_GAIN = 1e-6
"""The least decrease of the loss for which a value is kept."""

AnswerFn = Callable[[PipelineParams], Mapping[str, Answer]]
"""Returns all answers with some parameters, by `Sample.key`."""


@dataclass(frozen=True, slots=True)
class FoldResult:
    """What a search without the samples of one fold found.

    Attributes:
        values: those that changed, by their names.
        searched_gain: decrease of the loss on the samples of the search.
        held_out_gain: decrease of the loss on the fold that was held out; negative where the values are worse there.
    """

    values: Mapping[str, float]
    searched_gain: float
    held_out_gain: float


def loss_of(samples: Iterable[Sample], answers: Mapping[str, Answer]) -> float:
    """Compute the loss, in which each set counts alike.

    Args:
        samples: some.
        answers: by `Sample.key`.

    Returns:
        The mean over the sets: of those with digits, of the share of samples that aren't read whole and the share of wrong characters; of
        those without, of the share in which something is read.
    """
    losses = []
    for members in by_set(list(samples)).values():
        totals = total(members, answers)
        if totals.samples:
            losses += [1 - totals.whole / totals.samples, totals.wrong_characters / totals.characters]
        if totals.without_digits:
            losses.append(1 - totals.silent / totals.without_digits)
    return mean(losses)


def divide(samples: Iterable[Sample], count: int) -> list[list[Sample]]:
    """Divide samples into folds, the sources of each set in turn, so that no source is in two folds.

    Args:
        samples: any.
        count: of the folds.

    Returns:
        The folds; those of few sources may be empty.
    """
    folds: list[list[Sample]] = [[] for _ in range(count)]
    sources: dict[str, dict[str, int]] = {}
    for sample in samples:
        known = sources.setdefault(sample.set_name, {})
        folds[known.setdefault(sample.source, len(known)) % count].append(sample)
    return folds


def coordinate_search(
    params: PipelineParams, names: Sequence[str], loss: Callable[[PipelineParams], float], rounds: int = 2
) -> PipelineParams:
    """Search for values with a lower loss.

    Args:
        params: where to begin.
        names: of the numbers that may change.
        loss: of parameters.
        rounds: how often each number is tried.

    Returns:
        The best parameters that were found.

    Raises:
        ValueError: there is no such number.
    """
    known = {name: parameter for name, _, parameter in iterate_parameters(params)}
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"expected names of parameters, received {', '.join(unknown)}.")
    best, least = params, loss(params)
    for number in range(rounds):
        for name in names:
            value = next(value for each, value, _ in iterate_parameters(best) if each == name)
            for other in changed_values(value, known[name], SHARE / 2**number):
                try:
                    candidate = replace_parameter(best, name, other)
                except ValueError:  # limits that exclude each other
                    continue
                if (found := loss(candidate)) < least - MIN_GAIN:
                    best, least = candidate, found
    return best


def cross_validate(
    samples: Sequence[Sample], names: Sequence[str], answer: AnswerFn, params: PipelineParams = PipelineParams(), fold_count: int = 3
) -> list[FoldResult]:
    """Search once without each fold, and measure the result on it.

    Args:
        samples: all.
        names: of the numbers that may change.
        answer: reads all samples; parameters that recur are read once.
        params: where to begin.
        fold_count: how many folds.

    Returns:
        One result for each fold that has samples.
    """
    answer = _remembering(answer)
    folds = [fold for fold in divide(samples, fold_count) if fold]
    results = []
    for fold in folds:
        searched = [sample for other in folds if other is not fold for sample in other]
        best = coordinate_search(params, names, _loss_on(searched, answer))
        gains = [loss_of(part, answer(params)) - loss_of(part, answer(best)) for part in (searched, fold)]
        results.append(FoldResult(changed_numbers(params, best), *gains))
    return results


def _loss_on(samples: Sequence[Sample], answer: AnswerFn) -> Callable[[PipelineParams], float]:
    """Return the loss on some samples as a function of the parameters."""
    return lambda params: loss_of(samples, answer(params))


def _remembering(answer: AnswerFn) -> AnswerFn:
    """Return a function that reads the samples once for the same parameters."""
    known: dict[PipelineParams, Mapping[str, Answer]] = {}

    def remembered(params: PipelineParams) -> Mapping[str, Answer]:
        if params not in known:
            known[params] = answer(params)
        return known[params]

    return remembered


def changed_numbers(first: PipelineParams, second: PipelineParams) -> dict[str, float]:
    """Return the numbers of the second parameters that differ from those of the first, by their names."""
    old = {name: value for name, value, _ in iterate_parameters(first)}
    return {name: value for name, value, _ in iterate_parameters(second) if value != old[name]}


def describe(results: Sequence[FoldResult]) -> str:
    """Describe the results of a cross-validation in a few lines; gains in percentage points of the loss."""
    lines = []
    for number, result in enumerate(results, 1):
        values = ", ".join(f"{name} = {value:g}" for name, value in result.values.items()) or "nothing changed"
        lines.append(f"fold {number}: searched {100 * result.searched_gain:+.2f}, held out {100 * result.held_out_gain:+.2f}: {values}")
    return "\n".join([*lines, f"mean gain on held-out folds: {100 * mean(each.held_out_gain for each in results):+.2f} percentage points"])
