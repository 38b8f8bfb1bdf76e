"""How a picture is read: one frozen value with checked fields, and its recipe as JSON."""

import json
from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, field, fields
from typing import Any, Final, Literal, NamedTuple, Self, get_args

from digitcore.errors import SettingsError
from digitcore.messages import Message

Medium = Literal["photo", "drawing"]
Polarity = Literal["auto", "dark_ink", "light_ink"]
ThresholdChoice = Literal["paper", "otsu", "adaptive"]
Rulings = Literal["remove", "keep"]
TouchingDigits = Literal["cut", "keep"]
AspectRatio = Literal["keep", "squash"]
Centring = Literal["mass", "box"]

DEFAULT_MIN_STROKE_SHARE: Final = 0.12
"""The lower quartile of the stroke widths in MNIST's training images, as a share of the digit's longer side."""

DEFAULT_UNSURE_BELOW: Final = 0.75
"""Calibrated confidence, in [0, 1], below which an answer is marked as unsure: it is wrong in more than one case of four."""

RECIPE_VERSION: Final = 2
"""Goes up whenever a setting comes, goes or changes its meaning. Recipes of before there were versions name none, and are read."""

VERSION_KEY: Final = "version"

_ALLOWED: Final = "allowed"
_STAGE: Final = "stage"
ANSWER: Final = "answer"
"""Stands for a stage where a setting acts on none, but on what is said of the marks."""

_LONGEST_SHOWN: Final = 40
"""Characters of a stranger's name or value that a sentence repeats."""


class Range(NamedTuple):
    """The numbers that a setting may be."""

    low: float
    high: float
    whole: bool
    """Whether only whole numbers are."""


class Choices(NamedTuple):
    """The words that a setting may be."""

    names: tuple[str, ...]


def _within(default: float, low: float, high: float, stage: str) -> Any:
    return field(default=default, metadata={_ALLOWED: Range(low, high, isinstance(default, int)), _STAGE: stage})


def _one_of(default: str, kind: Any, stage: str) -> Any:
    return field(default=default, metadata={_ALLOWED: Choices(get_args(kind)), _STAGE: stage})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every choice on the way of a picture. Lengths are shares of the picture or the mark, unless the name ends in `_px`.

    Raises:
        SettingsError: a field is out of its range, naming the field and what is allowed.
    """

    medium: Medium = _one_of("photo", Medium, stage="grey")
    """`photo`: light, paper and polarity have to be found. `drawing`: flat paper, so CLAHE and smoothing are left out."""

    clahe_clip: float = _within(0.0, 0.0, 10.0, stage="clahe")
    """Contrast limit of CLAHE (Zuiderveld 1994); 0 leaves it out, as the paper's brightness is evened out anyway."""

    clahe_tiles: int = _within(8, 1, 32, stage="clahe")
    """Tiles of CLAHE along each side."""

    smoothing_px: float = _within(0.8, 0.0, 5.0, stage="smoothed")
    """Standard deviation of the Gaussian before thresholding, in working pixels; 0 leaves it out."""

    polarity: Polarity = _one_of("auto", Polarity, stage="polarity")
    """Whether ink is darker or lighter than the paper; `auto` estimates it."""

    paper_window: float = _within(0.15, 0.02, 1.0, stage="paper")
    """Side of the window in which the paper's brightness is looked for, as a share of the short side; a broad pen widens it."""

    threshold: ThresholdChoice = _one_of("paper", ThresholdChoice, stage="threshold")
    """`paper`: what is darker than the paper around it, above its noise. `otsu`: one grey level for the picture. `adaptive`: one
    for each neighbourhood."""

    adaptive_window: float = _within(0.5, 0.05, 1.0, stage="threshold")
    """Side of the adaptive neighbourhood as a share of the picture's short side; at least half of it must be paper."""

    rulings: Rulings = _one_of("remove", Rulings, stage="writing")
    """Printed lines and squares, with the threshold `paper`."""

    minimum_contrast: float = _within(0.06, 0.0, 1.0, stage="ink")
    """Ink must differ from paper by this share of the full grey range, else the picture counts as blank."""

    smallest_line: float = _within(0.35, 0.0, 1.0, stage="crop")
    """Lines of writing lower than this share of the main writing, such as a camera's date, are left out."""

    touching_digits: TouchingDigits = _one_of("cut", TouchingDigits, stage="crop")
    """Whether strokes are cut and joined as the network reads them best."""

    minimum_stroke: float = _within(DEFAULT_MIN_STROKE_SHARE, 0.0, 0.3, stage="stroke")
    """Thinner pens are thickened to this share of the mark's longer side, as thick as MNIST's; 0 leaves them."""

    aspect_ratio: AspectRatio = _one_of("keep", AspectRatio, stage="fit")
    """`keep`: the longer side fits into 20 pixels, as in MNIST. `squash`: both do, and a 1 becomes a block."""

    centring: Centring = _one_of("mass", Centring, stage="centre")
    """What comes to the centre of 28×28: `mass`, the centre of mass, as in MNIST; `box`, the middle of the bounding box."""

    unsure_below: float = _within(DEFAULT_UNSURE_BELOW, 0.0, 1.0, stage=ANSWER)
    """An answer of less confidence is called unsure."""

    def __post_init__(self) -> None:
        for each in fields(self):
            _check(each.name, getattr(self, each.name), each.metadata[_ALLOWED])

    @classmethod
    def for_drawing(cls) -> Self:
        """For the canvas: known dark ink on flat white paper."""
        return cls(medium="drawing", polarity="dark_ink")

    @property
    def ink_is_known(self) -> bool:
        """Return whether ink needs no detection: a drawing whose polarity is given."""
        return self.medium == "drawing" and self.polarity != "auto"

    def is_active(self, field_name: str) -> bool:
        """Return whether a setting has any effect, given the other settings.

        Args:
            field_name: the name of a field.

        Returns:
            False where the steps that the setting controls are skipped; True otherwise.

        Examples:
            >>> Settings().is_active("threshold"), Settings.for_drawing().is_active("threshold")
            (True, False)
        """
        is_drawing, is_known = self.medium == "drawing", self.ink_is_known
        inactive = {
            "clahe_clip": is_drawing,
            "clahe_tiles": is_drawing or self.clahe_clip == 0,
            "smoothing_px": is_drawing,
            "threshold": is_known,
            "paper_window": is_known,
            "adaptive_window": is_known or self.threshold != "adaptive",
            "rulings": is_known or self.threshold != "paper",
        }
        return not inactive.get(field_name, False)

    def changes(self, base: "Settings | None" = None) -> dict[str, Any]:
        """The fields that differ from `base`, by default from the defaults, with their values here."""
        base = base or Settings()
        return {name: value for name, value in asdict(self).items() if value != getattr(base, name)}

    def to_json(self) -> str:
        """The recipe: a JSON object with its version and every field."""
        return json.dumps({VERSION_KEY: RECIPE_VERSION, **asdict(self)}, indent=2)

    @classmethod
    def from_json(cls, recipe: str | bytes) -> Self:
        """Read a recipe; where it names no version, fields left out keep their defaults.

        Raises:
            SettingsError: not a JSON object, an unknown name, or a bad value; named, with what is allowed. Or another version, with
                what differs.
        """
        try:
            given = json.loads(recipe)
        except (ValueError, RecursionError) as error:  # of text that is no JSON, of bytes that are no text, of endless numbers
            raise SettingsError(Message("The recipe isn't JSON. Write one as `Settings().to_json()` does.")) from error
        if not isinstance(given, dict):
            raise SettingsError(Message("A recipe is a JSON object, this is a {kind}.", kind=type(given).__name__))
        version = given.pop(VERSION_KEY, RECIPE_VERSION)
        if version != RECIPE_VERSION:
            raise _other_version(version, given)
        for name in given:
            if name not in names():
                raise SettingsError(_unknown(name))
        return cls(**given)


