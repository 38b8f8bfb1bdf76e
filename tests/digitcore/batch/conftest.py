import pytest

from testing.batch_runs import save_digits


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A temporary folder, which is also the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def pictures(folder):
    """A folder with pictures of ten digits."""
    save_digits(folder / "pictures", 10)
    return folder / "pictures"
