"""Explain one mark of a picture: how the network classified it, and which settings would change what is read."""

from functools import partial
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from digitcore.analysis.ablation import Outcome, ablate, variations
from digitcore.api.schemas import DigitModel
from digitcore.errors import DigitError
from digitcore.io.decode import load_picture
from digitcore.pipeline import read_image
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.rejections import RejectionReason
from digitcore.results import Status
from digitcore.settings import Settings
from digitcore.workers.reader import run_with_deadline


class ChangeModel(BaseModel):
    """A change of one setting with which something else is read."""

    model_config = ConfigDict(title="Change")

    setting: str
    value: Annotated[Any, Field(description="What the setting is changed to.")]
    change: Annotated[str, Field(description="The change in words.")]
    status: Annotated[Status, Field(description="What is then found.")]
    text: Annotated[str, Field(description="The digits that are then read, lines joined by `/`.")]


class ExplanationModel(BaseModel):
    """Why a mark was read as it was."""

    model_config = ConfigDict(title="Explanation")

    text: Annotated[str, Field(description="The accepted digits of the whole picture, lines joined by `/`.")]
    digit: DigitModel
    rejection: Annotated[RejectionReason | None, Field(description="The kind of reason why it was refused; null where it is accepted.")]
    changes: Annotated[list[ChangeModel], Field(description="The settings that, changed one at a time, change what is read.")]


def explain_mark(picture: bytes, index: int, settings: Settings, profile: WriterProfile | None, timeout_s: float) -> ExplanationModel:
    """Explain one mark; end this process if that takes too long.

    Args:
        picture: the bytes of an image file.
        index: of the mark in `Reading.digits`, from 0.
        settings: how to read the picture, and what is varied.
        profile: as in `read_image`.
        timeout_s: the most seconds that each of the readings may take.

    Returns:
        The explanation.

    Raises:
        ImageError: the picture can't be read.
        ModelError: the network can't be loaded.
        DigitError: there is no such mark.
    """
    reading_count = 1 + len(variations(settings))
    return run_with_deadline(partial(_explain_mark, picture, index, settings, profile), reading_count * timeout_s)


def _explain_mark(picture: bytes, index: int, settings: Settings, profile: WriterProfile | None) -> ExplanationModel:
    upright = load_picture(picture)
    reading = read_image(upright, settings, profile=profile)
    if index not in range(len(reading.digits)):
        raise DigitError(_no_such_mark(len(reading.digits)))
    digit = reading.digits[index]
    outcomes = ablate(upright, settings, reading, profile=profile)
    return ExplanationModel(
        text=reading.text,
        digit=DigitModel.model_validate(digit.to_dict()),
        rejection=digit.rejection,
        changes=[_change(outcome) for outcome in outcomes if outcome.changed],
    )


def _change(outcome: Outcome) -> ChangeModel:
    variation = outcome.variation
    value = getattr(variation.settings, variation.field)
    return ChangeModel(setting=variation.field, value=value, change=str(variation.step), status=outcome.status, text=outcome.text)


def _no_such_mark(count: int) -> str:
    """Describe which marks a picture has."""
    if count == 0:
        return "This picture has no marks to explain."
    if count == 1:
        return "This picture has one mark: its index is 0."
    return f"This picture has {count:,} marks: give an index from 0 to {count - 1}."