def names() -> tuple[str, ...]:
    """All settings, in the order of the way."""
    return tuple(_fields())


def allowed(name: str) -> Range | Choices:
    """What the setting of this name may be."""
    what: Range | Choices = _fields()[name].metadata[_ALLOWED]
    return what


def acting_on(stage: str) -> list[str]:
    """The settings that act on the stage of this name; none on most names."""
    return [name for name, each in _fields().items() if each.metadata[_STAGE] == stage]


def _fields() -> "dict[str, Field[Any]]":
    return {each.name: each for each in fields(Settings)}


def _check(name: str, value: object, what: Range | Choices) -> None:
    if isinstance(what, Choices):
        if value not in what.names:
            choices = ", ".join(what.names)
            raise SettingsError(
                Message("The setting '{name}' is {value}. Allowed: {allowed}.", name=name, value=_shown(value), allowed=choices)
            )
        return
    given = {"name": name, "value": _shown(value), "low": what.low, "high": what.high}
    kind = int if what.whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kind) or not what.low <= value <= what.high:
        whole = Message("The setting '{name}' is {value}. Allowed: a whole number from {low} to {high}.", **given)
        real = Message("The setting '{name}' is {value}. Allowed: a number from {low} to {high}.", **given)
        raise SettingsError(whole if what.whole else real)


def _unknown(name: str) -> Message:
    return Message("There is no setting '{name}'. Allowed: {allowed}.", name=_cut(name), allowed=", ".join(names()))


def _other_version(version: object, given: Mapping[str, Any]) -> SettingsError:
    """A recipe from another version, refused by name with what differs."""
    unknown = [_cut(name) for name in given if name not in names()]
    missing = [name for name in names() if name not in given]
    forbidden = [name for name in names() if name in given and not _is_allowed(name, given[name])]
    listed = {"unknown": ", ".join(unknown) or "–", "missing": ", ".join(missing) or "–", "forbidden": ", ".join(forbidden) or "–"}
    differs = Message("Unknown here: {unknown}. Missing: {missing}. No longer allowed: {forbidden}.", **listed)
    if not (unknown or missing or forbidden):
        differs = Message("Its settings have the same names; their meaning may differ.")
    return SettingsError(
        Message(
            "This recipe is of version {version}, and version {expected} is read. {differs}",
            version=_shown(version),
            expected=RECIPE_VERSION,
            differs=differs,
        )
    )


def _is_allowed(name: str, value: object) -> bool:
    try:
        _check(name, value, allowed(name))
    except SettingsError:
        return False
    return True


def _shown(value: object) -> str:
    return _cut(repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
