"""Draw the fonts' characters into `model/fonts.npz` and list the fonts in `model/FONTS.md`.

The same packages, Pillow and NumPy give the same files, byte for byte.
"""

import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from synthetic.fonts.glyphs import draw, fit, has_character, load_font
from synthetic.fonts.packages import Font, install_fonts
from synthetic.fonts.selection import HELD_OUT, characters_of

MODEL_DIR: Final = Path(__file__).resolve().parents[2] / "model"
CHARACTERS_PATH: Final = MODEL_DIR / "fonts.npz"
ATTRIBUTION_PATH: Final = MODEL_DIR / "FONTS.md"

HEADING: Final = """\
# Handwriting fonts

`fonts.npz` has pictures of the digits, letters and signs of these fonts, 40×40 pixels each; it has no font. `make fonts` draws them from
the npm packages that `synthetic/fonts/package-lock.json` pins, and writes this list. OFL-1.1 is the SIL Open Font License, version 1.1,
which puts no conditions on pictures of a font's characters; Apache-2.0 is the Apache License, version 2.0. Networks are trained on the
fonts without a mark in the last column; the others are for evaluation.

| font | copyright | licence | source | package | held out |
|---|---|---|---|---|---|
"""


def save_characters(fonts: list[Font], path: Path) -> None:
    """Draw the characters of the fonts into a compressed NumPy file.

    Args:
        fonts: the fonts, at most 256.
        path: the file. It has `images`, uint8 `(N, 40, 40)`, `characters`, `<U1` `(N,)`, `fonts`, uint8 `(N,)`, which are indices of
            `names`, `<U…` `(F,)`.
    """
    images, characters, indices = [], [], []
    for index, font in enumerate(fonts):
        opened = load_font(font.path)
        present = [character for character in characters_of(font.name) if has_character(opened, character)]
        images += [fit(draw(opened, character)) for character in present]
        characters += present
        indices += [index] * len(present)
    arrays = {
        "images": np.stack(images),
        "characters": np.array(characters),
        "fonts": np.array(indices, np.uint8),
        "names": np.array([font.name for font in fonts]),
    }
    _save_bzip2(path, arrays)


def _save_bzip2(path: Path, arrays: dict[str, npt.NDArray[Any]]) -> None:
    """Save arrays as `numpy.savez_compressed` does, with bzip2: a fifth smaller than with deflate, and `numpy.load` opens both."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2, compresslevel=9) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as file:
                np.lib.format.write_array(file, array, allow_pickle=False)


def attribution(fonts: list[Font]) -> str:
    """List the fonts with their authors and licences, as a table in Markdown."""
    rows = [
        (font.family, font.copyright, font.licence, font.source, f"`{font.package}`", "×" if font.name in HELD_OUT else "")
        for font in fonts
    ]
    return HEADING + "".join(f"| {' | '.join(_escape(cell) for cell in row)} |\n" for row in rows)


def _escape(cell: str) -> str:
    return cell.replace("|", r"\|")


def main() -> None:
    """Install the fonts into a temporary folder, and write both files."""
    with tempfile.TemporaryDirectory() as folder:
        fonts = install_fonts(Path(folder))
        save_characters(fonts, CHARACTERS_PATH)
        ATTRIBUTION_PATH.write_text(attribution(fonts), encoding="utf-8")


if __name__ == "__main__":
    main()
