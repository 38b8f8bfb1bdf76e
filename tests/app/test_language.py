import io

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from app import language
from app.language import bounded_percent, confidence, load_catalogue, localize_sentence, ngettext, number, percent, probability
from digitcore.errors import CatalogueError


@pytest.fixture
def speak(monkeypatch):
    """Sets the visitor's language."""
    return lambda code: monkeypatch.setattr(language, "current_language", lambda: code)


@pytest.fixture
def locale_dir(tmp_path, monkeypatch):
    """An empty folder in place of that of the catalogues."""
    monkeypatch.setattr(language, "LOCALE_DIR", tmp_path)
    language._read_catalogue.cache_clear()
    yield tmp_path
    language._read_catalogue.cache_clear()


def test_numbers_and_percentages_follow_the_language(speak):
    speak("en")
    assert [number(1234.5, 1), number(1234), percent(0.985), percent(0.9, 0)] == ["1,234.5", "1,234", "98.5%", "90%"]
    assert [number(999), number(999.6), number(12345), number(-1234567)] == ["999", "1,000", "12,345", "-1,234,567"]
    speak("es")
    assert [number(1234.5, 1), number(1234), percent(0.985), percent(0.9, 0)] == ["1234,5", "1234", "98,5\xa0%", "90\xa0%"]
    assert [number(999), number(9999.6), number(12345), number(-1234567)] == ["999", "10.000", "12.345", "-1.234.567"]


UNDER = "<\xa0"
OVER = "\u2060>\xa0"
"""A word joiner at the start, since Markdown takes a ">" there for a quotation."""


def test_no_probability_is_shown_as_none_or_all(speak):
    speak("en")
    shares = (0.0, 0.0099, 0.01, 0.5, 0.99, 0.9901, 1.0)
    assert [bounded_percent(share) for share in shares] == [f"{UNDER}1%", f"{UNDER}1%", "1%", "50%", "99%", f"{OVER}99%", f"{OVER}99%"]
    assert [confidence(share) for share in (0.0, 0.0012, 0.999, 0.9991)] == [f"{UNDER}0.1%", "0.1%", "99.9%", f"{OVER}99.9%"]
    assert [probability(share) for share in (0.0, 0.5, 1.0)] == [f"{UNDER}0.01%", "50.00%", f"{OVER}99.99%"]
    speak("es")
    assert [bounded_percent(share) for share in (0.0, 0.5, 1.0)] == [f"{UNDER}1\xa0%", "50\xa0%", f"{OVER}99\xa0%"]


@pytest.mark.parametrize(
    ("value", "spec", "english", "spanish"),
    [
        (1234, "", "1,234", "1234"),
        (12345, ",", "12,345", "12.345"),
        (0.5, "", "0.5", "0,5"),
        (2.0, "g", "2", "2"),
        (1234.56, ",.1f", "1,234.6", "1234,6"),
        (0.756, ".0%", "76%", "76\xa0%"),
        (255, "#x", "0xff", "0xff"),
        (float("nan"), "", "nan", "nan"),
    ],
)
def test_numbers_in_messages_follow_the_language_and_keep_their_precision(speak, value, spec, english, spanish):
    speak("en")
    assert language._format_value(value, spec) == english
    speak("es")
    assert language._format_value(value, spec) == spanish


def test_a_clause_becomes_a_sentence(speak):
    speak("en")
    assert localize_sentence("it is a dot") == "It is a dot."
    assert localize_sentence("") == ""


def test_english_needs_no_catalogue(speak, locale_dir):
    speak("en")
    assert language._("Clear") == "Clear"
    assert [ngettext("{count} file", "{count} files", count) for count in (1, 2)] == ["{count} file", "{count} files"]


def test_an_english_catalogue_replaces_some_texts(speak, locale_dir):
    texts, compiled = Catalog(), io.BytesIO()
    texts.add("Write a number", "Write a letter")
    write_mo(compiled, texts)
    (locale_dir / "en/LC_MESSAGES").mkdir(parents=True)
    (locale_dir / "en/LC_MESSAGES/digits.mo").write_bytes(compiled.getvalue())
    speak("en")
    assert (language._("Write a number"), language._("Download")) == ("Write a letter", "Download")


@pytest.mark.parametrize("content", [None, b"", b"not a catalogue", b"\xde\x12\x04\x95" + b"\xff" * 40])
def test_without_its_catalogue_a_language_falls_back_to_english(speak, locale_dir, content):
    if content is not None:
        folder = locale_dir / "es" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "digits.mo").write_bytes(content)
    with pytest.raises(CatalogueError, match="`make messages`; an installed package has to be installed again"):
        load_catalogue("es")
    speak("es")
    assert language._("Clear") == "Clear"
