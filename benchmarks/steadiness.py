"""How steadily a page before a shaken camera is read, over many scenes, on frames and a clock of our own.

Each scene shows one number for ten seconds, then another. Only the reader works here: what is measured doesn't depend on the machine.
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
"""Each scene is shown in four hands; each takes a number and then the next, so that all are used."""

SECONDS: Final = 10.0
"""How long the first number is shown."""

NEXT_SECONDS: Final = 4.0
"""How long the second number is shown."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen of one scene."""

    name: str
    first: str
    second: str
    texts: list[str]
    """What the reader said after each frame, at `FRAMES_PER_SECOND`."""

    seconds: float
    """How long the first number was shown."""

    @property
    def since_lock(self) -> list[str]:
        """Return the readings of the first number, from the first that is not empty."""
        texts = self.texts[: self.switch]
        return texts[next((place for place, text in enumerate(texts) if text), len(texts)) :]

    @property
    def switch(self) -> int:
        """Return the first frame of the second number."""
        return round(self.seconds * FRAMES_PER_SECOND)

    @property
    def changes(self) -> int:
        """Count the changes of the reading."""
        texts = self.since_lock
        return sum(text != after for text, after in pairwise(texts))

    @property
    def lock_s(self) -> float:
        """Until it first said the right number; all the time if it never did."""
        return _until(self.first, self.texts[: self.switch])

    @property
    def next_s(self) -> float:
        """Return the same for the second number, from its first frame."""
        return _until(self.second, self.texts[self.switch :])


def steadiness(seconds: float = SECONDS) -> tuple[list[Row], str]:
    """Measure all scenes: the rows, and which scenes were the worst."""
    watched = list(_watch_all(seconds))
    texts = [(each.first, text) for each in watched for text in each.since_lock]
    rows = [
        Row(
            "frames read rightly since the first lock",
            sum(first == text for first, text in texts) / max(len(texts), 1),
            "",
            0.97,
            at_least=True,
        ),
        Row(f"changes of the text within {seconds:g} s, most of {len(watched)} scenes", max(each.changes for each in watched), "", 1),
        Row("until a number is read, slowest scene", max(each.lock_s for each in watched), "s", 0.7),
        Row("until a new number is read, slowest scene", max(each.next_s for each in watched), "s", 1.0),
    ]
    return rows, "\n".join(["The scenes that did worst:", *map(_said, sorted(watched, key=_badness, reverse=True)[:3])])


def _watch_all(seconds: float) -> Iterator[Watched]:
    hands = list(HANDS)[:4]
    for place, (name, scene) in enumerate(SCENES.items()):
        for turn, hand in enumerate(hands):
            index = place * len(hands) + turn
            first, second = (NUMBERS[(index + step) % len(NUMBERS)] for step in (0, 1))
            frames = chain.from_iterable(
                shaken(number_page(text, hand, scene, seed=2 * index + step), lasting, Shake(), seed=2 * index + step)
                for step, (text, lasting) in enumerate(((first, seconds), (second, NEXT_SECONDS)))
            )
            yield Watched(f"{name}, {hand} hand", first, second, list(_texts(frames)), seconds)


def _texts(frames: Iterator[UInt8Array]) -> Iterator[str]:
    reader = LiveReader()
    for place, frame in enumerate(frames):
        reader.process(frame, now_s=place / FRAMES_PER_SECOND)
        yield reader.view.reading.text if reader.view else ""


def _until(wanted: str, texts: list[str]) -> float:
    """Return the seconds from the first of these to the first that is as wanted."""
    return next((place for place, text in enumerate(texts) if text == wanted), len(texts)) / FRAMES_PER_SECOND


def _badness(watched: Watched) -> tuple[int, float, float]:
    return watched.changes, watched.next_s, watched.lock_s


def _said(watched: Watched) -> str:
    texts = " ".join(dict.fromkeys(filter(None, watched.since_lock)))
    return (
        f"  {watched.name}: {watched.first} was read as {texts or 'nothing'} with {watched.changes} changes, "
        f"after {watched.lock_s:.2f} s; {watched.second} after {watched.next_s:.2f} s"
    )
