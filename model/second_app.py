"""Make an app that reads other classes than digits: `python -m model.second_app FOLDER` (or `make second-app FOLDER=…`).

Copies what git tracks of this checkout into a new folder, and trains a network for the classes there, which takes about three minutes on
two cores. `docs/template.md` tells what else to change.
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from model.train import parse

ROOT: Final = Path(__file__).resolve().parents[1]

CLASSES: Final = "ABCDEFGHIJ△□☆"
"""What the app reads by default: ten letters and three shapes."""

TRAINING: Final = ("--epochs", "8", "--peak-learning-rate", "0.004")
"""Options of the training, which further ones on the command line replace."""


def copy_checkout(folder: Path) -> None:
    """Copy the files of this checkout that git tracks, as they are now.

    Args:
        folder: to be created.

    Raises:
        FileExistsError: the folder exists.
        subprocess.CalledProcessError: this is no checkout.
    """
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    folder.mkdir(parents=True)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def main(arguments: Sequence[str] | None = None) -> None:
    """Copy the checkout, and train in the copy."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the app is to be; it mustn't exist")
    parser.add_argument("--classes", default=CLASSES, help="a character for each class; further options are those of model.train")
    options, others = parser.parse_known_args(arguments)
    training = [*TRAINING, "--classes", options.classes, *others]
    parse(training)  # before anything is copied
    try:
        copy_checkout(options.folder)
    except FileExistsError:
        parser.error(f"{options.folder} exists. Choose a new folder.")
    except (OSError, subprocess.CalledProcessError) as error:
        parser.error(f"this checkout can't be copied: {error}.")
    subprocess.run([sys.executable, "-m", "model.train", *training], cwd=options.folder, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
