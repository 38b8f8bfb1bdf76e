"""One writer's own digits: examples with which the network's answers are adapted to the writer's hand."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any, Final, Self
from weakref import WeakKeyDictionary

import numpy as np

from digitcore.errors import ProfileError
from digitcore.messages import Message
from digitcore.recognition.classifier import Classifier
from digitcore.recognition.model_input import CLASS_COUNT, MODEL_SIDE_PX
from digitcore.types import Float32Array, Int64Array, UInt8Array

MAX_EXAMPLES: Final = 1_000
"""The most examples: a hundred of each digit. Two of each are enough for most of the gain; this bounds memory and time."""

FORMAT_VERSION: Final = 1
"""Of the JSON that `WriterProfile.to_json` writes."""

MAX_JSON_BYTES: Final = 2_000_000
"""The largest JSON that is parsed; a profile of `MAX_EXAMPLES` has 1.1 MB."""

_PIXELS: Final = MODEL_SIDE_PX * MODEL_SIDE_PX
_ADVICE: Final = Message("Choose a file that was downloaded here.")


class WriterProfile:
    """Examples of a writer's digits, in memory.

    Examples:
        >>> import numpy as np
        >>> profile = WriterProfile()
        >>> profile.add(np.zeros((28, 28), np.uint8), 0)
        >>> len(profile), len(WriterProfile.from_json(profile.to_json()))
        (1, 1)
    """

    def __init__(self) -> None:
        self._images: list[UInt8Array] = []
        self._labels: list[int] = []
        self._features: WeakKeyDictionary[Classifier, Float32Array] = WeakKeyDictionary()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the examples alone: features belong to the networks of this process."""
        return type(self).from_json, (self.to_json(),)

    def __len__(self) -> int:
        return len(self._labels)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WriterProfile) and self.to_json() == other.to_json()

    __hash__ = None  # type: ignore[assignment]  # it changes

    @property
    def images(self) -> UInt8Array:
        """Return the examples, uint8 `(N, 28, 28)`, white ink on black, in the order in which they were added."""
        return np.array(self._images, np.uint8).reshape(-1, MODEL_SIDE_PX, MODEL_SIDE_PX)

    @property
    def labels(self) -> Int64Array:
        """Return which digits they show, int64 `(N,)`."""
        return np.array(self._labels, np.int64)

    def add(self, model_input: UInt8Array, label: int) -> None:
        """Add an example.

        Args:
            model_input: uint8 `(28, 28)`, white ink on black, as in `Digit.model_input`.
            label: which digit it shows, 0 to 9.

        Raises:
            ProfileError: there are `MAX_EXAMPLES` already.
            ValueError: another shape, type or label; the text gives what was expected and received.
        """
        if model_input.shape != (MODEL_SIDE_PX, MODEL_SIDE_PX) or model_input.dtype != np.uint8:
            raise ValueError(f"expected uint8 (28, 28), received {model_input.dtype} {model_input.shape}.")
        if label not in range(CLASS_COUNT):
            raise ValueError(f"expected a label from 0 to 9, received {label!r}.")
        if len(self) >= MAX_EXAMPLES:
            raise ProfileError(Message("A profile holds {limit:,} digits at most. Start a new one.", limit=MAX_EXAMPLES))
        self._images.append(model_input.copy())
        self._labels.append(int(label))

    def features(self, classifier: Classifier) -> Float32Array:
        """Return the features of all examples; the network is run for those that it has not been run for before.

        Args:
            classifier: the network.

        Returns:
            float32 `(N, F)`, as `Classifier.logits_and_features` returns them.
        """
        known = self._features.get(classifier)
        first_new = 0 if known is None else len(known)
        if known is None or first_new < len(self):
            new = classifier.logits_and_features(self.images[first_new:])[1]
            known = new if known is None else np.concatenate([known, new])
            self._features[classifier] = known
        return known

    def to_json(self) -> str:
        """Write the profile, to be stored by its writer.

        Returns:
            JSON text; `from_json` reads it.
        """
        examples = [
            {"label": label, "image": base64.b64encode(image.tobytes()).decode()}
            for image, label in zip(self._images, self._labels, strict=True)
        ]
        return json.dumps({"version": FORMAT_VERSION, "examples": examples})

    @classmethod
    def from_json(cls, text: str | bytes, max_examples: int = MAX_EXAMPLES) -> Self:
        """Read a profile.

        Args:
            text: what `to_json` has written, or its encoded bytes. To bound what is loaded, pass the first `MAX_JSON_BYTES` + 1 of them.
            max_examples: the most examples, `MAX_EXAMPLES` or fewer.

        Returns:
            The profile.

        Raises:
            ProfileError: the text is no profile, one of another version, or too large; the message says what is wrong.
        """
        profile = cls()
        for number, example in enumerate(_parse_examples(text, max_examples), 1):
            image, label = _parse_example(example, number)
            profile.add(image, label)
        return profile


def _parse_examples(text: str | bytes, max_examples: int) -> Sequence[Any]:
    """Return the examples of a profile as they stand in its JSON."""
    if len(text) > MAX_JSON_BYTES:
        raise _not_a_profile(Message("it is larger than {limit} MB", limit=MAX_JSON_BYTES // 1_000_000))
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _not_a_profile(Message("it is no JSON")) from error
    if not isinstance(content, dict) or not isinstance(content.get("examples"), list):
        raise _not_a_profile(Message("it has no list of examples"))
    if content.get("version") != FORMAT_VERSION:
        raise ProfileError(Message("This handwriting profile has another version than {version}. Teach a new one.", version=FORMAT_VERSION))
    examples: list[Any] = content["examples"]
    if len(examples) > max_examples:
        raise ProfileError(Message("This handwriting profile has more than {limit:,} examples. Choose a smaller one.", limit=max_examples))
    return examples


def _parse_example(example: Any, number: int) -> tuple[UInt8Array, int]:
    """Return an example's picture and label."""
    label = example.get("label") if isinstance(example, dict) else None
    if type(label) is not int or label not in range(CLASS_COUNT):
        raise _not_a_profile(Message("example {number} has no label from 0 to 9", number=number))
    try:
        pixels = base64.b64decode(example.get("image"), validate=True)
    except (TypeError, ValueError, binascii.Error):
        pixels = b""
    if len(pixels) != _PIXELS:
        raise _not_a_profile(Message("example {number} has no picture of {side}×{side} pixels", number=number, side=MODEL_SIDE_PX))
    return np.frombuffer(pixels, np.uint8).reshape(MODEL_SIDE_PX, MODEL_SIDE_PX), label


def _not_a_profile(reason: Message) -> ProfileError:
    return ProfileError(Message("This isn't a handwriting profile: {reason}. {advice}", reason=reason, advice=_ADVICE))
