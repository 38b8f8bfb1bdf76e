"""Tests of the list of versions that `make audit` checks."""

import subprocess

import pytest

from testing import audit

HASH = "    --hash=sha256:" + 64 * "0"
BOTH = (
    f"av==1.0 ; python_full_version < '3.12' \\\n{HASH}\nav==2.0 ; python_full_version >= '3.12' \\\n{HASH} \\\n{HASH}\n"
    f"zict==3.0.0 \\\n{HASH}\n"
)


def test_every_version_is_audited_whatever_its_marker():
    files = audit.without_markers([BOTH, f"colorama==0.4 ; sys_platform == 'win32' \\\n{HASH}\n"])
    assert files == [
        f"av==1.0 \\\n{HASH}\ncolorama==0.4 \\\n{HASH}\nzict==3.0.0 \\\n{HASH}\n",
        f"av==2.0 \\\n{HASH} \\\n{HASH}\n",
    ]


def test_a_version_in_several_files_is_audited_once():
    assert audit.without_markers([BOTH, BOTH]) == audit.without_markers([BOTH])


def test_the_requirements_of_the_project_are_all_found():
    texts = [path.read_text(encoding="utf-8") for path in audit.ROOT.glob("requirements*.txt")]
    pinned = {line.split(" ")[0] for text in texts for line in text.splitlines() if line and not line.startswith((" ", "#"))}
    found = {f"{name}=={version}" for name, versions in audit.pinned_versions(texts).items() for version in versions}
    assert found == pinned


@pytest.mark.parametrize(("codes", "expected"), [([0, 0], 0), ([1, 0], 1), ([0, 1], 1)])
def test_one_failed_audit_is_enough_to_fail(monkeypatch, codes, expected):
    """Of all files, the last as well as the first."""
    monkeypatch.setattr(audit, "without_markers", lambda _: ["a", "b"])
    remaining = iter(codes)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], next(remaining)))
    assert audit.main() == expected
