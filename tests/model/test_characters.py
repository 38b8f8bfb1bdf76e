from string import ascii_uppercase

import numpy as np
import pytest

from digitcore import load_classifier, read_image
from model import artefacts
from model.fonts import Split
from synthetic.shapes import SHAPES, draw_shape

CLASSES = "AC△☆"


@pytest.fixture(scope="module")
def characters():
    return pytest.importorskip("model.characters")


def test_the_characters_of_each_class_are_labelled_by_its_place(characters):
    images, labels = characters.load_characters("EA☆", Split.HELD_OUT)
    assert images.shape == (len(labels), 28, 28)
    assert np.bincount(labels).tolist()[2] == characters.SHAPE_COUNT
    assert (images[labels == 1] == characters.load_characters("A", Split.HELD_OUT).images).all()


def test_no_shape_is_in_both_splits(characters):
    training, held_out = ({image.tobytes() for image in characters.load_characters(SHAPES, split).images} for split in Split)
    assert not training & held_out


@pytest.mark.parametrize("classes", ["Aß", "A◯"])
def test_what_no_font_has_is_refused(characters, classes):
    with pytest.raises(ValueError, match=classes[1]):
        characters.load_characters(classes, Split.TRAINING)


@pytest.mark.parametrize(("classes", "message"), [("Aß", "received ß"), ("AA", "different"), ("A/", "letters, digits or symbols")])
def test_classes_that_can_not_be_trained_are_one_sentence_on_the_command_line(training, capsys, classes, message):
    with pytest.raises(SystemExit):
        training.parse(["--classes", classes])
    assert message in capsys.readouterr().err.splitlines()[-1]


def test_a_batch_has_characters_of_all_classes_and_negatives(characters, batches):
    sources = characters.character_sources(CLASSES, 1, limit=200)
    pictures, targets = batches.TrainingBatches(sources, len(CLASSES), 1, 2)[0]
    assert len(pictures) == len(targets) == sum(sources.composition.values())
    assert targets.shape[1] == len(CLASSES)
    assert (targets.sum(axis=0) > 0).all()
    assert (targets.sum(axis=1) == 0).sum() == len(targets) - batches.DIGITS_A_BATCH


def test_a_network_for_all_letters_has_no_letters_as_negatives(characters):
    assert "font_negatives" not in characters.character_sources(ascii_uppercase, 1, limit=30).negatives


def test_a_stored_network_is_loaded_with_its_classes_and_reads_them(architecture, training, tmp_path, drawing):
    card = training.store(architecture.build_network(len(CLASSES)), CLASSES, {}, tmp_path)
    classifier = load_classifier(tmp_path / artefacts.LITERT_NAME)
    assert card["classes"] == classifier.classes == CLASSES
    assert len(card["validation"]["recall_pct"]) == len(CLASSES)
    reading = read_image(drawing(3), classifier=classifier)
    assert {mark.name for mark in reading.digits} <= set(CLASSES)
    assert {mark.probabilities.shape for mark in reading.digits} == {(len(CLASSES),)}


def test_the_measurement_refuses_other_classes(evaluate, tmp_path, monkeypatch, capsys):
    (tmp_path / artefacts.CARD_NAME).write_text('{"classes": "AB"}', encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["evaluate", "--folder", str(tmp_path)])
    with pytest.raises(SystemExit):
        evaluate.main()
    assert "networks for digits" in capsys.readouterr().err


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_one_closed_stroke_around_its_middle(shape):
    (stroke,) = draw_shape(shape, np.random.default_rng(1))
    assert np.hypot(*(stroke[0] - stroke[-1])) < 0.4
    assert (np.abs(stroke - 0.5) < 0.8).all()
