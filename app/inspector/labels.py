"""Names and help texts of the settings, their values and the stages, for the page."""

from typing import Any, Final, NamedTuple

from app.language import N_, _, localize, number, percent
from digitcore import Stage
from digitcore.settings import Choices, Interval, NumberList, Settings, allowed_values
from digitcore.stages import StageName


class SettingLabel(NamedTuple):
    """A setting's name and its help text."""

    name: str
    help: str


SETTING_GROUPS: Final = {
    N_("Ink"): (
        "medium",
        "polarity",
        "smoothing_px",
        "threshold",
        "paper_window",
        "adaptive_window",
        "minimum_contrast",
        "rulings",
        "clahe_clip",
        "clahe_tiles",
    ),
    N_("Marks"): ("touching_digits", "smallest_line"),
    N_("Digit"): ("minimum_stroke", "aspect_ratio", "centring"),
    N_("Answer"): ("unsure_below",),
    N_("Known numbers"): ("digit_count", "number_range", "check_digit", "allowed_numbers"),
}
"""All settings in the order in which the page shows them."""

SETTING_LABELS: Final = {
    "medium": SettingLabel(
        N_("Kind of picture"), N_("A drawing has a uniform background. In a photo, the lighting and the paper are estimated first.")
    ),
    "clahe_clip": SettingLabel(N_("Local contrast (CLAHE)"), N_("How much weak contrast is raised, tile by tile. 0 turns it off.")),
    "clahe_tiles": SettingLabel(
        N_("Tiles for local contrast"), N_("The number of tiles along each side of the picture, for local contrast.")
    ),
    "smoothing_px": SettingLabel(N_("Smoothing"), N_("How much the picture is blurred to remove noise. 0 turns it off.")),
    "polarity": SettingLabel(
        N_("Ink is"), N_("Darker than the paper, as with a pen, or lighter, as with chalk. By default it is detected automatically.")
    ),
    "paper_window": SettingLabel(
        N_("Paper window"), N_("Size of the area in which the paper's brightness is estimated, as a share of the shorter side.")
    ),
    "threshold": SettingLabel(
        N_("How ink is found"),
        N_(
            "Local paper: ink is clearly darker than the paper around it. Otsu: one threshold for the whole picture. "
            "Adaptive: one threshold for each neighbourhood."
        ),
    ),
    "adaptive_window": SettingLabel(
        N_("Neighbourhood size"), N_("Size of each neighbourhood for the adaptive threshold, as a share of the shorter side.")
    ),
    "rulings": SettingLabel(
        N_("Printed lines"), N_("Lines of ruled or squared paper. They can be removed only where ink is found by the local paper.")
    ),
    "minimum_contrast": SettingLabel(
        N_("Minimum contrast"), N_("The picture counts as blank if its ink differs less than this from the paper.")
    ),
    "smallest_line": SettingLabel(
        N_("Minimum line height"),
        N_("Lines of writing lower than this share of the main writing are left out, such as the date that a camera prints."),
    ),
    "touching_digits": SettingLabel(N_("Touching digits"), N_("Whether digits that touch are split where the network reads them best.")),
    "minimum_stroke": SettingLabel(
        N_("Thicken thin strokes to"),
        N_("As a share of the digit's longer side; the median in MNIST is 13 %. 0 changes nothing."),
    ),
    "aspect_ratio": SettingLabel(N_("Aspect ratio"), N_("Keep a narrow digit narrow, as MNIST does, or squash every digit into a square.")),
    "centring": SettingLabel(
        N_("Centred by"), N_("What is placed at the centre: the ink's centre of mass, as in MNIST, or the middle of its bounding box.")
    ),
    "unsure_below": SettingLabel(N_("Unsure below"), N_("Answers with less confidence are marked as unsure.")),
    "digit_count": SettingLabel(
        N_("Number of digits"), N_("How many digits each line has, such as 4 or 3-5. The likeliest reading with so many digits is taken.")
    ),
    "number_range": SettingLabel(
        N_("Range"), N_("Between which numbers each line is, such as 1-120. Points, commas and signs don't count.")
    ),
    "check_digit": SettingLabel(
        N_("Check digit"),
        N_(
            "Luhn: payment cards and IMEI. ISBN: books, except those that end in X. EAN: barcodes. IBAN: the digits after the country, "
            "where no further letters follow."
        ),
    ),
    "allowed_numbers": SettingLabel(
        N_("Allowed numbers"), N_("The only numbers that a line may be, separated by spaces, commas or line breaks. Up to 10,000.")
    ),
}

