"""Every text that a person sees is in the catalogues, and every catalogue is whole."""

import ast
import io
import string
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from app.language import DEFAULT_LANGUAGE, DOMAIN, LANGUAGES, LOCALE_DIR

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("digitcore", "app", "pages")
KEYWORDS = {**DEFAULT_KEYWORDS, "Message": None, "plural": (1, 2), "N_": None}
OTHERS = [code for code in LANGUAGES if code != DEFAULT_LANGUAGE]

WITH_TEXT = {
    *("button", "caption", "checkbox", "dialog", "download_button", "error", "expander", "file_uploader", "header", "info", "markdown"),
    *("camera_input", "metric", "multiselect", "number_input", "pills", "popover", "progress", "radio", "segmented_control", "selectbox"),
    *("slider", "spinner", "subheader", "success", "text", "title", "toast", "toggle", "warning", "write"),
}
"""What Streamlit shows as it is given."""


def extracted(folder):
    """The texts in a folder's code: a string, or a pair of them for one and for many, as Babel gives them."""
    return {text for _, _, text, _, _ in extract_from_dir(folder, keywords=KEYWORDS)}


def texts_in_code():
    return set().union(*(extracted(ROOT / folder) for folder in FOLDERS))


def catalogue_path(code):
    return ROOT / "locale" / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def catalogue(code):
    with catalogue_path(code).open("rb") as file:
        return {message.id: message for message in read_po(file, locale=code) if message.id}


def forms(text):
    """Return the texts for one and for many, or the single one that doesn't depend on a count."""
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text):
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name is not None})


def bare_texts(path):
    """String literals that a page shows without asking a catalogue, with their lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WITH_TEXT):
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "_logger":
            continue
        shown = [
            *node.args[:1],
            *(keyword.value for keyword in node.keywords if keyword.arg in ("label", "help", "alt", "caption", "text")),
        ]
        for value in shown:
            for part in ast.walk(value) if isinstance(value, ast.JoinedStr) else [value]:
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and any(map(str.isalpha, part.value)):
                    yield f"{path.relative_to(ROOT)}:{part.lineno}: {part.value!r}"


def hidden_lookups(path):
    """Texts that are looked up within an f-string, where Babel doesn't find them, with their lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for part in ast.walk(node) if isinstance(node, ast.JoinedStr) else ():
            if (
                isinstance(part, ast.Call)
                and isinstance(part.func, ast.Name)
                and part.func.id == "_"
                and isinstance(part.args[0], ast.Constant)
            ):
                yield f"{path.relative_to(ROOT)}:{part.lineno}: {part.args[0].value!r}"


def test_there_are_texts_to_look_for():
    texts = texts_in_code()
    assert len(texts) > 100
    assert {"Write a number", "This file is empty. Choose another one.", "Blue pen"} <= texts


@pytest.mark.parametrize("code", OTHERS)
def test_no_text_was_left_out_of_a_catalogue_and_none_is_left_over(code):
    known = set(catalogue(code))
    assert texts_in_code() - known == set(), "run `make messages` and translate"
    assert known - texts_in_code() == set(), "run `make messages`"


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated(code):
    missing = [message.id for message in catalogue(code).values() if not all(forms(message.string)) or message.fuzzy]
    assert missing == []


@pytest.mark.parametrize("code", OTHERS)
def test_translations_keep_every_placeholder(code):
    for message in catalogue(code).values():
        for translation in forms(message.string):
            assert placeholders(translation) in [placeholders(text) for text in forms(message.id)], message.id


@pytest.mark.parametrize("code", OTHERS)
def test_every_catalogue_compiles_without_an_error(code):
    with catalogue_path(code).open("rb") as file:
        errors = [(message.id, list(map(str, errors))) for message, errors in read_po(file, locale=code).check()]
    assert errors == [], "a per cent sign before a space and a letter is taken for a placeholder: word it otherwise"


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_is_the_written_one(code):
    content = (LOCALE_DIR / code / "LC_MESSAGES" / f"{DOMAIN}.mo").read_bytes()
    compiled = {forms(message.id): forms(message.string) for message in read_mo(io.BytesIO(content)) if message.id}
    assert compiled == {forms(message.id): forms(message.string) for message in catalogue(code).values()}, "run `make messages`"


@pytest.mark.parametrize(
    "path", [*sorted((ROOT / "app").rglob("*.py")), *sorted((ROOT / "pages").glob("*.py"))], ids=lambda path: path.name
)
def test_no_page_shows_a_text_past_the_catalogues(path):
    assert list(bare_texts(path)) == []
    assert list(hidden_lookups(path)) == []


def test_texts_for_one_and_for_many_are_extracted_with_either_spelling(tmp_path):
    code = ['Message.plural("{count} a", "{count} as", count=n)', 'ngettext("one", "many", n)', 'Message("b {c}", c=1)']
    (tmp_path / "page.py").write_text("\n".join(code))
    assert extracted(tmp_path) == {("{count} a", "{count} as"), ("one", "many"), "b {c}"}


def test_a_text_past_the_catalogues_would_be_found(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "page.py").write_text('st.button("Press")\nst.info(f"{x} marks")\nst.button(_("Fine"), help="Why")\nst.write(value)\n')
    assert len(list(bare_texts(tmp_path / "page.py"))) == 3
    (tmp_path / "page.py").write_text("st.info(f\"{_('Marks')}: {3}\")\n")
    assert len(list(hidden_lookups(tmp_path / "page.py"))) == 1
