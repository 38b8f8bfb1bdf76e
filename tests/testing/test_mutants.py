import io

import pytest

from testing import mutants


def run(monkeypatch, capsys, lines):
    """Run the command on lines of input; return its exit code and its output."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"    {line}\n" for line in lines)))
    return mutants.main(), capsys.readouterr().out


MUTANT = "digitcore.layout.boxes.x_a__mutmut_1"


def statuses_of(killed, survived):
    statuses = ["killed"] * killed + ["survived"] * survived
    return [f"digitcore.api.pool.x_f__mutmut_{number}: {status}" for number, status in enumerate(statuses)]


@pytest.mark.parametrize(("killed", "survived", "code"), [(8, 2, 0), (79, 21, 1), (1, 0, 0), (0, 1, 1)])
def test_a_package_with_too_few_killed_mutants_is_an_error(monkeypatch, capsys, killed, survived, code):
    assert run(monkeypatch, capsys, statuses_of(killed, survived))[0] == code


def test_each_package_has_its_own_percentage_and_the_survivors_are_named(monkeypatch, capsys):
    code, output = run(monkeypatch, capsys, ["digitcore.layout.boxes.x_a__mutmut_1: killed", *statuses_of(0, 1)])
    assert code == 1
    assert "survived: digitcore.api.pool.x_f__mutmut_0" in output
    assert "digitcore.api: 0 of 1 mutants killed, 0.0 %" in output
    assert "digitcore.layout: 1 of 1 mutants killed, 100.0 %" in output


@pytest.mark.parametrize(
    ("status", "survives"), [("killed", False), ("timeout", False), ("segfault", False), ("no tests", True), ("suspicious", True)]
)
def test_statuses_count_as_what_they_mean(status, survives):
    parsed = mutants.parse_statuses([f"{MUTANT}: {status}"])
    assert mutants.survivors(parsed["digitcore.layout"]) == [MUTANT] * survives


@pytest.mark.parametrize("status", ["not checked", "skipped"])
def test_untested_mutants_are_left_out(status):
    assert mutants.parse_statuses([f"{MUTANT}: {status}"]) == {}


def test_without_results_there_is_an_error(monkeypatch, capsys):
    assert run(monkeypatch, capsys, [])[0] == 1
