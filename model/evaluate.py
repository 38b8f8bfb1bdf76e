"""Evaluate the shipped network and complete its model card: `python -m model.evaluate` (or `make evaluate`).

The network is evaluated as it is served: the LiteRT file, through the classifier that the pages use. Networks that were trained in the same
way from other seeds (`model/seeds/`) are evaluated as well, to measure the variation across seeds.
"""

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from digitcore import Classifier, load_classifier
from digitcore.class_names import DIGITS, class_names_of
from digitcore.types import Float32Array, UInt8Array
from model import artefacts, calibration, handwriting_measures, measures, mistakes
from model.alternatives import measure_alternatives
from model.characters import load_validation
from model.data import LabelledDigits, load_test, load_training
from model.export import served_model
from model.numbers import measure_numbers
from model.pages import measure_pages

NOT_DIGITS_NAME: Final = "not-digits-dev.npz"
"""Name of the file of stored marks that are no digits."""

AUROC_TARGETS: Final = {"fashion": 0.998, "characters": 0.97, "written signs": 0.99, "fonts": 0.99}
"""Target AUROC of the digit score for the sets in that file, for signs and for letters; all others are to be rejected whole."""


def calibrate(folder: Path) -> dict[str, Any]:
    """Fit temperature and digit score on the validation images, and write them into the card.

    Args:
        folder: folder of the artefacts, see `artefacts.served_in`.

    Returns:
        The card with the new entries `serving` and `validation`.
    """
    card = artefacts.read_card(folder)
    validation = load_validation(class_names_of(card))
    logits = load_classifier(artefacts.served_in(folder) / artefacts.LITERT_NAME).logits(validation.images)
    card["serving"] = serving(logits, validation)
    card["validation"] = calibration.measure(logits, validation.labels, card["serving"]["temperature"])
    artefacts.write_card(card, folder)
    return card


def serving(logits: Float32Array, validation: LabelledDigits) -> dict[str, float]:
    """Fit the serving parameters, which map logits, float32 `(N, K)`, to calibrated probabilities and a digit score."""
    return {"temperature": calibration.fit_temperature(logits, validation.labels), **calibration.fit_digit_score(logits)}


def measure(classifier: Classifier, corrupted: Mapping[str, UInt8Array], marks: Mapping[str, UInt8Array]) -> dict[str, Any]:
    """Measure everything in the card about one network except its speed.

    Args:
        classifier: the network, calibrated.
        corrupted: the corrupted test images, uint8 `(N, 28, 28)`, by corruption.
        marks: sets of marks that are no digits, uint8 `(N, 28, 28)`, by name.
    """
    test = load_test()
    return {
        "test": measures.measure_test_set(classifier, test),
        "other_hands": measures.measure_accuracy(classifier, measures.other_hands()),
        "corruptions": measures.measure_corruptions(classifier, corrupted),
        "not_digits": measures.measure_not_digits(classifier, test.images, marks),
        "shapes": handwriting_measures.measure_shapes(classifier),
        "fonts": handwriting_measures.measure_fonts(classifier),
        "profiles": handwriting_measures.measure_profiles(classifier),
    }


def measure_seeds(folder: Path, corrupted: Mapping[str, UInt8Array], marks: Mapping[str, UInt8Array]) -> dict[str, Any]:
    """Calibrate and measure the networks `*.keras` in `folder` like the shipped one.

    Returns:
        The entry `seeds` of the model card: hashes, measures, and their spread; empty if there are fewer than two networks.
    """
    _, validation = load_training()
    found: dict[str, dict[str, float]] = {}
    for path in sorted(folder.glob("*.keras")):
        model = served_model(path)
        logits = Classifier(model, {"serving": calibration.NEUTRAL}).logits(validation.images)
        card = {"serving": serving(logits, validation)}
        validation_pct = 100 * float((logits.argmax(axis=1) == validation.labels).mean())
        measured = measure(Classifier(model, card), corrupted, marks)
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
    """Select the measures by which networks are compared."""
    return {
        "test_pct": card["test"]["accuracy_pct"],
        "expected_calibration_error_pct": card["test"]["expected_calibration_error_pct"],
        "other_hands_pct": card["other_hands"]["accuracy_pct"],
        "corruptions_mean_pct": card["corruptions"]["mean_pct"],
        "corruptions_lowest_pct": card["corruptions"]["lowest_pct"],
        "shapes_mean_pct": card["shapes"]["mean_pct"],
        "fonts_read_pct": card["fonts"]["read_pct"],
        "profile_error_pct": card["profiles"]["error_with_profile_pct"],
        **{f"auroc {name}": measured["auroc"] for name, measured in card["not_digits"].items() if "refused_pct" in measured},
    }


def report(card: Mapping[str, Any]) -> str:
    """Format the main measures of the card as a table with targets and the variation across seeds."""
    spread = card["seeds"].get("spread", {})
    lines = [f"{'':<48}{'measured':>10}{'target':>10}   other seeds"]
    for title, value, target, at_least, name in rows(card):
        seeds = f"{spread[name]['mean']} ± {spread[name]['standard_deviation']}" if name in spread else ""
        met = value >= target if at_least else value <= target
        lines.append(f"{title:<48}{value:>10g}{'≥' if at_least else '≤':>4}{target:>6g}   {seeds:<18}{'' if met else 'MISSED'}".rstrip())
    return "\n".join(lines)


