"""One run of the reading pipeline: what it was asked for, and what it has recorded so far."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from digitcore.messages import Message
from digitcore.pipeline_params import PipelineParams
from digitcore.preprocessing.margin import crop_margin
from digitcore.recognition.classification import ClassifiedMark, MarkClassifier, classify_marks
from digitcore.recognition.classifier import Classifier, default_classifier
from digitcore.recognition.parameters import PersonalizationParams
from digitcore.recognition.personalization import PersonalClassifier
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.settings import Settings
from digitcore.stages import GlobalThreshold, Stage, StageName
from digitcore.types import UInt8Array

_DEFAULTS: Final = Settings()


@dataclass(slots=True)
class PipelineRun:
    """One run of the pipeline: its settings, its network, and what it has recorded so far.

    Attributes:
        settings: the parameters.
        classifier: the network.
        params: the tuned numbers of all stages.
        stages: the stages so far.
        notes: sentences for the user so far.
        stage_start_s: when the latest stage ended, by `time.perf_counter`.
        classification_count: how many marks and candidates were classified so far.
        margin_px: width of the paper that is added around the picture at present; stages are recorded without it.
    """

    settings: Settings
    classifier: MarkClassifier
    params: PipelineParams = PipelineParams()
    stages: list[Stage] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    stage_start_s: float = field(default_factory=time.perf_counter)
    classification_count: int = 0
    margin_px: int = 0

    def classify(self, inks: Sequence[UInt8Array]) -> list[ClassifiedMark]:
        """Normalize and classify marks, uint8 `(h, w)` each, and count them."""
        self.classification_count += len(inks)
        return classify_marks(inks, self.classifier, self.settings, self.params.recognition.normalization)

    def record(self, name: StageName, image: UInt8Array, note: Message, threshold: GlobalThreshold | None = None) -> UInt8Array:
        """Record a stage, and return its image."""
        now = time.perf_counter()
        shown = np.ascontiguousarray(crop_margin(image, self.margin_px)) if self.margin_px else image
        self.stages.append(Stage(name, shown, note, 1000 * (now - self.stage_start_s), threshold))
        self.stage_start_s = now
        return image


def create_run(
    settings: Settings | None = None,
    classifier: MarkClassifier | None = None,
    profile: WriterProfile | None = None,
    params: PipelineParams | None = None,
) -> PipelineRun:
    """Create a run of the pipeline; the arguments are those of `read_image`.

    Raises:
        ModelError: the network can't be loaded.
        ValueError: the classifier is no `Classifier`, which a profile needs.
    """
    network = classifier or default_classifier()
    params = params or PipelineParams.of_classes(network.classes)
    adapted = _adapted_classifier(network, profile, params.recognition.personalization)
    return PipelineRun(settings or _DEFAULTS, adapted, params)


def _adapted_classifier(classifier: MarkClassifier, profile: WriterProfile | None, params: PersonalizationParams) -> MarkClassifier:
    """Return the classifier that uses the writer's examples, if there are any."""
    if not profile:
        return classifier
    if not isinstance(classifier, Classifier):
        raise ValueError(f"expected a Classifier, which a profile needs, received {type(classifier).__name__}.")
    return PersonalClassifier(classifier, profile, params)
