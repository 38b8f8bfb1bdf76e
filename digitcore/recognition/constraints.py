"""What is known about the numbers of a picture: how many digits they have, their range, a check digit, a list of all that are possible.

The likeliest text of a line that fulfils it is read. With the calibrated probabilities q' of the line's texts, as in
`digitcore.recognition.alternatives`, and the share u that isn't in any of them, the probability of a text x under this condition is
q'(x) / (u + Σ q'), the sum being over the texts that fulfil it: a text that is improbable by its ink remains so even if it is the only one.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from itertools import product
from string import ascii_uppercase
from typing import Final, Self

from digitcore.messages import Message
from digitcore.recognition.alternatives import (
    MAX_ALTERNATIVES,
    MIN_ODDS,
    MIN_PROBABILITY,
    SEARCH_LIMITS,
    LineHypotheses,
    calibrate_line,
    pool_with_following,
)
from digitcore.recognition.parameters import AlternativeParams
from digitcore.recognition.text_search import SearchLimits, most_probable_texts, probabilities_of
from digitcore.results import Alternative
from digitcore.settings import Settings, parse_interval

DEEP_LIMITS: Final = SearchLimits(width=500, min_ratio=1e-9)
"""Of the search where none of the likeliest texts fulfils the constraint."""

_NO_CHECK: Final = "none"
_IBAN: Final = "iban"
"""Values of `Settings.check_digit`."""


@lru_cache(maxsize=1)
def numeric_iban_countries() -> Mapping[int, tuple[str, ...]]:
    """Return the countries in whose IBANs only digits follow the country, by the number of these digits."""
    registry, found = import_module("stdnum.numdb").get("iban"), dict[int, list[str]]()
    for country in map("".join, product(ascii_uppercase, repeat=2)):
        structure = registry.info(country)[0][1].get("bban", "")
        if re.fullmatch(r"(\d+!n)+", structure):
            found.setdefault(2 + sum(map(int, re.findall(r"\d+", structure))), []).append(country)
    return {count: tuple(countries) for count, countries in found.items()}


def passes_check(text: str, check: str) -> bool:
    """Return whether digits pass a check.

    Args:
        text: of at least one digit.
        check: its name, as in `Settings.check_digit`, but for the one that stands for none.

    Returns:
        Whether python-stdnum finds them valid; its modules are imported when they are first needed, which takes a tenth of a second.

    Examples:
        >>> passes_check("79927398713", "luhn"), passes_check("79927398710", "luhn")
        (True, False)
    """
    is_valid: Callable[[str], bool] = import_module(f"stdnum.{check}").is_valid
    if check == _IBAN:
        return any(is_valid(country + text) for country in numeric_iban_countries().get(len(text), ()))
    return is_valid(text)


_CHECK_NAMES: Final = {"luhn": "Luhn", "isbn": "ISBN", "ean": "EAN", "iban": "IBAN"}


@dataclass(frozen=True, slots=True)
class NumberConstraint:
    """What is known about the digits of a line.

    Attributes:
        digit_count: the least and the greatest number of digits, or None.
        number_range: the least and the greatest number, or None.
        check_digit: the name of a check, as in `Settings.check_digit`.
        allowed: the numbers that are possible, in ascending order as texts; empty for all.

    Examples:
        >>> constraint = NumberConstraint.from_settings(Settings(digit_count="2-3", check_digit="luhn"))
        >>> [text for text in ("0", "18", "19", "1800") if constraint.is_fulfilled(text)]
        ['18']
    """

    digit_count: tuple[int, int] | None
    number_range: tuple[int, int] | None
    check_digit: str
    allowed: tuple[str, ...]

    @classmethod
    def from_settings(cls, settings: Settings) -> Self | None:
        """Collect what settings tell about numbers.

        Args:
            settings: any.

        Returns:
            The constraint; None where they tell nothing.
        """
        allowed = tuple(sorted(set(settings.allowed_numbers)))
        constraint = cls(parse_interval(settings.digit_count), parse_interval(settings.number_range), settings.check_digit, allowed)
        return None if constraint == cls(None, None, _NO_CHECK, ()) else constraint

    def may_start(self, text: str) -> bool:
        """Return whether a text that fulfils the constraint may start with these digits, as far as their number and value tell."""
        return (self.digit_count is None or len(text) <= self.digit_count[1]) and (
            self.number_range is None or int(text) <= self.number_range[1]
        )

    def is_fulfilled(self, text: str) -> bool:
        """Return whether a text of at least one digit fulfils the constraint."""
        if self.digit_count is not None and not self.digit_count[0] <= len(text) <= self.digit_count[1]:
            return False
        if self.number_range is not None and not self.number_range[0] <= int(text) <= self.number_range[1]:
            return False
        if self.allowed and not self._is_listed(text):
            return False
        return self.check_digit == _NO_CHECK or passes_check(text, self.check_digit)

    def unfulfilled_note(self, line: Message) -> Message:
        """Tell the user that no text fulfils the constraint.

        Args:
            line: which line, as part of a sentence.

        Returns:
            A sentence.
        """
        check = _CHECK_NAMES.get(self.check_digit)
        if sum((self.digit_count is not None, self.number_range is not None, check is not None, bool(self.allowed))) > 1:
            return Message("No reading of {line} fits everything that is known about it.", line=line)
        if self.digit_count is not None:
            return _count_note(line, *self.digit_count)
        if self.number_range is not None:
            return _range_note(line, *self.number_range)
        if check is not None:
            return Message("No reading of {line} passes the {check} check.", line=line, check=check)
        return Message("No reading of {line} is in the list of allowed numbers.", line=line)

    def _is_listed(self, text: str) -> bool:
        index = bisect_left(self.allowed, text)
        return index < len(self.allowed) and self.allowed[index] == text


def _count_note(line: Message, least: int, most: int) -> Message:
    if least == most:
        return Message.plural("No reading of {line} has {count} digit.", "No reading of {line} has {count} digits.", count=most, line=line)
    return Message("No reading of {line} has {low} to {high} digits.", line=line, low=least, high=most)


def _range_note(line: Message, least: int, most: int) -> Message:
    if least == most:
        return Message("No reading of {line} is {number}.", line=line, number=str(most))
    return Message("No reading of {line} is between {low} and {high}.", line=line, low=str(least), high=str(most))


def find_fulfilling(text: str, line: LineHypotheses, constraint: NumberConstraint, params: AlternativeParams) -> tuple[Alternative, ...]:
    """Find the likeliest texts of a line that fulfil a constraint.

    Args:
        text: that is read without it, of at least one digit.
        line: its hypotheses.
        constraint: what is known.
        params: the calibration, and the least probability of other texts.

    Returns:
        Up to `MAX_ALTERNATIVES` texts with their probabilities given the constraint, the likeliest first, or `text` if it fulfils the
        constraint itself; none at all if no text does.
    """
    combined = {each: share for each, share in _combined(line, constraint).items() if share >= MIN_ODDS}
    calibration = calibrate_line(text, line, None, params)
    probabilities = {each: calibration.scale * share for each, share in combined.items()}
    if constraint.is_fulfilled(text):
        probabilities[text] = calibration.own
    if not probabilities:
        return ()
    total = max(calibration.unknown, params.min_unknown) + sum(probabilities.values())
    ranked = sorted(probabilities.items(), key=lambda each: (each[0] != text, -each[1], each[0]))
    pooled = pool_with_following(ranked[0][1], [probability for _, probability in ranked[1:]])
    found = [Alternative(each, share / total) for (each, _), share in zip(ranked, pooled, strict=True)]
    return tuple(each for index, each in enumerate(found[:MAX_ALTERNATIVES]) if index == 0 or each.probability >= MIN_PROBABILITY)


def _combined(line: LineHypotheses, constraint: NumberConstraint) -> dict[str, float]:
    """Compute the combined probabilities of the texts that fulfil a constraint: of all that are listed, or of the likeliest ones."""
    if constraint.allowed:
        most = sum(max(len(path.options) for path in group) for group in line.choices)
        listed = [text for text in constraint.allowed if len(text) <= most and constraint.is_fulfilled(text)]
        return dict(zip(listed, probabilities_of(listed, line.choices, line.classes).tolist(), strict=True))
    for limits in (SEARCH_LIMITS, DEEP_LIMITS):
        found = most_probable_texts(line.choices, limits, constraint.may_start, line.classes)
        fulfilling = {text: share for text, share in found.items() if text and constraint.is_fulfilled(text)}
        if fulfilling:
            break
    return fulfilling
