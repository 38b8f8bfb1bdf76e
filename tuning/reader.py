"""Read samples with other parameters, in two processes that each keep the steps of their share of the samples."""

import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

import cv2

from digitcore import Reading, read_image, read_strokes
from digitcore.pipeline_params import PipelineParams
from digitcore.recognition.classifier import default_classifier
from tuning.dependencies import ReadRecorder, changed_fields
from tuning.memo import CachedClassifier, CachedNormalization, StepMemo
from tuning.samples import Sample

PROCESSES: Final = 2


class Answer(NamedTuple):
    """What was read."""

    text: str
    """Digits, lines joined by "/"; for parameters with which the pipeline fails, the type of the error."""

    written: str
    """Numbers with their separators."""


class SampleReader:
    """Reads samples with some parameters, and again with others, without computing what these can't affect.

    Args:
        samples: what to read.
        params: the unchanged parameters; answers with other ones cost more the more fields differ.

    Attributes:
        answers: with the unchanged parameters, by `Sample.key`.
    """

    def __init__(self, samples: Sequence[Sample], params: PipelineParams = PipelineParams()) -> None:
        self._samples = samples
        self._params = params
        self._classifier = CachedClassifier(default_classifier())
        self._normalization = CachedNormalization()
        self._pictures = {sample.key: Path(sample.path).read_bytes() for sample in samples if sample.path}
        self._memos = {sample.key: StepMemo() for sample in samples}
        self.answers: dict[str, Answer] = {}
        recorder = ReadRecorder()
        for sample in samples:
            with self._memos[sample.key].recording(recorder):
                self.answers[sample.key] = self._read(sample, params)

    def differences(self, params: PipelineParams) -> dict[str, Answer]:
        """Read all samples with other parameters.

        Args:
            params: the others.

        Returns:
            The answers that differ from those with the unchanged parameters, by `Sample.key`.
        """
        changed = changed_fields(self._params, params)
        differing = {}
        for sample in self._samples:
            memo = self._memos[sample.key]
            if not memo.reads & changed:
                continue
            with memo.reusing(changed):
                answer = self._read(sample, params)
            if answer != self.answers[sample.key]:
                differing[sample.key] = answer
        return differing

    def users(self, params: PipelineParams) -> list[str]:
        """Return the keys of the samples for which a field is read whose value differs in other parameters."""
        changed = changed_fields(self._params, params)
        return [key for key, memo in self._memos.items() if memo.reads & changed]

    def _read(self, sample: Sample, params: PipelineParams) -> Answer:
        try:
            with self._normalization.used():
                reading = self._reading(sample, params)
        except (ValueError, ArithmeticError, IndexError, cv2.error) as error:  # a value that some step can't work with
            return Answer(type(error).__name__, "")
        return Answer(reading.text, reading.written_text)

    def _reading(self, sample: Sample, params: PipelineParams) -> Reading:
        if sample.path:
            return read_image(self._pictures[sample.key], classifier=self._classifier, params=params)
        # only a profile needs more of a classifier than `CachedClassifier` has
        return read_strokes(sample.strokes, sample.size_wh, classifier=self._classifier, params=params)  # type: ignore[arg-type]


_readers: list[SampleReader] = []
"""The reader of a worker process."""


def _open(samples: Sequence[Sample], params: PipelineParams) -> dict[str, Answer]:
    """Read the samples of this process with unchanged parameters."""
    cv2.setNumThreads(1)
    _readers[:] = [SampleReader(samples, params)]
    return _readers[0].answers


def _differences(params: PipelineParams) -> tuple[dict[str, Answer], int]:
    (reader,) = _readers
    return reader.differences(params), len(reader.users(params))


class ParallelReader:
    """A `SampleReader` whose samples are divided among processes.

    Args:
        samples: what to read.
        params: the unchanged parameters.

    Attributes:
        answers: with the unchanged parameters, by `Sample.key`.
    """

    def __init__(self, samples: Sequence[Sample], params: PipelineParams = PipelineParams()) -> None:
        self._stack = ExitStack()
        context = multiprocessing.get_context("spawn")
        self._pools = [self._stack.enter_context(ProcessPoolExecutor(1, context)) for _ in range(PROCESSES)]
        self.answers: dict[str, Answer] = {}
        opened = [pool.submit(_open, samples[index::PROCESSES], params) for index, pool in enumerate(self._pools)]
        for each in opened:
            self.answers |= each.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._stack.close()

    def differences(self, params: PipelineParams) -> tuple[dict[str, Answer], int]:
        """Read all samples with other parameters.

        Args:
            params: the others.

        Returns:
            The answers that differ from those with the unchanged parameters, and for how many samples a changed field is read at all.
        """
        every: dict[str, Answer] = {}
        users = 0
        for future in [pool.submit(_differences, params) for pool in self._pools]:
            found, count = future.result()
            every |= found
            users += count
        return every, users


def with_differences(answers: Mapping[str, Answer], differing: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return all answers with other parameters."""
    return {**answers, **differing}
