"""What settings, their values and the stages are called on a page."""

from typing import Any, Final, NamedTuple

from app.language import N_, _, number, percent
from digitcore.settings import Choices, Settings, allowed


class Label(NamedTuple):
    """A setting's name for people, and what it does."""

    name: str
    help: str


GROUPS: Final = {
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
}
"""All settings, in the order in which a person meets them."""

LABELS: Final = {
    "medium": Label(N_("Kind of picture"), N_("A drawing has flat paper. In a photo, light and paper have to be found first.")),
    "clahe_clip": Label(
        N_("Local contrast (CLAHE)"), N_("How far weak contrast is raised, part by part of the picture. 0 leaves it as it is.")
    ),
    "clahe_tiles": Label(N_("Parts for local contrast"), N_("Into how many parts each side is divided for that.")),
    "smoothing_px": Label(N_("Smoothing"), N_("How far noise is blurred away before ink is looked for. 0 leaves it as it is.")),
    "polarity": Label(N_("Ink is"), N_("Darker than its paper, as with a pen, or lighter, as with chalk. Usually this is found out.")),
    "paper_window": Label(N_("Paper around"), N_("How far around the paper's brightness is looked for, as a share of the shorter side.")),
    "threshold": Label(
        N_("Ink is told by"),
        N_(
            "Its paper: what is clearly darker than the paper around it. Otsu: one grey level for the whole picture. "
            "Adaptive: one for each neighbourhood."
        ),
    ),
    "adaptive_window": Label(N_("Neighbourhood"), N_("How large a neighbourhood is for the adaptive threshold.")),
    "rulings": Label(
        N_("Printed lines"), N_("Lines and squares that are printed on the paper. They can only be removed with the paper's way.")
    ),
    "minimum_contrast": Label(N_("Faintest ink"), N_("Ink that differs less than this from its paper counts as nothing.")),
    "smallest_line": Label(
        N_("Smallest line"), N_("Lines of writing lower than this share of the main writing are left out: a camera's date, for example.")
    ),
    "touching_digits": Label(N_("Touching digits"), N_("Whether digits that touch are cut apart where the network reads them best.")),
    "minimum_stroke": Label(
        N_("Thicken thin pens to"), N_("As a share of the digit's longer side. MNIST's pens are 13 % in the middle. 0 leaves pens thin.")
    ),
    "aspect_ratio": Label(N_("Shape"), N_("Keep a narrow digit narrow, as MNIST does, or squash every digit into a square.")),
    "centring": Label(N_("Centred by"), N_("What comes to the centre: the ink's centre of mass, as in MNIST, or the middle of its box.")),
    "unsure_below": Label(N_("Unsure below"), N_("An answer of less confidence is called unsure.")),
}

CHOICES: Final = {
    "medium": {"photo": N_("Photo"), "drawing": N_("Drawing")},
    "polarity": {"auto": N_("Found out"), "dark_ink": N_("Darker"), "light_ink": N_("Lighter")},
    "threshold": {"paper": N_("Its paper"), "otsu": N_("Otsu"), "adaptive": N_("Adaptive")},
    "rulings": {"remove": N_("Removed"), "keep": N_("Kept")},
    "touching_digits": {"cut": N_("Cut apart"), "keep": N_("Left together")},
    "aspect_ratio": {"keep": N_("Kept"), "squash": N_("Squashed")},
    "centring": {"mass": N_("Its mass"), "box": N_("Its box")},
}

STAGES: Final = {
    "original": N_("The picture"),
    "grey": N_("Grey"),
    "clahe": N_("Local contrast"),
    "smoothed": N_("Smoothed"),
    "polarity": N_("Dark on light"),
    "paper": N_("Paper alone"),
    "darkness": N_("Missing light"),
    "threshold": N_("Ink or paper?"),
    "writing": N_("Writing alone"),
    "ink": N_("Ink in its greys"),
    "crop": N_("Cropped"),
    "stroke": N_("Pen thickened"),
    "fit": N_("Fitted"),
    "centre": N_("Centred"),
}


def setting_name(field: str) -> str:
    """What a setting is called."""
    return _(LABELS[field].name)


def value_name(field: str, value: Any) -> str:
    """A setting's value with its unit."""
    what = allowed(field)
    if isinstance(what, Choices):
        return _(CHOICES[field][value])
    if field.endswith("_px"):
        return _("{value} px").format(value=number(value, 1))
    if what.high > 1:
        return number(value, 0 if what.whole else 1)
    return percent(value, 0 if abs(100 * value - round(100 * value)) < 1e-9 else 1)


def setting_in_words(field: str, settings: Settings) -> str:
    """A setting with its present value."""
    return _("{setting}: {value}").format(setting=setting_name(field), value=value_name(field, getattr(settings, field)))


def stage_title(name: str) -> str:
    """What a stage is called."""
    return _(STAGES[name])
