"""Look for known vulnerabilities in every version that a requirements file pins: `python -m testing.audit`.

pip-audit alone would leave out what the markers exclude on this machine: packages for other platforms, and for other versions of Python, as
in the container image. It would also succeed with packages that its service doesn't know.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PIN: Final = re.compile(r"^([\w.-]+)==([^\s;]+)(?: ;[^\\\n]*)? \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?(?:\n|\Z))+)", re.MULTILINE)
"""A pinned requirement with its hashes: name, version, and the lines of hashes."""


def pinned_versions(texts: list[str]) -> dict[str, dict[str, str]]:
    """Collect the pinned versions of each package, whatever their markers.

    Args:
        texts: contents of requirements files.

    Returns:
        for each package its versions, each with its lines of hashes.
    """
    versions: dict[str, dict[str, str]] = {}
    for text in texts:
        for name, version, hashes in PIN.findall(text):
            versions.setdefault(name, {})[version] = hashes
    return versions


def without_markers(texts: list[str]) -> list[str]:
    """Distribute all pinned versions over as few requirements files as possible, each with one version of a package at most.

    Args:
        texts: contents of requirements files.

    Returns:
        contents of requirements files without markers.
    """
    files: list[str] = []
    for name, versions in sorted(pinned_versions(texts).items()):
        for number, (version, hashes) in enumerate(sorted(versions.items())):
            if number == len(files):
                files.append("")
            files[number] += f"{name}=={version} \\\n{hashes.rstrip()}\n"
    return files


def main() -> int:
    """Audit all requirements files; return 1 if there is a vulnerability, or a package that can't be audited, otherwise 0."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("requirements*.txt"))]
    failed = False
    for text in without_markers(texts):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "requirements.txt"
            path.write_text(text, encoding="utf-8")
            options = ["--strict", "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--requirement", str(path)]
            failed |= subprocess.run([sys.executable, "-m", "pip_audit", *options], check=False).returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
