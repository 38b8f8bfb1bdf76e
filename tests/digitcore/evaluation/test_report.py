import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from digitcore.analysis.ablation import variations
from digitcore.evaluation import report as report_module
from digitcore.evaluation.advice import Advice, Trial
from digitcore.evaluation.comparison import Comparison
from digitcore.evaluation.evaluate import measure
from digitcore.evaluation.report import create_report, shown_pictures
from digitcore.evaluation.report_language import REPORT_LANGUAGES, localizer
from digitcore.messages import Message
from digitcore.settings import Settings

HOSTILE = '<img src=x onerror="alert(1)">\' & $body ${title}'
MISREAD = Comparison(HOSTILE, "407", "401", "ok", (0.9, 0.8, 0.6))
UNREADABLE = Comparison("bad.png", "7", "", "error", error="A <b>bad</b> file.")
RIGHT = Comparison("a.png", "12", "12", "ok", (0.99, 0.99))


class Document(HTMLParser):
    """The text and the tags of a document; each opened tag is closed in its turn."""

    def __init__(self, source):
        super().__init__()
        self.open, self.tags, self.texts, self.pictures = [], [], [], []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "img":
            self.pictures.append(dict(attributes))
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data.strip())


def test_texts_of_files_are_escaped_and_nothing_is_fetched():
    source = create_report(measure([MISREAD, UNREADABLE, RIGHT]), {HOSTILE: b"jpeg"})
    document = Document(source)
    assert HOSTILE in document.texts
    assert "A <b>bad</b> file." in document.texts
    assert not {"script", "link", "iframe"} & set(document.tags)
    assert [each["src"] for each in document.pictures] == ["data:image/jpeg;base64,anBlZw=="]
    assert document.pictures[0]["alt"] == "407, read as 401"
    assert not re.search(r"https?://|@import|url\(", source)


def test_a_report_shows_all_measures():
    texts = Document(create_report(measure([MISREAD, UNREADABLE, *[RIGHT] * 8], [Message("A note.")]), {})).texts
    assert {"80.0%", "8 of 10", "A note.", "Calibration", "Which digits get confused"} <= set(texts)


@pytest.mark.parametrize("trials", [(), (Trial(variations(Settings())[0], 1, 0),)])
def test_the_advice_is_in_the_report(trials):
    texts = Document(create_report(replace(measure([MISREAD, RIGHT]), advice=Advice(1, len(trials), trials)), {})).texts
    assert "What would have helped" in texts
    assert (str(variations(Settings())[0].step) in texts) == bool(trials)


def test_without_mistakes_and_digits_the_report_is_short():
    texts = Document(create_report(measure([Comparison("a", "", "", "blank")]), {})).texts
    assert "100.0%" in texts
    assert not {"Calibration", "Which digits get confused", "Misread pictures", "All misread pictures"} & set(texts)


def test_so_many_pictures_are_shown_and_so_many_are_listed_at_most(monkeypatch):
    monkeypatch.setattr(report_module, "MAX_PICTURES", 2)
    monkeypatch.setattr(report_module, "MAX_LISTED", 3)
    evaluation = measure([Comparison(f"{index}.png", "1", "7", "ok", (0.9,)) for index in range(5)])
    shown = [each.name for each in shown_pictures(evaluation)]
    document = Document(create_report(evaluation, {f"{index}.png": b"jpeg" for index in range(5)}))
    assert (shown, len(document.pictures)) == (["0.png", "1.png"], 2)
    assert {"3 more are in the list below.", "2 more aren't listed."} <= set(document.texts)
    assert "2.png" in document.texts
    assert "3.png" not in document.texts


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
def test_a_report_is_in_its_language(language):
    source = create_report(measure([MISREAD, RIGHT]), {}, localizer(language), language)
    title, share = {"en": ("Test with labelled pictures", "50.0%"), "es": ("Prueba con imágenes etiquetadas", "50,0\xa0%")}[language]
    assert f'<html lang="{language}">' in source
    assert {title, share} <= set(Document(source).texts)


def test_numbers_are_spanish_in_spanish():
    localize = localizer("es")
    texts = [localize(Message("{value:,}", value=value)) for value in (1234, 12345)]
    assert texts == ["1234", "12.345"]
    assert localize("a plain text") == "a plain text"
