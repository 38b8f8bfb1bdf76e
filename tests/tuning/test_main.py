"""The commands, on a few drawings and one page."""

import pytest

from digitcore.parameters import iterate_parameters
from digitcore.pipeline_params import PipelineParams
from tuning import __main__ as command
from tuning.record import Record
from tuning.synthetic_samples import synthetic_samples

pytestmark = pytest.mark.slow

NAME = "layout.pen.relative_width"


@pytest.fixture
def run(monkeypatch, drawings):
    """Run a command on the drawings."""

    def run(*arguments, samples=drawings):
        monkeypatch.setattr(command, "load_samples", lambda *_: (samples, ["strings: not there."]))
        monkeypatch.setattr("sys.argv", ["tuning", *map(str, arguments)])
        command.main()

    return run


def test_the_sensitivity_is_recorded_and_reported(run, tmp_path, capsys):
    record, page = tmp_path / "record.json", tmp_path / "sensitivity.md"
    assert NAME in [name for name, _, _ in iterate_parameters(PipelineParams())]
    run("sensitivity", "--only", NAME, "--record", record)
    assert list(Record.load(record).changes) == [NAME]
    run("report", page, "--record", record)
    assert f"| `{NAME}` |" in page.read_text(encoding="utf-8")
    output = capsys.readouterr()
    assert output.out.startswith(NAME)
    assert output.err == "skipped: strings: not there.\n"


def test_a_record_of_other_samples_is_reported_with_a_warning(run, tmp_path, capsys):
    Record("old").save(tmp_path / "record.json")
    run("report", tmp_path / "sensitivity.md", "--record", tmp_path / "record.json")
    assert "other code, parameters or samples" in capsys.readouterr().err


def test_the_search_prints_its_gain_on_held_out_sources(run, capsys):
    run("optimise", NAME, "--folds", "2")
    assert capsys.readouterr().out.splitlines()[-1].startswith("mean gain on held-out folds")


def test_stages_and_answers_are_measured(run, capsys, tmp_path):
    run("stages", samples=synthetic_samples("hard pages", 1, tmp_path))
    output = capsys.readouterr().out
    assert "| polarity: right | 100.0 | 1 |" in output
    assert "| hard pages | 1 |" in output
