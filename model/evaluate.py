"""Measure the shipped network and complete its card: `python -m model.evaluate` (or `make evaluate`).

The network is measured as it is served: the LiteRT file, through the classifier that the pages use. The networks that were
trained in the same way from other seeds (`model/seeds/`) are measured beside it, for the spread.
"""

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from digitcore import Classifier, load_classifier
from digitcore.types import Float32Array, UInt8Array
from model import artefacts, calibration, measures
from model.data import LabelledDigits, load_test, load_training
from model.export import served_model
from model.pages import measure_pages

NOT_DIGITS_NAME: Final = "not-digits-dev.npz"
AUROC_WANTED: Final = {"fashion": 0.998, "characters": 0.97}
"""Of the marks in that file; all of the synthetic ones are to be refused."""


def calibrate(folder: Path) -> dict[str, Any]:
    """Fit temperature and digit score on the validation pictures, measure those, and complete the card, which is returned."""
    _, validation = load_training()
    logits = load_classifier(artefacts.served_in(folder) / artefacts.LITERT_NAME).logits(validation.images)
    card = artefacts.read_card(folder)
    card["serving"] = serving(logits, validation)
    card["validation"] = calibration.measure(logits, validation.labels, card["serving"]["temperature"])
    artefacts.write_card(card, folder)
    return card


def serving(logits: Float32Array, validation: LabelledDigits) -> dict[str, float]:
    """Fit what turns the logits into calibrated probabilities and a digit score."""
    return {"temperature": calibration.fit_temperature(logits, validation.labels), **calibration.fit_digit_score(logits)}


def measure(classifier: Classifier, spoilt: Mapping[str, UInt8Array], marks: Mapping[str, UInt8Array]) -> dict[str, Any]:
    """Measure all that the card has on one network, its speed apart."""
    test = load_test()
    return {
        "test": measures.measure_test_set(classifier, test),
        "other_hands": measures.measure_accuracy(classifier, measures.other_hands()),
        "corruptions": measures.measure_corruptions(classifier, spoilt),
        "not_digits": measures.measure_not_digits(classifier, test.images, marks),
    }


def measure_seeds(folder: Path, spoilt: Mapping[str, UInt8Array], marks: Mapping[str, UInt8Array]) -> dict[str, Any]:
    """Calibrate and measure the networks `*.keras` in `folder` like the one that ships, and summarize them."""
    _, validation = load_training()
    found: dict[str, dict[str, float]] = {}
    for path in sorted(folder.glob("*.keras")):
        model = served_model(path)
        logits = Classifier(model, {"serving": calibration.NEUTRAL}).logits(validation.images)
        card = {"serving": serving(logits, validation)}
        validation_pct = 100 * float((logits.argmax(axis=1) == validation.labels).mean())
        measured = measure(Classifier(model, card), spoilt, marks)
        found[path.stem] = {"validation_pct": round(validation_pct, 3), **headlines(measured)}
    if len(found) < 2:
        return {}
    names = list(next(iter(found.values())))
    hashes = {path.stem: artefacts.sha256(path) for path in sorted(folder.glob("*.keras"))}
    return {
        "sha256": hashes,
        "networks": found,
        "spread": {name: measures.spread([each[name] for each in found.values()]) for name in names},
    }


def headlines(card: Mapping[str, Any]) -> dict[str, float]:
    """Return the figures by which networks are compared."""
    return {
        "test_pct": card["test"]["accuracy_pct"],
        "expected_calibration_error_pct": card["test"]["expected_calibration_error_pct"],
        "other_hands_pct": card["other_hands"]["accuracy_pct"],
        "corruptions_mean_pct": card["corruptions"]["mean_pct"],
        "corruptions_lowest_pct": card["corruptions"]["lowest_pct"],
        **{f"auroc {name}": measured["auroc"] for name, measured in card["not_digits"].items() if "refused_pct" in measured},
    }


