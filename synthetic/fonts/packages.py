"""Install the npm packages of the fonts with npm, at the versions and SHA-512 hashes of `package-lock.json`.

npm takes them from the registry that it is configured for, and refuses a package with another hash.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final, NamedTuple

MANIFEST_DIR: Final = Path(__file__).resolve().parent
"""Folder of the files in `MANIFEST_FILES`."""

MANIFEST_FILES: Final = ("package.json", "package-lock.json", ".npmrc")
"""What npm needs to install the packages."""

SUBSETS: Final = ("latin-400", "fallback-wght")
"""Parts of the names of the files to take, first choice first: regular weight, Latin characters; or a variable font, all characters."""

_COPYRIGHTS_OF_OTHER_STYLES: Final = re.compile(r"\s\S+\.ttf: .*")
"""What some packages append to the copyright line: the same line again for each other style of the font."""


class Font(NamedTuple):
    """A font in an installed package.

    Attributes:
        name: name of the package without its scope, such as "caveat".
        family: name of the font.
        package: full name and version of the package.
        copyright: copyright line.
        licence: SPDX identifier of the licence.
        source: address of the font's source.
        path: the font, in the format WOFF2.
    """

    name: str
    family: str
    package: str
    copyright: str
    licence: str
    source: str
    path: Path


def install_fonts(folder: Path) -> list[Font]:
    """Install the packages and describe their fonts.

    Args:
        folder: empty folder to install into.

    Returns:
        The fonts, sorted by name.

    Raises:
        FileNotFoundError: npm is not installed, or a package has no font of the expected name.
        subprocess.CalledProcessError: npm failed, for instance because a package has another hash.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("expected npm, which installs the fonts' packages; it comes with Node.js.")
    for name in MANIFEST_FILES:
        shutil.copy(MANIFEST_DIR / name, folder)
    subprocess.run([npm, "ci", "--silent"], cwd=folder, check=True)  # noqa: S603  the arguments are constants
    packages = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return sorted(describe(folder / "node_modules" / package) for package in packages)


def describe(package: Path) -> Font:
    """Describe the font of an installed package.

    Args:
        package: folder of the package.

    Returns:
        The font.

    Raises:
        FileNotFoundError: it has no font of the expected name.
    """
    metadata, manifest = _read_json(package / "metadata.json"), _read_json(package / "package.json")
    licence = metadata["license"]
    paths = [path for subset in SUBSETS for path in package.glob(f"files/{package.name}-{subset}-normal.woff2")]
    if not paths:
        raise FileNotFoundError(f"expected a font with one of {SUBSETS} in its name, received none in {package}.")
    return Font(
        name=package.name,
        family=metadata["family"],
        package=f"{manifest['name']}@{manifest['version']}",
        copyright=_COPYRIGHTS_OF_OTHER_STYLES.sub("", licence["attribution"]),
        licence=licence["type"],
        source=metadata["source"],
        path=paths[0],
    )


def _read_json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