def rows(card: Mapping[str, Any]) -> list[tuple[str, float, float, bool, str]]:
    """List each measure as title, value, target, whether the target is a minimum, and its name in `headlines`."""
    test, corruptions, latency, pages = card["test"], card["corruptions"], card["latency"], card["pages"]
    table: list[tuple[str, float, float, bool, str]] = [
        ("MNIST test, %", test["accuracy_pct"], 99.8, True, "test_pct"),
        ("calibration error (ECE), %", test["expected_calibration_error_pct"], 0.3, False, "expected_calibration_error_pct"),
        ("scikit-learn's digits, %", card["other_hands"]["accuracy_pct"], 99.0, True, "other_hands_pct"),
        ("fifteen corruptions, mean, %", corruptions["mean_pct"], 96.0, True, "corruptions_mean_pct"),
        ("fifteen corruptions, lowest, %", corruptions["lowest_pct"], 85.0, True, "corruptions_lowest_pct"),
        ("shapes of digits by synthetic writers, mean, %", card["shapes"]["mean_pct"], 98.0, True, "shapes_mean_pct"),
        ("shapes of digits by synthetic writers, lowest, %", card["shapes"]["lowest_pct"], 90.0, True, ""),
        ("digits of fonts, read, %", card["fonts"]["read_pct"], 98.0, True, "fonts_read_pct"),
        ("digits of a writer with a profile: errors, %", card["profiles"]["error_with_profile_pct"], 2.0, False, "profile_error_pct"),
        ("writers whose profile adds errors", card["profiles"]["writers_worse"], 2, False, ""),
        ("test digits accepted as digits, %", test["accepted_as_digit_pct"], 99.5, True, ""),
        ("photographed pages: characters, %", pages["characters_pct"], 98.0, True, ""),
        ("photographed pages: without error, %", pages["whole_pct"], 85.0, True, ""),
        ("pages without a digit: nothing read, %", pages["without_digits"]["silent_pct"], 95.0, True, ""),
        ("hard pages: characters, %", pages["hard"]["characters_pct"], 85.0, True, ""),
        ("hard pages: without error, %", pages["hard"]["whole_pct"], 65.0, True, ""),
        ("hard pictures without a digit: nothing read, %", pages["hard"]["without_digits"]["silent_pct"], 85.0, True, ""),
        ("pages moved, scaled, rotated, inverted: same, %", pages["varied"]["same_text_pct"]["all"], 97.0, True, ""),
        ("one digit on one thread, ms", latency["median_ms"], 1.0, False, ""),
        ("digits a second in a batch on one thread", latency["digits_a_second"], 2_000, True, ""),
        ("served file, MB", card["model"]["size_bytes"] / 1e6, 1.5, False, ""),
    ]
    for kind, measured in card.get("numbers", {}).items():
        table.append((f"separators of numbers in {kind}, found, %", measured["found_pct"], 97.0, True, ""))
        table.append((f"numbers in {kind} with an invented separator, %", measured["invented_pct"], 0.5, False, ""))
    if "alternatives" in card:
        lines = card["alternatives"]["all"]
        table.append(("probabilities of lines: calibration error (ECE), %", lines["expected_calibration_error_pct"], 3.0, False, ""))
        table.append(("misread lines: right text among alternatives, %", lines["misread_among_alternatives_pct"], 60.0, True, ""))
    for name, measured in card["not_digits"].items():
        target = AUROC_TARGETS.get(name)
        if target is None:
            table.append((f"{name}: rejected, %", measured["refused_pct"], 100.0, True, ""))
        else:
            table.append((f"{name}: AUROC", measured["auroc"], target, True, f"auroc {name}"))
    return table


def _not_digits_path() -> Path | None:
    """Return the path of the stored marks, next to the folder `DIGITS_DATA`; None where that is not set."""
    folder = os.environ.get("DIGITS_DATA")
    return Path(folder).resolve().parent / NOT_DIGITS_NAME if folder else None


def main() -> None:
    """Evaluate the network, complete its card, write the pictures of its mistakes, and print a summary."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=artefacts.MODEL_DIR, help="folder of the artefacts")
    parser.add_argument("--not-digits", type=Path, default=_not_digits_path(), help="an .npz file of marks that are no digits")
    options = parser.parse_args()
    folder = options.folder
    if class_names_of(artefacts.read_card(folder)) != DIGITS:
        parser.error("this measures networks for digits; a network with other classes was calibrated by its training.")
    card = calibrate(folder)
    classifier = load_classifier(artefacts.served_in(folder) / artefacts.LITERT_NAME)
    latency = measures.measure_latency(classifier)
    corrupted, marks = measures.corrupted_test_sets(), measures.synthetic_marks() | measures.stored_marks(options.not_digits)
    measured = measure(classifier, corrupted, marks)
    measured["not_digits"] = card.get("not_digits", {}) | measured["not_digits"]  # sets that are not available keep their values
    measured["pages"] = measure_pages(classifier, load_test())
    measured["numbers"] = measure_numbers(classifier)
    measured["alternatives"] = measure_alternatives(classifier, load_test())
    card |= {**measured, "latency": latency, "seeds": measure_seeds(folder / artefacts.SEEDS_NAME, corrupted, marks)}
    artefacts.write_card(card, folder)
    mistakes.write_mistakes_of(folder)
    print(report(card))


if __name__ == "__main__":
    main()
