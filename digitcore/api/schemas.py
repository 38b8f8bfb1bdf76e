"""The JSON objects of the API, for its OpenAPI description.

Small responses (health, problems) are created from these models. Readings and the model card are sent as JSON that exists already: a
worker process encodes a reading, so that the event loop only forwards bytes. Tests check that these models describe real responses
completely: a response that is parsed by its model and dumped again must be unchanged.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from digitcore.numbers import Separator
from digitcore.results import Status

Fraction = Annotated[float, Field(ge=0, le=1)]
Percent = Annotated[float, Field(ge=0, le=100)]


class DigitModel(BaseModel):
    """A mark and its classification."""

    model_config = ConfigDict(title="Digit")

    label: Annotated[int, Field(ge=0, description="The most probable digit, or the index of another class.")]
    confidence: Annotated[Fraction, Field(description="Calibrated probability of `label`.")]
    probabilities: Annotated[list[Fraction], Field(min_length=2, description="Calibrated, of each of the `classes` in the model card.")]
    digit_score: Annotated[Fraction, Field(description="Between 0 (not a digit) and 1 (a digit).")]
    accepted: Annotated[bool, Field(description="Whether it is in `text`.")]
    reason: Annotated[str, Field(description="Why it was refused or is uncertain; otherwise empty.")]
    box_xywh: Annotated[list[int], Field(min_length=4, max_length=4, description="In pixels of the upright original.")]
    line: Annotated[int, Field(ge=0, description="Index of its line, from the top.")]
    separator: Annotated[Separator | None, Field(description="What it is in `numbers`, if it is a separator there; otherwise null.")]


class NumberModel(BaseModel):
    """A number as it is written."""

    model_config = ConfigDict(title="Number")

    text: Annotated[str, Field(description="Its digits and separators (`.`, `,`, `-`, `/`, `:`); `?` stands for a mark that is no digit.")]
    value: Annotated[
        str | None,
        Field(description="The number in decimal notation; null where the text isn't one number, such as `14/02`, or may be two."),
    ]
    confidence: Annotated[Fraction, Field(description="Of its least sure digit or separator.")]
    box_xywh: Annotated[list[int], Field(min_length=4, max_length=4, description="In pixels of the upright original.")]
    reason: Annotated[str, Field(description="Why its separators are uncertain, or that a mark in it is no digit; otherwise empty.")]


class AlternativeModel(BaseModel):
    """One of the texts that a line may have."""

    model_config = ConfigDict(title="Alternative")

    text: Annotated[str, Field(min_length=1, description="Its digits alone, without separators.")]
    probability: Annotated[Fraction, Field(description="Calibrated probability that this is what the line says.")]


class ReadingModel(BaseModel):
    """The digits read in a picture: the output of `python -m digitcore read --json` without `file`."""

    model_config = ConfigDict(title="Reading")

    status: Annotated[Status, Field(description="`blank`: no ink. `no_digit`: there are marks, but none is a digit.")]
    text: Annotated[str, Field(description="The accepted digits in reading order, lines joined by `/`.")]
    lines: Annotated[list[str], Field(description="The accepted digits of each line.")]
    numbers: Annotated[list[list[NumberModel]], Field(description="For each of `lines` its numbers, separators included, from the left.")]
    alternatives: Annotated[
        list[Annotated[list[AlternativeModel], Field(min_length=1, max_length=5)]],
        Field(description="For each of `lines` the texts that it may have, the likeliest first; the first is the line itself."),
    ]
    digits: Annotated[list[DigitModel], Field(description="All marks in reading order, the refused ones included.")]
    notes: Annotated[list[str], Field(description="Warnings about the picture or the reading, in sentences.")]
    elapsed_ms: Annotated[float, Field(ge=0, description="The time that the reading took.")]


class ComparisonModel(BaseModel):
    """A picture that wasn't read as its label."""

    model_config = ConfigDict(title="Comparison")

    file: Annotated[str, Field(description="Its path in the ZIP.")]
    label: Annotated[str, Field(description="What is written, lines joined by `/`; empty where there are no digits.")]
    text: Annotated[str, Field(description="What was read, likewise.")]
    status: Annotated[Status | Literal["error"], Field(description="That of the reading; `error`: the picture couldn't be read.")]
    wrong_characters: Annotated[int, Field(ge=0, description="Edit distance between the digits of both.")]
    lowest_confidence: Annotated[Fraction | None, Field(description="Of the digits that were read; null without any.")]
    error: Annotated[str, Field(description="Why it couldn't be read; otherwise empty.")]


