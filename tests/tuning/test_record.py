from digitcore.pipeline_params import PipelineParams
from tuning.reader import Answer
from tuning.record import Change, Record, fingerprint_of
from tuning.samples import Sample

PARAMS = PipelineParams()


def test_a_record_is_read_as_it_was_saved(tmp_path):
    record = Record("f", {"a": Answer("1", "1.")}, {"x": [Change(2, 3, {"a": Answer("", "")}), Change(0.5, refused="too low")]})
    record.save(tmp_path / "folder" / "record.json")
    assert Record.load(tmp_path / "folder" / "record.json") == record


def test_a_record_of_other_code_is_not_continued(tmp_path):
    path = tmp_path / "record.json"
    Record("old", changes={"x": []}).save(path)
    assert Record.open(path, "old").changes == {"x": []}
    assert Record.open(path, "new") == Record("new")


def test_the_fingerprint_depends_on_code_parameters_and_samples(tmp_path):
    (tmp_path / "code.py").write_text("a = 1")
    picture = tmp_path / "1.png"
    picture.write_bytes(b"1")
    samples = [Sample("set", "a", "a", "12", path=str(picture))]
    first = fingerprint_of(samples, PARAMS, tmp_path)
    assert fingerprint_of(samples, PARAMS, tmp_path) == first
    assert fingerprint_of([], PARAMS, tmp_path) != first
    picture.write_bytes(b"22")
    second = fingerprint_of(samples, PARAMS, tmp_path)
    (tmp_path / "code.py").write_text("a = 2")
    assert len({first, second, fingerprint_of(samples, PARAMS, tmp_path)}) == 3
