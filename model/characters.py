"""Training and validation data for any classes; other than digits, letters of handwriting fonts, and shapes by synthetic writers."""

from collections.abc import Callable
from string import ascii_uppercase
from typing import Final

import numpy as np

from digitcore.class_names import DIGITS
from digitcore.recognition.normalization import normalize_digit
from digitcore.types import UInt8Array
from model.batches import BatchSources
from model.data import LabelledDigits, load_training
from model.drawn_marks import blob, dots, scribble, texture
from model.fonts import Split, load_font_characters, normalize_all
from model.handwritten import HELD_OUT_WRITERS, as_model_input
from model.negatives import pair
from synthetic.shapes import SHAPES, draw_shape
from synthetic.writers import make_writer

CHARACTER_COUNT: Final = 6_000
"""Number of characters in an epoch; in each epoch they are augmented in another way."""

NEGATIVE_COUNT: Final = 3_000
"""Number of negatives generated at the start of a training; the batches sample from them."""

SHAPE_COUNT: Final = 200
"""Number of writers of each shape."""

_PAIR_SHARE: Final = 0.3
"""Share of the generated negatives that are two characters side by side."""

_DRAWN: Final[tuple[Callable[[np.random.Generator], UInt8Array], ...]] = (scribble, blob, texture, dots)
"""What draws marks that resemble neither letters nor shapes."""


def check_classes(classes: str) -> None:
    """Raise a `ValueError` if a class can't be trained: no font has the character, and it is no shape."""
    if unknown := set(classes) - set(load_font_characters(Split.TRAINING).characters.tolist()) - set(SHAPES):
        raise ValueError(f"expected characters of `model/fonts.npz` or {SHAPES}, received {''.join(sorted(unknown))}.")


def load_characters(classes: str, split: Split) -> LabelledDigits:
    """Load characters, normalized like every mark.

    Args:
        classes: letters, digits, and `synthetic.shapes.SHAPES`.
        split: of the fonts; the writers of the shapes aren't in both, either.

    Returns:
        The images of all classes, class by class; the label of each is the index of its class.

    Raises:
        ValueError: no font has a character, and it is no shape.
    """
    fonts = load_font_characters(split)
    check_classes(classes)
    images = [_shapes(name, split) if name in SHAPES else normalize_all(fonts.where(fonts.characters == name).images) for name in classes]
    labels = np.repeat(np.arange(len(classes)), [len(of_class) for of_class in images])
    return LabelledDigits(np.concatenate(images), labels)


def load_validation(classes: str) -> LabelledDigits:
    """Load the images that no network with these classes is trained on: MNIST's for the digits, else those of `load_characters`."""
    return load_training()[1] if classes == DIGITS else load_characters(classes, Split.HELD_OUT)


def character_sources(classes: str, seed: int, limit: int | None = None) -> BatchSources:
    """Generate what the batches of a training sample from.

    Args:
        classes: as in `load_characters`.
        seed: of the random numbers.
        limit: maximum number of characters, and of negatives; None for the usual numbers.

    Returns:
        The characters, of each class about as many; and as negatives drawn marks, pairs of characters, and the capital letters that are
        no class.

    Raises:
        ValueError: as in `load_characters`.
    """
    rng = np.random.default_rng(seed)
    characters = load_characters(classes, Split.TRAINING)
    counts = np.bincount(characters.labels)
    chosen = rng.choice(
        len(characters.labels), min(limit or CHARACTER_COUNT, CHARACTER_COUNT), p=1 / (len(counts) * counts)[characters.labels]
    )
    drawn = [_negative(characters.images, rng) for _ in range(min(limit or NEGATIVE_COUNT, NEGATIVE_COUNT))]
    others = "".join(letter for letter in ascii_uppercase if letter not in classes)
    negatives = {"negatives": np.stack(drawn)}
    if others:
        negatives["font_negatives"] = load_characters(others, Split.TRAINING).images
    return BatchSources(characters.where(chosen), {}, negatives)


def _shapes(name: str, split: Split) -> UInt8Array:
    """Draw a shape by the writers of a split: uint8 `(SHAPE_COUNT, 28, 28)`."""
    first = HELD_OUT_WRITERS if split is Split.HELD_OUT else 0
    images = []
    for seed in range(first, first + SHAPE_COUNT):
        writer, rng = make_writer(seed), np.random.default_rng((seed, SHAPES.index(name)))
        images.append(as_model_input(writer.write_paths(draw_shape(name, rng), rng), writer.pen))
    return np.stack(images)


def _negative(characters: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Generate a mark that is no character: uint8 `(28, 28)`."""
    if rng.random() < _PAIR_SHARE:
        mark = pair(characters[rng.integers(len(characters), size=2)], rng)
    else:
        mark = _DRAWN[rng.integers(len(_DRAWN))](rng)
    return normalize_digit(mark).model_input if mark.any() else _negative(characters, rng)