class BinModel(BaseModel):
    """Digits of similar confidence."""

    model_config = ConfigDict(title="ReliabilityBin")

    count: Annotated[int, Field(ge=1)]
    confidence: Annotated[Fraction, Field(description="Their mean confidence.")]
    accuracy: Annotated[Fraction, Field(description="The share of them that is right.")]


class TrialModel(BaseModel):
    """A change of one setting, tried on some pictures."""

    model_config = ConfigDict(title="Trial")

    setting: str
    value: Annotated[Any, Field(description="What the setting is changed to.")]
    change: Annotated[str, Field(description="The change in words.")]
    mended: Annotated[int, Field(ge=1, description="Misread pictures that are read correctly with it.")]
    broken: Annotated[int, Field(ge=0, description="Correctly read pictures that are misread with it.")]


class AdviceModel(BaseModel):
    """Which changes of the settings would have helped."""

    model_config = ConfigDict(title="Advice")

    misread_tried: Annotated[int, Field(ge=0, description="Misread pictures that were read again with each change.")]
    right_tried: Annotated[int, Field(ge=0, description="Correctly read pictures that were read again with the changes that mend any.")]
    changes: Annotated[list[TrialModel], Field(description="Those that mend any picture, those that mend the most first.")]


class EvaluationModel(BaseModel):
    """What was read from labelled pictures, compared with their labels: the output of `digit-reader evaluate --json`."""

    model_config = ConfigDict(title="Evaluation")

    pictures: Annotated[int, Field(ge=1, description="Labelled pictures.")]
    right: Annotated[int, Field(ge=0, description="Pictures that were read as their label, as a whole.")]
    unreadable: Annotated[int, Field(ge=0, description="Pictures that couldn't be read at all.")]
    accuracy_pct: Annotated[Percent, Field(description="Of whole pictures.")]
    characters: Annotated[int, Field(ge=0, description="Digits that are written.")]
    wrong_characters: Annotated[int, Field(ge=0, description="Edit distance of all pictures together.")]
    character_accuracy_pct: Annotated[Percent | None, Field(description="Null where nothing is written.")]
    aligned_pictures: Annotated[int, Field(ge=0, description="Pictures in which as many digits were read as are written.")]
    confusion: Annotated[list[list[int]], Field(description="Of the aligned pictures: counts by written digit, then by the digit read.")]
    expected_calibration_error_pct: Annotated[Percent | None, Field(description="Of the digits of the aligned pictures.")]
    reliability_bins: list[BinModel]
    misread: list[ComparisonModel]
    advice: AdviceModel | None
    notes: Annotated[list[str], Field(description="What was left out, in sentences with counts.")]


class HealthModel(BaseModel):
    """The network is loaded and classifies."""

    model_config = ConfigDict(title="Health", protected_namespaces=())

    status: Literal["ok"]
    model_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="Checksum of the network's file.")]


class CardModel(BaseModel):
    """The model card: how the network was trained, and how accurate it is."""

    model_config = ConfigDict(title="ModelCard", extra="allow", protected_namespaces=())

    classes: Annotated[str, Field(min_length=2, description="What the network reads: a character for each class.")]
    model: dict[str, Any]
    serving: dict[str, Any]


class ProblemModel(BaseModel):
    """An error: what is wrong and what to do (RFC 9457)."""

    model_config = ConfigDict(title="Problem")

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Annotated[str, Field(description="A sentence that can be shown to a user.")]
    request_id: str | None
