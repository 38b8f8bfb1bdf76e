import pytest

from testing.batch_runs import save_digits


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where a test's files are, and where it works."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def pictures(folder):
    """Ten digits in a folder of their own."""
    save_digits(folder / "pictures", 10)
    return folder / "pictures"
