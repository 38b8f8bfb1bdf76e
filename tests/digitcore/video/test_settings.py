import os

import pytest

from digitcore.errors import SettingsError
from digitcore.video.settings import MAXIMUM_STREAMS, STREAMS_PER_CORE, StreamSettings


@pytest.mark.parametrize(("text", "limit"), [("1", 1), ("  12 ", 12), ("250", 250)])
def test_the_limit_is_read_from_the_environment(monkeypatch, text, limit):
    monkeypatch.setenv(MAXIMUM_STREAMS, text)
    assert StreamSettings().maximum_streams == limit


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "²", "1e3", "+3"])
def test_other_values_are_rejected_with_name_and_value(monkeypatch, text):
    monkeypatch.setenv(MAXIMUM_STREAMS, text)
    with pytest.raises(SettingsError, match=MAXIMUM_STREAMS) as caught:
        StreamSettings()
    assert text in str(caught.value)


@pytest.mark.parametrize("text", [None, "", "  "])
@pytest.mark.parametrize(("cores", "limit"), [(1, 1), (2, 3), (16, 24), (None, 1)])
def test_the_default_depends_on_the_number_of_cores(monkeypatch, text, cores, limit):
    if text is None:
        monkeypatch.delenv(MAXIMUM_STREAMS, raising=False)
    else:
        monkeypatch.setenv(MAXIMUM_STREAMS, text)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert STREAMS_PER_CORE == 1.5
    assert StreamSettings().maximum_streams == limit
