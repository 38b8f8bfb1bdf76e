"""The JSON of the contract, for the description at `/api/openapi.json`. Answers are not made by these: see `Reading.to_dict`."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]


class DigitModel(BaseModel):
    """One mark, and what the network says of it."""

    model_config = ConfigDict(title="Digit")

    label: Annotated[int, Field(ge=0, le=9)]
    confidence: Annotated[Share, Field(description="Calibrated probability of `label`.")]
    probabilities: Annotated[list[Share], Field(min_length=10, max_length=10, description="Of the digits 0 to 9, calibrated.")]
    digit_score: Annotated[Share, Field(description="How much of a digit it is.")]
    accepted: Annotated[bool, Field(description="Whether it is in `text`.")]
    reason: Annotated[str, Field(description="Why it was refused or is unsure; else empty.")]
    box_xywh: Annotated[list[int], Field(min_length=4, max_length=4, description="In pixels of the upright original.")]
    line: Annotated[int, Field(ge=0)]


class ReadingModel(BaseModel):
    """What a picture says; the same as `python -m digitcore read --json`, without `file`."""

    model_config = ConfigDict(title="Reading")

    status: Annotated[Literal["ok", "blank", "no_digit"], Field(description="`no_digit`: there are marks, but none is a digit.")]
    text: Annotated[str, Field(description="The accepted digits in reading order, lines joined by `/`.")]
    lines: list[str]
    digits: Annotated[list[DigitModel], Field(description="All marks in reading order, the refused ones too.")]
    notes: Annotated[list[str], Field(description="What to know besides, in sentences.")]
    elapsed_ms: Annotated[float, Field(ge=0)]


class HealthModel(BaseModel):
    """The network is loaded and answers."""

    model_config = ConfigDict(title="Health")

    status: Literal["ok"]
    model_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class CardModel(BaseModel):
    """The network's card: how it was made, and how good it is."""

    model_config = ConfigDict(title="ModelCard", extra="allow", protected_namespaces=())

    model: dict[str, Any]
    serving: dict[str, Any]


class ProblemModel(BaseModel):
    """What is wrong and what to do (RFC 9457)."""

    model_config = ConfigDict(title="Problem")

    type: Literal["about:blank"]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Annotated[str, Field(description="A sentence that can be shown as it stands.")]
    request_id: str | None
