"""The seeds of the fuzzers, without a fuzzer."""

import pytest

from testing.fuzz.__main__ import SEEDS
from testing.fuzz.targets import TARGETS

FILES = sorted(path for path in SEEDS.rglob("*") if path.is_file())


def test_each_target_has_seeds():
    assert {path.parent.name for path in FILES} == set(TARGETS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_each_seed_is_read_or_refused(path):
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("content", [b"", b"\xff" * 9, b"[" * 5_000, b"PK\x03\x04", b"[null]"])
def test_anything_is_read_or_refused(name, content):
    TARGETS[name](content)


def test_the_seeds_are_small():
    assert sum(path.stat().st_size for path in FILES) < 50_000