def report(card: Mapping[str, Any]) -> str:
    """Format the card's headline figures as a table with targets and the other seeds."""
    spread = card["seeds"].get("spread", {})
    lines = [f"{'':<48}{'measured':>10}{'wanted':>10}   other seeds"]
    for what, value, wanted, at_least, name in rows(card):
        seeds = f"{spread[name]['mean']} ± {spread[name]['standard_deviation']}" if name in spread else ""
        met = value >= wanted if at_least else value <= wanted
        lines.append(f"{what:<48}{value:>10g}{'≥' if at_least else '≤':>4}{wanted:>6g}   {seeds:<18}{'' if met else 'MISSED'}".rstrip())
    return "\n".join(lines)


def rows(card: Mapping[str, Any]) -> list[tuple[str, float, float, bool, str]]:
    """List each measure with its value, its target, whether that is a minimum, and its name among `headlines`."""
    test, corruptions, latency, pages = card["test"], card["corruptions"], card["latency"], card["pages"]
    table: list[tuple[str, float, float, bool, str]] = [
        ("MNIST test, %", test["accuracy_pct"], 99.8, True, "test_pct"),
        ("calibration error (ECE), %", test["expected_calibration_error_pct"], 0.3, False, "expected_calibration_error_pct"),
        ("scikit-learn's digits, %", card["other_hands"]["accuracy_pct"], 99.0, True, "other_hands_pct"),
        ("fifteen corruptions, mean, %", corruptions["mean_pct"], 96.0, True, "corruptions_mean_pct"),
        ("fifteen corruptions, lowest, %", corruptions["lowest_pct"], 85.0, True, "corruptions_lowest_pct"),
        ("test digits accepted as digits, %", test["accepted_as_digit_pct"], 99.5, True, ""),
        ("photographed pages: characters, %", pages["characters_pct"], 98.0, True, ""),
        ("photographed pages: all right, %", pages["whole_pct"], 85.0, True, ""),
        ("pages without a digit: nothing read, %", pages["without_digits"]["silent_pct"], 95.0, True, ""),
        ("pages moved, scaled, turned, inverted: same, %", pages["varied"]["same_text_pct"]["all"], 97.0, True, ""),
        ("one digit on one thread, ms", latency["median_ms"], 1.0, False, ""),
        ("digits a second in a batch on one thread", latency["digits_a_second"], 2_000, True, ""),
        ("served file, MB", card["model"]["size_bytes"] / 1e6, 1.5, False, ""),
    ]
    for name, measured in card["not_digits"].items():
        wanted = AUROC_WANTED.get(name)
        if wanted is None:
            table.append((f"{name}: refused, %", measured["refused_pct"], 100.0, True, ""))
        else:
            table.append((f"{name}: AUROC", measured["auroc"], wanted, True, f"auroc {name}"))
    return table


def _not_digits_path() -> Path | None:
    """Find the stored marks next to the folder of the MNIST files, where they are available."""
    folder = os.environ.get("DIGITS_DATA")
    return Path(folder).resolve().parent / NOT_DIGITS_NAME if folder else None


def main() -> None:
    """Measure, complete the card, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=artefacts.MODEL_DIR, help="where the artefacts are")
    parser.add_argument("--not-digits", type=Path, default=_not_digits_path(), help="an .npz file of marks that are no digits")
    options = parser.parse_args()
    folder = options.folder
    card = calibrate(folder)
    classifier = load_classifier(artefacts.served_in(folder) / artefacts.LITERT_NAME)
    latency = measures.measure_latency(classifier)
    spoilt, marks = measures.corrupted_test_sets(), measures.synthetic_marks() | measures.stored_marks(options.not_digits)
    measured = measure(classifier, spoilt, marks)
    measured["not_digits"] = card.get("not_digits", {}) | measured["not_digits"]  # a set that isn't at hand keeps its figures
    measured["pages"] = measure_pages(classifier, load_test())
    card |= {**measured, "latency": latency, "seeds": measure_seeds(folder / artefacts.SEEDS_NAME, spoilt, marks)}
    artefacts.write_card(card, folder)
    print(report(card))


if __name__ == "__main__":
    main()
