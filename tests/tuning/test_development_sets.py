import gzip
import json

import pytest

from tuning.catalogue import load_samples
from tuning.development_sets import ENVIRONMENT_VARIABLE, SETS, MissingSetError, development_samples, source_of


@pytest.fixture
def folder(tmp_path):
    photos, strokes = tmp_path / "photos-dev", tmp_path / "strokes"
    photos.mkdir()
    strokes.mkdir()
    (photos / "labels.csv").write_text("file,label,kind\np_anna_01.jpg,12/3,photo\np_ben_01.jpg,7,photo\ngone_1.jpg,45,photo\n")
    (photos / "p_anna_01.jpg").touch()
    (photos / "p_ben_01.jpg").touch()
    row = {"writer": "w", "label": "5", "strokes": [[[1, 2], [3, 4]], [[5, 6]]]}
    for name in ("digits", "signs"):
        with gzip.open(strokes / f"{name}.jsonl.gz", "wt") as file:
            file.write(json.dumps(row) + "\n")
    return str(tmp_path)


def test_pictures_are_listed_with_their_source(folder):
    (sample,) = development_samples("photographed pages", folder)
    assert (sample.name, sample.source, sample.expected) == ("p_anna_01.jpg", "p_anna", "12/3")
    (digit,) = development_samples("photographed digits", folder)
    assert digit.expected == "7"


def test_strokes_are_drawings_by_their_writer(folder):
    (sample,) = development_samples("strokes", folder)
    assert (sample.source, sample.expected, sample.path) == ("w", "5", "")
    assert [stroke.points.tolist() for stroke in sample.strokes] == [[[1, 2], [3, 4]], [[5, 6]]]


def test_of_signs_nothing_should_be_read(folder):
    assert [sample.expected for sample in development_samples("strokes of signs", folder)] == [""]


@pytest.mark.parametrize("known", ["", None])
def test_without_the_setting_every_set_is_skipped_with_a_reason(known):
    for name in SETS:
        with pytest.raises(MissingSetError, match=f"{name}: {ENVIRONMENT_VARIABLE} names no folder"):
            development_samples(name, known)


def test_a_missing_set_is_skipped_with_a_reason(folder, monkeypatch, tmp_path):
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, folder)
    samples, skipped = load_samples({"strings": 5, "strokes": 5}, tmp_path)
    assert [sample.set_name for sample in samples] == ["strokes"]
    assert skipped == [f"strings: {ENVIRONMENT_VARIABLE} has no folder strings."]


@pytest.mark.parametrize(("name", "source"), [("p_anna_01.jpg", "p_anna"), ("a_b_c_7.png", "a_b_c"), ("one.png", "one")])
def test_the_source_is_the_name_without_its_number(name, source):
    assert source_of(name) == source
