import pytest

from tuning.synthetic_samples import DRAWINGS, synthetic_samples


@pytest.fixture(scope="session")
def drawings(tmp_path_factory):
    """Four drawings of numbers, whose readings take little time."""
    return synthetic_samples(DRAWINGS, 4, tmp_path_factory.mktemp("cache"))
