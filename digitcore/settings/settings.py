"""The settings of the reading pipeline, as one frozen dataclass."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, Literal, Self

from digitcore.settings.recipe import parse_recipe, write_recipe
from digitcore.settings.schema import (
    Allowed,
    NumberList,
    Schema,
    allowed_in,
    check,
    choice_field,
    interval_field,
    list_field,
    number_field,
    stage_of,
)

Medium = Literal["photo", "drawing"]
Polarity = Literal["auto", "dark_ink", "light_ink"]
ThresholdChoice = Literal["paper", "otsu", "adaptive"]
Rulings = Literal["remove", "keep"]
TouchingDigits = Literal["cut", "keep"]
AspectRatio = Literal["keep", "squash"]
Centring = Literal["mass", "box"]
CheckDigit = Literal["none", "luhn", "isbn", "ean", "iban"]

DEFAULT_MIN_STROKE_SHARE: Final = 0.12
"""The lower quartile of the stroke widths in MNIST's training images, as a share of the digit's longer side."""

DEFAULT_UNSURE_BELOW: Final = 0.75
"""Calibrated confidence, in [0, 1], below which an answer is marked as unsure: it is wrong in more than one case of four."""

ANSWER: Final = "answer"
"""The "stage" of settings that act on no picture, but on which text is read and how it is described."""

MAX_NUMBER_DIGITS: Final = 40
"""The most digits of a number about which something is known; an IBAN has up to 32 after its country code."""

MAX_NUMBER: Final = 10**15 - 1
"""The greatest number of a range."""

MAX_ALLOWED_NUMBERS: Final = 10_000
"""The most numbers in a list of those that may be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The parameters of the reading pipeline, checked and frozen.

    Lengths are shares of a side of the picture or of a mark, in [0, 1], unless the name ends in `_px`.

    Raises:
        SettingsError: A value isn't allowed; the message names the field and what is allowed.

    Examples:
        >>> Settings(threshold="otsu").changes()
        {'threshold': 'otsu'}
        >>> Settings(clahe_tiles=0)
        Traceback (most recent call last):
        digitcore.errors.SettingsError: The setting 'clahe_tiles' must be an integer from 1 to 32, not 0.
    """

    medium: Medium = choice_field("photo", Medium, stage="grey")
    """`photo`: lighting, paper and polarity are estimated. `drawing`: the paper is flat, so CLAHE and smoothing are skipped."""

    clahe_clip: float = number_field(0.0, 0.0, 10.0, stage="clahe")
    """Contrast limit of CLAHE (Zuiderveld 1994); 0 skips it, as the background subtraction evens out the lighting anyway."""

    clahe_tiles: int = number_field(8, 1, 32, stage="clahe")
    """Number of CLAHE tiles along each side."""

    smoothing_px: float = number_field(0.8, 0.0, 5.0, stage="smoothed")
    """Standard deviation of the Gaussian filter before thresholding, in pixels of the working picture; 0 skips it."""

    polarity: Polarity = choice_field("auto", Polarity, stage="polarity")
    """Whether ink is darker or lighter than the paper; `auto` estimates it."""

    paper_window: float = number_field(0.15, 0.02, 1.0, stage="paper")
    """Side of the window in which the paper's brightness is estimated, as a share of the short side; a broad pen widens it."""

    threshold: ThresholdChoice = choice_field("paper", ThresholdChoice, stage="threshold")
    """`paper`: ink is darker than the local paper by more than its noise. `otsu`: one grey level for the picture (Otsu 1979).
    `adaptive`: one level for each neighbourhood."""

    adaptive_window: float = number_field(0.5, 0.05, 1.0, stage="threshold")
    """Side of the neighbourhood of the adaptive threshold, as a share of the short side; at least half of it must be paper."""

    rulings: Rulings = choice_field("remove", Rulings, stage="writing")
    """Whether printed lines and squares are removed, with the threshold `paper`."""

    minimum_contrast: float = number_field(0.06, 0.0, 1.0, stage="ink")
    """Least difference of ink and paper, as a share of the full grey range; below it the picture counts as blank."""

    smallest_line: float = number_field(0.35, 0.0, 1.0, stage="crop")
    """Least height of a line of writing as a share of the main writing's; lower lines, such as a camera's date, are dropped."""

    touching_digits: TouchingDigits = choice_field("cut", TouchingDigits, stage="crop")
    """Whether touching digits are split, and broken ones joined, so that the network is most confident."""

    minimum_stroke: float = number_field(DEFAULT_MIN_STROKE_SHARE, 0.0, 0.3, stage="stroke")
    """Least stroke width as a share of the mark's longer side; thinner strokes are dilated to it. 0 leaves them as they are."""

    aspect_ratio: AspectRatio = choice_field("keep", AspectRatio, stage="fit")
    """`keep`: the longer side is scaled to 20 pixels, as in MNIST. `squash`: both sides are, and a 1 becomes a block."""

    centring: Centring = choice_field("mass", Centring, stage="centre")
    """The point at the centre of the 28×28 pixels: `mass`, the centre of mass, as in MNIST; `box`, that of the bounding box."""

    unsure_below: float = number_field(DEFAULT_UNSURE_BELOW, 0.0, 1.0, stage=ANSWER)
    """Calibrated confidence below which an answer is marked as unsure."""

    digit_count: str = interval_field(1, MAX_NUMBER_DIGITS, stage=ANSWER)
    """How many digits each line has, such as "4" or "3-5"; empty where that isn't known. The likeliest text that fulfils this and the
    settings below is read."""

    number_range: str = interval_field(0, MAX_NUMBER, stage=ANSWER)
    """Between which numbers the digits of each line are, such as "1-120"; empty where that isn't known."""

    check_digit: CheckDigit = choice_field("none", CheckDigit, stage=ANSWER)
    """The check that the digits of each line pass. `luhn`: payment cards, IMEI. `isbn`: ISBN-10, unless it ends in X, which can't be read,
    and ISBN-13. `ean`: EAN-8, UPC-A, EAN-13 and GTIN-14. `iban`: what follows the two letters of an IBAN, in countries where that is digits
    alone; the letters can't be read, so any such country with as many digits will do."""

    allowed_numbers: tuple[str, ...] = list_field(MAX_ALLOWED_NUMBERS, MAX_NUMBER_DIGITS, stage=ANSWER)
    """The numbers that a line may be, as texts of digits; empty for all."""

    def __post_init__(self) -> None:
        for each in fields(self):
            value, allowed = getattr(self, each.name), allowed_in(each)
            check(each.name, value, allowed)
            if isinstance(allowed, NumberList):
                object.__setattr__(self, each.name, tuple(value))  # a recipe has a list

    @classmethod
    def for_drawing(cls) -> Self:
        """Create the settings for the canvas.

        Returns:
            Settings for dark ink on flat white paper.

        Examples:
            >>> Settings.for_drawing().changes()
            {'medium': 'drawing', 'polarity': 'dark_ink'}
        """
        return cls(medium="drawing", polarity="dark_ink")

    @property
    def ink_is_known(self) -> bool:
        """Return whether ink needs no detection: a drawing whose polarity is given."""
        return self.medium == "drawing" and self.polarity != "auto"

    def is_active(self, field_name: str) -> bool:
        """Return whether a setting has any effect, given the other settings.

        Args:
            field_name: The name of a field.

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
        """Compare with other settings.

        Args:
            base: The settings to compare with; the defaults where it is None.

        Returns:
            The fields that differ, with their values here.

        Examples:
            >>> Settings(centring="box").changes()
            {'centring': 'box'}
        """
        base = base or Settings()
        return {name: value for name, value in asdict(self).items() if value != getattr(base, name)}

    def to_json(self) -> str:
        """Write the settings as a recipe.

        Returns:
            A JSON object with every field and the recipe's version.

        Examples:
            >>> Settings.from_json(Settings(clahe_clip=3.0).to_json()).clahe_clip
            3.0
        """
        return write_recipe(asdict(self))

    @classmethod
    def from_json(cls, recipe: str | bytes, base: Self | None = None) -> Self:
        """Read a recipe.

        Args:
            recipe: A JSON object as `to_json` writes it. Without a version it may be partial.
            base: The settings for fields that are left out; the defaults where it is None.

        Returns:
            The settings.

        Raises:
            SettingsError: It isn't a JSON object, has an unknown name or a value that isn't allowed, which the message names together
                with what is allowed; or it has another version, and the message lists what differs.

        Examples:
            >>> Settings.from_json('{"threshold": "otsu"}').threshold
            'otsu'
        """
        return replace(base or cls(), **parse_recipe(recipe, _SCHEMA))


_SCHEMA: Final[Schema] = {each.name: allowed_in(each) for each in fields(Settings)}


def setting_names() -> tuple[str, ...]:
    """Return the names of all settings.

    Returns:
        The names, in the order in which the pipeline uses the settings.

    Examples:
        >>> setting_names()[0]
        'medium'
    """
    return tuple(_SCHEMA)


def allowed_values(name: str) -> Allowed:
    """Return the values that a setting may have.

    Args:
        name: The name of a setting.

    Returns:
        A range of numbers, a choice of words, intervals, or lists of numbers.

    Raises:
        KeyError: There is no setting of this name.

    Examples:
        >>> allowed_values("clahe_tiles")
        Range(low=1, high=32, is_integer=True)
    """
    return _SCHEMA[name]


def settings_of_stage(stage: str) -> list[str]:
    """Return the names of the settings that control a stage of the pipeline.

    Args:
        stage: The name of a stage, or `ANSWER`.

    Returns:
        The names, none for most stages.

    Examples:
        >>> settings_of_stage("clahe")
        ['clahe_clip', 'clahe_tiles']
    """
    return [each.name for each in fields(Settings) if stage_of(each) == stage]
