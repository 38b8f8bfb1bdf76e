"""Measure the stability of readings from a shaken camera, over many scenes.

Each scene shows one number for ten seconds, then another. Frames and clock are synthetic, so that the result doesn't depend on the speed
of the machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final

from benchmarks.timing import Row
from digitcore.types import UInt8Array
from digitcore.video import LiveReader
from synthetic.hands import HANDS
from synthetic.paper import Scene
from synthetic.video import FRAMES_PER_SECOND, Shake, number_page, shaken

SCENES: Final = {
    "plain paper": Scene(),
    "pencil": Scene(ink_rgb=(120, 119, 117), grain=0.35, pen=0.07),
    "squared paper": Scene(ruling="squared"),
    "shadow": Scene(shadow=0.45, shadow_edge=0.005),
    "blackboard": Scene(paper_rgb=(38, 58, 50), ink_rgb=(226, 228, 220), grain=0.3, pen=0.1),
}
NUMBERS: Final = ("31415", "27180", "90246", "75839", "1618", "604", "2", "55378")
"""Each scene is shown in four handwriting styles; successive videos start with successive numbers, so that all are used."""

SECONDS: Final = 10.0
"""Duration of the first number."""

NEXT_SECONDS: Final = 4.0
"""Duration of the second number."""


@dataclass(frozen=True, slots=True)
class SceneResult:
    """The readings of one video."""

    name: str
    first: str
    """The first number that is shown."""

    second: str
    """The second number that is shown."""

    texts: list[str]
    """The reading after each frame, at `FRAMES_PER_SECOND`."""

    seconds: float
    """Duration of the first number."""

    @property
    def confirmed_texts(self) -> list[str]:
        """Return the readings of the first number, from the first one that is not empty."""
        texts = self.texts[: self.switch]
        return texts[next((index for index, text in enumerate(texts) if text), len(texts)) :]

    @property
    def switch(self) -> int:
        """Return the index of the first frame of the second number."""
        return round(self.seconds * FRAMES_PER_SECOND)

    @property
    def changes(self) -> int:
        """Count the changes of the reading of the first number."""
        texts = self.confirmed_texts
        return sum(text != after for text, after in pairwise(texts))

    @property
    def first_s(self) -> float:
        """Return the time until the first number was read correctly; its duration if it never was."""
        return _seconds_until(self.first, self.texts[: self.switch])

    @property
    def second_s(self) -> float:
        """Return the same for the second number, from its first frame on."""
        return _seconds_until(self.second, self.texts[self.switch :])


def steadiness(seconds: float = SECONDS) -> tuple[list[Row], str]:
    """Measure all scenes; return the rows, and a text about the scenes with the worst results."""
    results = list(_read_scenes(seconds))
    texts = [(result.first, text) for result in results for text in result.confirmed_texts]
    rows = [
        Row(
            "frames read correctly after the first reading",
            sum(first == text for first, text in texts) / max(len(texts), 1),
            "",
            0.97,
            at_least=True,
        ),
        Row(
            f"changes of the text within {seconds:g} s, maximum of {len(results)} scenes", max(result.changes for result in results), "", 1
        ),
        Row("until a number is read, slowest scene", max(result.first_s for result in results), "s", 0.7),
        Row("until a new number is read, slowest scene", max(result.second_s for result in results), "s", 1.0),
    ]
    return rows, "\n".join(["The scenes with the worst results:", *map(_description, sorted(results, key=_badness, reverse=True)[:3])])


def _read_scenes(seconds: float) -> Iterator[SceneResult]:
    """Read the videos of all scenes in all handwriting styles."""
    hands = list(HANDS)[:4]
    for scene_index, (name, scene) in enumerate(SCENES.items()):
        for hand_index, hand in enumerate(hands):
            index = scene_index * len(hands) + hand_index
            first, second = (NUMBERS[(index + step) % len(NUMBERS)] for step in (0, 1))
            frames = chain.from_iterable(
                shaken(number_page(text, hand, scene, seed=2 * index + step), duration_s, Shake(), seed=2 * index + step)
                for step, (text, duration_s) in enumerate(((first, seconds), (second, NEXT_SECONDS)))
            )
            yield SceneResult(f"{name}, {hand} handwriting", first, second, list(_texts(frames)), seconds)


def _texts(frames: Iterator[UInt8Array]) -> Iterator[str]:
    """Yield the reading after each frame; empty before the first one."""
    reader = LiveReader()
    for index, frame in enumerate(frames):
        reader.process(frame, now_s=index / FRAMES_PER_SECOND)
        yield reader.view.reading.text if reader.view else ""


def _seconds_until(expected: str, texts: list[str]) -> float:
    """Return the seconds from the first text to the first one that is as expected."""
    return next((index for index, text in enumerate(texts) if text == expected), len(texts)) / FRAMES_PER_SECOND


def _badness(result: SceneResult) -> tuple[int, float, float]:
    """Return the key by which results are sorted; greater is worse."""
    return result.changes, result.second_s, result.first_s


def _description(result: SceneResult) -> str:
    """Describe a result in one line."""
    texts = " ".join(dict.fromkeys(filter(None, result.confirmed_texts)))
    return (
        f"  {result.name}: {result.first} was read as {texts or 'nothing'} with {result.changes} changes, "
        f"after {result.first_s:.2f} s; {result.second} after {result.second_s:.2f} s"
    )
