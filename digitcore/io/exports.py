"""A reading to take away: every stage as a picture, and the recipe that reads the same."""

import io
import zipfile
from typing import Final

from digitcore.io.decode import encode
from digitcore.results import Reading
from digitcore.settings import Settings

RECIPE_NAME: Final = "recipe.json"

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest date a ZIP knows: the same reading gives the same bytes."""


def stages_zip(reading: Reading, settings: Settings) -> bytes:
    """A ZIP of all stages as PNG, numbered in their order, with the recipe.

    Args:
        reading: with its stages.
        settings: what it was read by.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for place, stage in enumerate(reading.stages, 1):
            archive.writestr(zipfile.ZipInfo(f"{place:02}-{stage.name}.png", _LONG_AGO), encode(stage.image, "png"))
        recipe = zipfile.ZipInfo(RECIPE_NAME, _LONG_AGO)
        recipe.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(recipe, settings.to_json())
    return buffer.getvalue()
