"""How a picture is read: one frozen value with checked fields, and its recipe as JSON."""

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final, Literal, Self, get_args

from digitcore.errors import SettingsError
from digitcore.geometry import MINIMUM_STROKE
from digitcore.prediction import UNSURE_BELOW

Medium = Literal["photo", "drawing"]
Polarity = Literal["auto", "dark_ink", "light_ink"]
ThresholdChoice = Literal["auto", "otsu", "adaptive"]

_RANGE: Final = "range"
_CHOICES: Final = "choices"


def _within(default: float, low: float, high: float) -> Any:
    return field(default=default, metadata={_RANGE: (low, high)})


def _one_of(default: str, kind: Any) -> Any:
    return field(default=default, metadata={_CHOICES: get_args(kind)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every choice on the way of a picture. Lengths are shares of the picture or the mark, unless the name ends in `_px`.

    Raises:
        SettingsError: a field is out of its range, naming the field and what is allowed.
    """

    medium: Medium = _one_of("photo", Medium)
    """`photo`: light, paper and polarity have to be found. `drawing`: flat paper, so CLAHE and smoothing are left out."""

    clahe_clip: float = _within(2.0, 0.0, 10.0)
    """Contrast limit of CLAHE (Zuiderveld 1994); 0 leaves it out."""

    clahe_tiles: int = _within(8, 1, 32)
    """Tiles of CLAHE along each side."""

    smoothing_px: float = _within(0.8, 0.0, 5.0)
    """Standard deviation of the Gaussian before thresholding, in working pixels; 0 leaves it out."""

    threshold: ThresholdChoice = _one_of("auto", ThresholdChoice)
    """`otsu`: one grey level for the picture. `adaptive`: one for each neighbourhood. `auto`: Otsu, unless the light is uneven."""

    adaptive_window: float = _within(0.5, 0.05, 1.0)
    """Side of the adaptive neighbourhood as a share of the picture's short side; at least half of it must be paper."""

    polarity: Polarity = _one_of("auto", Polarity)
    """Whether ink is darker or lighter than the paper; `auto` estimates it."""

    minimum_contrast: float = _within(0.08, 0.0, 1.0)
    """Ink must differ from paper by this share of the full grey range, else the picture counts as blank."""

    minimum_stroke: float = _within(MINIMUM_STROKE, 0.0, 0.3)
    """Thinner pens are thickened to this share of the mark's longer side, as thick as MNIST's; 0 leaves them."""

    unsure_below: float = _within(UNSURE_BELOW, 0.0, 1.0)
    """An answer of less confidence is called unsure."""

    def __post_init__(self) -> None:
        for each in fields(self):
            _check(each.name, getattr(self, each.name), type(each.default), dict(each.metadata))

    @classmethod
    def for_drawing(cls) -> Self:
        """For the canvas: known dark ink on flat white paper."""
        return cls(medium="drawing", polarity="dark_ink")

    def to_json(self) -> str:
        """The recipe: a JSON object with every field."""
        return json.dumps(asdict(self), indent=2)

    @classmethod
    def from_json(cls, recipe: str) -> Self:
        """Read a recipe; fields left out keep their defaults.

        Raises:
            SettingsError: not a JSON object, an unknown name, or a bad value; named, with what is allowed.
        """
        try:
            given = json.loads(recipe)
        except (json.JSONDecodeError, RecursionError) as error:
            raise SettingsError("The recipe isn't JSON. Write one as `Settings().to_json()` does.") from error
        if not isinstance(given, dict):
            raise SettingsError(f"A recipe is a JSON object, this is a {type(given).__name__}.")
        known = [each.name for each in fields(cls)]
        for name in given:
            if name not in known:
                raise SettingsError(f"There is no setting '{name}'. Allowed: {', '.join(known)}.")
        return cls(**given)


def _check(name: str, value: object, kind: type, allowed: dict[str, Any]) -> None:
    if _CHOICES in allowed:
        if value not in allowed[_CHOICES]:
            raise SettingsError(f"The setting '{name}' is {value!r}. Allowed: {', '.join(allowed[_CHOICES])}.")
        return
    low, high = allowed[_RANGE]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    whole = "a whole number" if kind is int else "a number"
    if not number or (kind is int and not isinstance(value, int)) or not low <= value <= high:
        raise SettingsError(f"The setting '{name}' is {value!r}. Allowed: {whole} from {low} to {high}.")
