import numpy as np
import pytest

from digitcore import read_image
from model import artefacts, pages
from synthetic.hard_pages import hard_page
from synthetic.pages import Page, page, page_without_digits, picture_glyphs

pytestmark = pytest.mark.slow

SEEDS = range(1_000, 1_012)


@pytest.fixture(scope="module")
def written(mnist_test):
    return picture_glyphs(mnist_test.images, mnist_test.labels)


def test_characters_are_counted_by_edits():
    said = [Page(np.zeros((1, 1, 3), np.uint8), ("123", "45"), ()), Page(np.zeros((1, 1, 3), np.uint8), ("67890",), ())]
    assert pages.characters_pct(said, ["123/45", "67890"]) == 100
    assert pages.characters_pct(said, ["124/4", "67890"]) == 80


def test_pages_are_read(classifier, written):
    wanted = [page(seed, written) for seed in SEEDS]
    texts = [read_image(each.picture, classifier=classifier).text for each in wanted]
    assert pages.characters_pct(wanted, texts) >= 96
    assert np.mean([text == each.text for text, each in zip(texts, wanted, strict=True)]) >= 0.85


def test_pages_from_stroke_paths_are_read():
    wanted = [page(seed) for seed in SEEDS]
    texts = [read_image(each.picture).text for each in wanted]
    assert np.mean([text == each.text for text, each in zip(texts, wanted, strict=True)]) >= 0.8


def test_pages_without_digits_say_nothing():
    assert np.mean([read_image(page_without_digits(seed).picture).text == "" for seed in SEEDS]) >= 0.9


def test_moved_scaled_turned_and_inverted_pages_say_the_same():
    same = []
    for seed in SEEDS:
        picture = page(seed).picture
        text = read_image(picture).text
        same += [read_image(varied).text == text for _, varied in pages.variants(picture, np.random.default_rng(seed))]
    assert len(same) == 48
    assert np.mean(same) >= 0.95


def test_the_card_holds_what_is_measured(classifier, mnist_test, written, monkeypatch):
    for name, count in {"PAGES": 4, "EMPTY_PAGES": 3, "VARIED_PAGES": 2, "HARD_PAGES": 4, "HARD_EMPTY_PAGES": 2}.items():
        monkeypatch.setattr(pages, name, count)
    measured, card = pages.measure_pages(classifier, mnist_test), artefacts.read_card()["pages"]
    is_right = [read_image(each.picture, classifier=classifier).text == each.text for each in (page(seed, written) for seed in range(4))]
    assert measured["whole_pct"] == 25 * sum(is_right)
    assert (measured["count"], measured["without_digits"]["count"], measured["varied"]["count"]) == (4, 3, 2)
    assert measured.keys() == card.keys()
    hard = [hard_page(seed, written if seed % 2 else None) for seed in range(4)]
    is_right = [read_image(each.picture, classifier=classifier).text == each.text for each in hard]
    assert measured["hard"]["whole_pct"] == 25 * sum(is_right)
    assert measured["hard"].keys() == card["hard"].keys()
    assert measured["varied"]["same_text_pct"].keys() == card["varied"]["same_text_pct"].keys()
