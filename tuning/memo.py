"""Keep the results of the pipeline's steps, so that a changed number costs only the steps that it may affect.

`StepMemo` replaces the functions in `STEPS` by ones that keep their results for one sample. With other parameters a result is reused if
the arguments are the same and none of the fields that were read for it has changed; what a field affects is found out by
`tuning.dependencies` and declared nowhere.
"""

import hashlib
import importlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Final, NamedTuple
from unittest.mock import patch

import numpy as np

from digitcore.parameters import ParameterGroup
from digitcore.pipeline.run import PipelineRun
from digitcore.recognition.classification import MarkClassifier, WrappedClassifier
from digitcore.recognition.normalization import NormalizedDigit, normalize_digit
from digitcore.types import Float32Array, UInt8Array
from tuning.dependencies import ParameterField, ReadRecorder

_STEPS_BY_MODULE: Final = {
    "digitcore.pipeline.reading": ("load_picture", "extract_ink"),
    "digitcore.pipeline.ink": (
        *("best_contrast_channel", "enlarge", "smooth", "make_overview", "find_sheet", "mask_outside_sheet"),
        *("estimate_polarity_and_stroke_width", "flatten", "find_writing", "scale_to_main_ink"),
    ),
    "digitcore.preprocessing.ink_extraction": (
        *("find_border_artifacts", "paper_threshold", "remove_ruled_lines", "main_ink_darkness", "with_faint_parts"),
        "remove_border_artifacts",
    ),
    "digitcore.pipeline.marks": ("_segment_lines", "find_lines"),
    "digitcore.layout.lattice": ("over_segment",),
    "digitcore.pipeline.answer": ("find_separators",),
}

STEPS: Final[tuple[tuple[str, str], ...]] = tuple((module, name) for module, names in _STEPS_BY_MODULE.items() for name in names)
"""Module and name of the functions whose results are kept, as that module calls them."""


class StepCall(NamedTuple):
    """One call of a step with unchanged parameters."""

    arguments: tuple[Any, ...]
    reads: frozenset[ParameterField]
    result: Any


@dataclass(slots=True)
class StepMemo:
    """Results of the steps for one sample.

    Attributes:
        calls: by the name of the step.
        reads: all fields that were read for the sample.
    """

    calls: dict[str, list[StepCall]] = field(default_factory=dict)
    reads: frozenset[ParameterField] = frozenset()

    def last_call(self, step: str) -> StepCall:
        """Return the last call of a step, given by the name of its function.

        Raises:
            ValueError: there was none.
        """
        for name, calls in self.calls.items():
            if name.rpartition(".")[2] == step:
                return calls[-1]
        raise ValueError(f"expected a call of {step}, received none.")

    def last_result(self, step: str) -> Any:
        """Return the result of `last_call`."""
        return self.last_call(step).result

    @contextmanager
    def recording(self, recorder: ReadRecorder) -> Iterator[None]:
        """Keep the results of the steps that are called in this context."""

        def wrap(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
            def call(*args: Any, **kwargs: Any) -> Any:
                with recorder.reads() as reads:
                    result = step(*args, **kwargs)
                self.calls.setdefault(name, []).append(StepCall(_compared(args, kwargs), frozenset(reads), result))
                return result

            return call

        with _replaced_steps(wrap), recorder.active(), recorder.reads() as every:
            yield
        self.reads = frozenset(every)

    @contextmanager
    def reusing(self, changed: frozenset[ParameterField]) -> Iterator[None]:
        """Reuse the results that don't depend on the changed fields in this context."""

        def wrap(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
            known = [call for call in self.calls.get(name, ()) if not call.reads & changed]

            def call(*args: Any, **kwargs: Any) -> Any:
                compared = _compared(args, kwargs)
                for each in known:
                    if same_values(each.arguments, compared):
                        return each.result
                return step(*args, **kwargs)

            return call

        with _replaced_steps(wrap):
            yield


@contextmanager
def _replaced_steps(wrap: Callable[[str, Callable[..., Any]], Callable[..., Any]]) -> Iterator[None]:
    """Replace each of `STEPS` in its module."""
    with ExitStack() as stack:
        for module_name, name in STEPS:
            module = importlib.import_module(module_name)
            stack.enter_context(patch.object(module, name, wrap(f"{module_name}.{name}", getattr(module, name))))
        yield


def _compared(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """Return the arguments that a result depends on besides the parameters: data, but neither callables nor the pipeline's run."""
    every = (*args, *(value for _, value in sorted(kwargs.items())))
    return tuple(each for each in every if not (isinstance(each, ParameterGroup | PipelineRun) or callable(each)))


def same_values(first: Any, second: Any) -> bool:
    """Return whether two arguments are certainly the same: one object, or equal arrays, numbers, texts, tuples, lists and dataclasses.

    Examples:
        >>> same_values((1, np.zeros(3)), (1, np.zeros(3))), same_values(object(), object())
        (True, False)
    """
    if first is second:
        return True
    if type(first) is not type(second):
        return False
    if isinstance(first, np.ndarray):
        return first.dtype == second.dtype and np.array_equal(first, second)
    if isinstance(first, tuple | list):
        return len(first) == len(second) and all(map(same_values, first, second))
    if is_dataclass(first):
        return all(same_values(getattr(first, each.name), getattr(second, each.name)) for each in fields(first))
    return isinstance(first, int | float | str | bytes) and bool(first == second)


class CachedNormalization:
    """A `normalize_digit` that normalizes the same ink once.

    Args:
        normalize: the function whose results are kept.
    """

    def __init__(self, normalize: Callable[..., NormalizedDigit] = normalize_digit) -> None:
        self._normalize = normalize
        self._known: dict[tuple[Any, ...], NormalizedDigit] = {}

    def __call__(self, ink: UInt8Array, *args: Any, **kwargs: Any) -> NormalizedDigit:
        """Normalize a mark.

        Args:
            ink: uint8 `(H, W)`, white on black, with some ink.
            *args: further arguments of `normalize_digit`, the parameters among them.
            **kwargs: likewise.
        """
        content = hashlib.blake2b(ink.tobytes(), digest_size=16).digest()
        key = (ink.shape, content, args, tuple(sorted(kwargs.items())))
        if key not in self._known:
            self._known[key] = self._normalize(ink, *args, **kwargs)
        return self._known[key]

    @contextmanager
    def used(self) -> Iterator[None]:
        """Let the pipeline use it in this context."""
        with patch("digitcore.recognition.classification.normalize_digit", self):
            yield


class CachedClassifier(WrappedClassifier):
    """A classifier that runs its network once for each image.

    Args:
        classifier: the one whose logits are kept.
    """

    def __init__(self, classifier: MarkClassifier) -> None:
        super().__init__(classifier)
        self._known: dict[bytes, Float32Array] = {}

    def logits(self, images: UInt8Array) -> Float32Array:
        """Return the logits, float32 `(N, 10)`, of uint8 `(N, 28, 28)`."""
        keys = [image.tobytes() for image in images]
        new = {key: index for index, key in enumerate(keys) if key not in self._known}
        if new:
            self._known |= dict(zip(new, self._wrapped.logits(images[list(new.values())]), strict=True))
        return np.stack([self._known[key] for key in keys])