CHOICE_LABELS: Final = {
    "medium": {"photo": N_("Photo"), "drawing": N_("Drawing")},
    "polarity": {"auto": N_("Automatic"), "dark_ink": N_("Darker"), "light_ink": N_("Lighter")},
    "threshold": {"paper": N_("Local paper"), "otsu": N_("Otsu"), "adaptive": N_("Adaptive")},
    "rulings": {"remove": N_("Removed"), "keep": N_("Kept")},
    "touching_digits": {"cut": N_("Split"), "keep": N_("Left together")},
    "aspect_ratio": {"keep": N_("Kept"), "squash": N_("Squashed")},
    "centring": {"mass": N_("Centre of mass"), "box": N_("Bounding box")},
    "check_digit": {"none": N_("None"), "luhn": "Luhn", "isbn": "ISBN", "ean": "EAN", "iban": "IBAN"},
}
"""Names of a setting's values, where these are a choice."""

STAGE_TITLES: Final = {
    StageName.ORIGINAL: N_("Original"),
    StageName.GREY: N_("Greyscale"),
    StageName.CLAHE: N_("Local contrast"),
    StageName.SMOOTHED: N_("Smoothed"),
    StageName.POLARITY: N_("Dark on light"),
    StageName.PAPER: N_("Paper brightness"),
    StageName.DARKNESS: N_("Ink density"),
    StageName.THRESHOLD: N_("Threshold"),
    StageName.WRITING: N_("Handwriting only"),
    StageName.INK: N_("Ink (greyscale)"),
    StageName.CROP: N_("Cropped"),
    StageName.STROKE: N_("Stroke thickened"),
    StageName.FIT: N_("Scaled to 20 pixels"),
    StageName.CENTRE: N_("Centred"),
}

_WHOLE_PERCENT_TOLERANCE: Final = 1e-9
"""In percent: a share that is nearer to a whole percentage is shown without decimals."""


def setting_name(field: str) -> str:
    """Return a setting's name in the visitor's language."""
    return _(SETTING_LABELS[field].name)


def format_value(field: str, value: Any) -> str:
    """Format a setting's value with its unit, in the visitor's language."""
    values = allowed_values(field)
    if isinstance(values, Choices):
        return _(CHOICE_LABELS[field][value])
    if isinstance(values, Interval):
        return str(value).replace("-", "–") or "–"
    if isinstance(values, NumberList):
        return number(len(value)) if value else "–"
    if field.endswith("_px"):
        return _("{value} px").format(value=number(value, 1))
    if values.high > 1:
        return number(value, 0 if values.is_integer else 1)
    is_whole_percentage = abs(100 * value - round(100 * value)) < _WHOLE_PERCENT_TOLERANCE
    return percent(value, 0 if is_whole_percentage else 1)


def setting_with_value(field: str, settings: Settings) -> str:
    """Return a setting's name and its value, in the visitor's language."""
    return _("{setting}: {value}").format(setting=setting_name(field), value=format_value(field, getattr(settings, field)))


def stage_title(name: StageName) -> str:
    """Return a stage's title in the visitor's language."""
    return _(STAGE_TITLES[name])


def stage_alt_text(stage: Stage) -> str:
    """Return what screen readers say for a stage's picture."""
    return _("{title}: {note}").format(title=stage_title(stage.name), note=localize(stage.note))
