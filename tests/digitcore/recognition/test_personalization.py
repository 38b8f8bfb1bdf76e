import numpy as np
import pytest

from digitcore import Stroke, WriterProfile, read_image, read_strokes
from digitcore.recognition.personalization import PersonalClassifier, nearest_examples
from digitcore.recognition.prediction import free_energy
from digitcore.video.reuse import ReusingClassifier
from model.handwritten import as_model_input
from synthetic.writers import make_writer

WRITERS = range(3_000_000, 3_000_012)
"""The seeds of writers that neither the network nor this method has been tried with."""


def digits_of(seed, count):
    """Return pictures by a writer, uint8 `(10 · count, 28, 28)`, and their labels."""
    writer, rng = make_writer(seed), np.random.default_rng(seed)
    pictures = [as_model_input(writer.write(digit, rng)[0], 0.13) for digit in range(10) for _ in range(count)]
    return np.stack(pictures), np.repeat(np.arange(10), count)


def profile_of(pictures, labels):
    profile = WriterProfile()
    for picture, label in zip(pictures, labels, strict=True):
        profile.add(picture, int(label))
    return profile


@pytest.fixture(scope="module")
def written():
    return digits_of(WRITERS[0], 3)


def test_an_empty_profile_changes_nothing(drawing, classifier):
    plain, empty = (read_image(drawing(7), classifier=classifier, profile=profile) for profile in (None, WriterProfile()))
    assert (plain.digits[0].probabilities == empty.digits[0].probabilities).all()
    assert plain.digits[0].digit_score == empty.digits[0].digit_score


def test_examples_lower_the_errors_of_most_writers_and_of_none_much(classifier):
    before, after, worse = 0, 0, 0
    for seed in WRITERS:
        pictures, labels = digits_of(seed, 6)
        taught = np.arange(len(labels)) % 6 < 2
        personal = PersonalClassifier(classifier, profile_of(pictures[taught], labels[taught]))
        own, plain = errors(personal, pictures[~taught], labels[~taught]), errors(classifier, pictures[~taught], labels[~taught])
        before, after, worse = before + plain, after + own, worse + (own > plain)
    assert after <= before
    assert worse <= 1


def errors(classifier, pictures, labels):
    logits = classifier.logits(pictures)
    rejected = classifier.digit_scores_from_logits(logits) < classifier.reject_below
    return int(((logits.argmax(axis=1) != labels) | rejected).sum())


def test_an_example_is_recognized_again(classifier, written):
    """A mark that the network takes for another digit is read as its writer says, once it has been taught with the true one's examples."""
    pictures, labels = written
    shown = pictures[labels == 4][:2]
    profile = profile_of([*shown, *pictures[labels == 9]], [7, 7, 9, 9, 9])
    logits = PersonalClassifier(classifier, profile).logits(shown)
    assert (logits[:, 9] < classifier.logits(shown)[:, 9]).all()


def test_digits_without_examples_lose_nothing(classifier, written):
    pictures, labels = written
    profile = profile_of(pictures[labels == 1], labels[labels == 1])
    plain, own = classifier.logits(pictures), PersonalClassifier(classifier, profile).logits(pictures)
    assert (own.argmax(axis=1) == plain.argmax(axis=1)).all()


def test_one_bad_example_turns_no_sure_answer(classifier, written):
    pictures, labels = written
    plain = classifier.probabilities(pictures)
    sure = plain.max(axis=1) > 0.99
    for index in np.flatnonzero(sure)[::4]:
        profile = profile_of(
            [*pictures[labels != labels[index]][::3], pictures[index]], [*labels[labels != labels[index]][::3], (labels[index] + 1) % 10]
        )
        own = PersonalClassifier(classifier, profile).logits(pictures[index : index + 1])
        assert own.argmax() == labels[index]


def test_random_labels_lose_at_most_what_the_examples_may_weigh(classifier, written):
    pictures, _ = written
    rng = np.random.default_rng(0)
    personal = PersonalClassifier(classifier, profile_of(pictures, rng.integers(10, size=len(pictures))))
    assert np.isfinite(personal.logits(pictures)).all()


def test_familiar_marks_are_digits_more_likely_and_others_not_less(classifier, written):
    pictures, labels = written
    personal = PersonalClassifier(classifier, profile_of(pictures[::2], labels[::2]))
    plain, own = free_energy(classifier.logits(pictures)), free_energy(personal.logits(pictures))
    assert (own >= plain - 1e-3).all()
    assert (own[::2] > plain[::2] + 1).all()
    noise = np.random.default_rng(1).integers(256, size=(5, 28, 28)).astype(np.uint8)
    assert free_energy(personal.logits(noise)) == pytest.approx(free_energy(classifier.logits(noise)), abs=1e-3)


def test_the_network_is_run_once_for_each_example(classifier, written, monkeypatch):
    pictures, labels = written
    profile, counts = profile_of(pictures[:4], labels[:4]), []
    run = classifier.logits_and_features

    def counted(images):
        counts.append(len(images))
        return run(images)

    monkeypatch.setattr(classifier, "logits_and_features", counted)
    for _ in range(2):
        PersonalClassifier(classifier, profile)
    profile.add(pictures[4], int(labels[4]))
    PersonalClassifier(classifier, profile)
    assert counts == [4, 1]


def test_drawings_are_read_with_a_profile(classifier, written):
    pictures, labels = written
    path = np.array([[140.0, 50.0], [140.0, 220.0]])
    profile = profile_of(pictures, labels)
    assert read_strokes([Stroke(path, pen_px=16)], (280, 280), classifier=classifier, profile=profile).text == "1"


def test_a_profile_needs_a_whole_classifier(drawing, classifier, written):
    with pytest.raises(ValueError, match="expected a Classifier"):
        read_image(drawing(7), classifier=ReusingClassifier(classifier), profile=profile_of(*written))


def test_the_nearest_examples_of_an_example_begin_with_itself(classifier, written):
    pictures, labels = written
    nearest = nearest_examples(pictures[7], profile_of(pictures, labels), classifier, 5)
    assert (nearest[0].image == pictures[7]).all()
    assert nearest[0].label == labels[7]
    assert nearest[0].similarity == pytest.approx(1)
    assert len(nearest) == 5
    assert [each.similarity for each in nearest] == sorted((each.similarity for each in nearest), reverse=True)


def test_fewer_examples_than_asked_for_are_all_returned(classifier, written):
    pictures, labels = written
    assert [each.label for each in nearest_examples(pictures[0], profile_of(pictures[4:5], labels[4:5]), classifier, 5)] == [labels[4]]
