import shutil

import numpy as np
import pytest

from model import artefacts


@pytest.fixture
def card():
    return artefacts.read_card()


def test_the_report_has_a_row_for_everything_that_was_wanted(evaluate, card):
    report = evaluate.report(card)
    for what in ("MNIST test", "ECE", "scikit-learn", "corruptions, mean", "corruptions, lowest", "accepted", "ms", "a second", "MB"):
        assert what in report
    for kind in card["not_digits"]:
        assert kind in report


def test_the_report_says_what_was_missed(evaluate, card):
    line = next(line for line in evaluate.report(card | {"test": card["test"] | {"accuracy_pct": 12.0}}).splitlines() if "MNIST" in line)
    assert line.endswith("MISSED")
    line = next(line for line in evaluate.report(card | {"test": card["test"] | {"accuracy_pct": 100.0}}).splitlines() if "MNIST" in line)
    assert "MISSED" not in line


@pytest.mark.nightly
def test_seeds_are_measured_alike(evaluate, tmp_path, mnist_test, card):
    for seed in (1, 2):
        shutil.copy(artefacts.MODEL_DIR / artefacts.KERAS_NAME, tmp_path / f"{seed}.keras")
    marks = {"noise": np.random.default_rng(1).integers(0, 256, (40, 28, 28), np.uint8)}
    seeds = evaluate.measure_seeds(tmp_path, {"none": mnist_test.images}, marks)
    assert seeds["networks"]["1"] == seeds["networks"]["2"]
    assert seeds["networks"]["1"]["test_pct"] == pytest.approx(card["test"]["accuracy_pct"], abs=0.02)
    assert seeds["networks"]["1"]["validation_pct"] == pytest.approx(card["validation"]["accuracy_pct"], abs=0.02)
    assert seeds["spread"]["test_pct"]["standard_deviation"] == 0
    assert seeds["sha256"]["1"] == artefacts.sha256(tmp_path / "1.keras")


def test_one_seed_has_no_spread(evaluate, tmp_path):
    assert evaluate.measure_seeds(tmp_path, {}, {}) == {}
