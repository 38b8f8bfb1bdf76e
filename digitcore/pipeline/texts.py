"""Read one picture with many settings: the steps that some of them share are run once."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

from digitcore.io.decode import UprightPicture, load_picture
from digitcore.pipeline.answer import read_text
from digitcore.pipeline.ink import extract_ink
from digitcore.pipeline.run import create_run
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.settings import Settings, setting_names, settings_of_stage
from digitcore.stages import StageName
from digitcore.types import UInt8Array

_STAGES: Final = list(StageName)
INK_SETTINGS: Final = [name for stage in _STAGES[: _STAGES.index(StageName.INK) + 1] for name in settings_of_stage(stage)]
"""The settings on which the ink depends."""

OTHER_SETTINGS: Final = [name for name in setting_names() if name not in INK_SETTINGS]
"""The settings on which only depends what is read from the ink."""


def read_texts(
    source: bytes | UInt8Array | UprightPicture, settings: Sequence[Settings], profile: WriterProfile | None = None
) -> list[str]:
    """Read a picture with each of several settings, in less time than `read_image` takes for all of them.

    Args:
        source: as in `read_image`.
        settings: any number of settings.
        profile: as in `read_image`.

    Returns:
        The text of the reading with each.

    Raises:
        ImageError: the picture can't be read.
        ModelError: the network can't be loaded.

    Examples:
        >>> from pathlib import Path
        >>> read_texts(Path("samples/pen.jpg").read_bytes(), [Settings(), Settings(polarity="light_ink")])
        ['3', '']
    """
    picture = load_picture(source)
    inks: dict[tuple[Any, ...], UInt8Array] = {}
    texts: dict[tuple[Any, ...], str] = {}
    found = []
    for each in settings:
        run = create_run(each, profile=profile)
        ink_key = _values(each, INK_SETTINGS)
        if ink_key not in inks:
            inks[ink_key] = extract_ink(picture, run)
        ink = inks[ink_key]
        text_key = (sha256(ink.tobytes()).digest(), *_values(each, OTHER_SETTINGS))
        if text_key not in texts:
            texts[text_key] = read_text(ink, picture, run)
        found.append(texts[text_key])
    return found


def _values(settings: Settings, names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(settings, name) for name in names)
