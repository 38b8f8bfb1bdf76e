"""Search the texts that a line of writing may have, with their probabilities.

A line is a sequence of groups of marks. Each group was segmented in one or more ways, its paths, which have weights that sum to 1. Each
mark of a path has an option for each class, such as the ten digits, and a last one for no digit; their probabilities sum to 1. A text
arises from every choice of paths and options whose digits spell it, and its probability is the sum over these choices of the products of
weights and probabilities.

`most_probable_texts` is a beam search over the texts. `probabilities_of` computes given texts by the forward algorithm (Rabiner 1989), and
`align` finds the likeliest choice that spells a text by Viterbi's.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from digitcore.class_names import DIGITS
from digitcore.types import Float64Array, Int64Array

NO_DIGIT: Final = -1
"""The last option, that a mark is no digit; the others are the labels of the classes."""


class TextPath(NamedTuple):
    """One way to segment a group of marks."""

    weight: float
    """Its probability among the paths of the group."""

    options: Float64Array
    """float64 `(N, K + 1)`: for each mark the probabilities of the K classes and of no digit; each row sums to 1."""


TextGroup = Sequence[TextPath]


class SearchLimits(NamedTuple):
    """What bounds a search."""

    width: int
    """So many texts are continued after each group."""

    min_ratio: float
    """Texts, paths and options that are less probable than this multiple of the most probable ones are dropped."""


class Choice(NamedTuple):
    """The path of a group, and the options of its marks."""

    path: int
    options: tuple[int, ...]


def most_probable_texts(
    groups: Sequence[TextGroup], limits: SearchLimits, may_start: Callable[[str], bool] = lambda _: True, classes: str = DIGITS
) -> dict[str, float]:
    """Search the most probable texts of a line.

    Args:
        groups: from left to right.
        limits: what bounds the search.
        may_start: whether a text of interest may start with these digits; all others are dropped early.
        classes: the names of the K classes, a character each.

    Returns:
        Texts with their probabilities, the most probable first, of equally probable ones the smaller; what the limits drop is missing.

    Examples:
        >>> options = np.zeros((1, 11))
        >>> options[0, [1, 7, 10]] = 0.7, 0.2, 0.1
        >>> most_probable_texts([[TextPath(1.0, options)]] * 2, SearchLimits(3, 0.01))
        {'11': 0.48999999999999994, '17': 0.13999999999999999, '71': 0.13999999999999999}
    """
    texts, scale = {"": 1.0}, 1.0
    for group in groups:
        reached: dict[str, float] = {}
        least = limits.min_ratio * max(path.weight for path in group)
        for path in (each for each in group if each.weight >= least):
            for text, probability in _continued(texts, path, limits, may_start, classes).items():
                reached[text] = reached.get(text, 0.0) + probability
        texts = _pruned(reached, limits)
        if not texts:
            return {}
        peak = next(iter(texts.values()))  # so that no product of many probabilities becomes 0
        texts, scale = {text: probability / peak for text, probability in texts.items()}, scale * peak
    return {text: probability * scale for text, probability in texts.items()}


def _continued(
    texts: Mapping[str, float], path: TextPath, limits: SearchLimits, may_start: Callable[[str], bool], classes: str
) -> dict[str, float]:
    """Continue texts by the marks of a path."""
    characters = (*classes, "")
    reached = {text: probability * path.weight for text, probability in texts.items()}
    for row in path.options.tolist():
        least = limits.min_ratio * max(row)
        options = [(characters[option], probability) for option, probability in enumerate(row) if probability > least]
        previous, reached = reached, {}
        for text, probability in previous.items():
            for character, share in options:
                longer = text + character
                if not character or may_start(longer):
                    reached[longer] = reached.get(longer, 0.0) + probability * share
        reached = _pruned(reached, limits) if len(reached) > limits.width else reached
    return reached


def _pruned(texts: Mapping[str, float], limits: SearchLimits) -> dict[str, float]:
    """Return the most probable texts within the limits, the most probable first."""
    ranked = sorted(texts.items(), key=lambda each: (-each[1], each[0]))[: limits.width]
    least = limits.min_ratio * ranked[0][1] if ranked else 0.0
    return {text: probability for text, probability in ranked if probability > least}


def probabilities_of(texts: Sequence[str], groups: Sequence[TextGroup], classes: str = DIGITS) -> Float64Array:
    """Compute the probabilities of given texts.

    Args:
        texts: N texts of digits, or of other classes.
        groups: from left to right.
        classes: as in `most_probable_texts`.

    Returns:
        float64 `(N,)`; 0 where a text can't arise, or is too improbable for a floating-point number.

    Examples:
        >>> options = np.full((2, 11), 1 / 11)
        >>> probabilities_of(["12", "123", "4"], [[TextPath(1.0, options)]]).round(4).tolist()
        [0.0083, 0.0, 0.0165]
    """
    digits, lengths = _as_labels(texts, classes)
    reached = np.zeros((len(texts), digits.shape[1] + 1))  # by text and number of its digits so far
    reached[:, 0] = 1.0
    for group in groups:
        reached = np.sum([_forward(path.weight * reached, path, digits) for path in group], axis=0)
    return np.asarray(reached[np.arange(len(texts)), lengths])


def _forward(reached: Float64Array, path: TextPath, digits: Int64Array) -> Float64Array:
    """Continue the probabilities of all beginnings of all texts by the marks of a path."""
    for row in path.options:
        longer = reached * row[NO_DIGIT]
        longer[:, 1:] += reached[:, :-1] * row[digits]
        reached = longer
    return reached


def _as_labels(texts: Sequence[str], classes: str) -> tuple[Int64Array, Int64Array]:
    """Return the labels of texts, int64 `(N, L)`, padded by zeros, and their lengths, int64 `(N,)`."""
    lengths = np.array([len(text) for text in texts], np.int64)
    longest = int(lengths.max(initial=0))
    padded = "".join(text.ljust(longest, classes[0]) for text in texts)
    labels = padded.translate({ord(name): label for label, name in enumerate(classes)})
    return np.frombuffer(labels.encode("utf-32-le"), np.uint32).astype(np.int64).reshape(len(texts), longest), lengths


def align(groups: Sequence[TextGroup], text: str, classes: str = DIGITS) -> list[Choice]:
    """Find the likeliest choice of paths and options that spells a text.

    Args:
        groups: from left to right.
        text: of digits, or of other classes; one that the groups can spell.
        classes: as in `most_probable_texts`.

    Returns:
        The choice of each group.

    Raises:
        ValueError: the groups can't spell the text.

    Examples:
        >>> options = np.zeros((2, 11))
        >>> options[0, [1, 10]], options[1, [1, 10]] = (0.8, 0.2), (0.6, 0.4)
        >>> align([[TextPath(1.0, options)]], "1")
        [Choice(path=0, options=(1, -1))]
    """
    labels = [classes.index(name) for name in text]
    best: dict[int, tuple[float, tuple[Choice, ...]]] = {0: (0.0, ())}  # by number of digits so far: log-probability, choices
    with np.errstate(divide="ignore"):
        for group in groups:
            reached: dict[int, tuple[float, tuple[Choice, ...]]] = {}
            for index, path in enumerate(group):
                for start, (score, choices) in best.items():
                    for end, (added, options) in _spellings(np.log(path.options), labels, start).items():
                        total = score + float(np.log(path.weight)) + added
                        if total > reached.get(end, (-np.inf,))[0]:
                            reached[end] = total, (*choices, Choice(index, options))
            best = reached
    if len(text) not in best:
        raise ValueError(f"expected a text that the marks can spell, received {text!r}.")
    return list(best[len(text)][1])


def _spellings(log_options: Float64Array, labels: Sequence[int], start: int) -> dict[int, tuple[float, tuple[int, ...]]]:
    """Find how the marks of a path spell a text from a digit on: by the digit after them, the log-probability and the options."""
    best: dict[int, tuple[float, tuple[int, ...]]] = {start: (0.0, ())}
    for row in log_options.tolist():
        reached: dict[int, tuple[float, tuple[int, ...]]] = {}
        for position, (score, options) in best.items():
            for end, option in ((position, NO_DIGIT), *([(position + 1, labels[position])] if position < len(labels) else [])):
                total = score + row[option]
                if total > reached.get(end, (-np.inf,))[0]:
                    reached[end] = total, (*options, option)
        best = reached
    return best
