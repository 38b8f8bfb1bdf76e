"""The project speaks the standard language of its field: words that it has given up, and docstrings that don't begin with a verb."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CODE = ("digitcore", "app", "pages", "model", "synthetic", "tuning", "testing", "benchmarks")

GIVEN_UP = re.compile(
    r"\b(every how manieth|manieth|swallow(s|ed)?|strangers?|laid open|lay_open|sights|standing_out|without_surroundings"
    r"|find_pen|_Way|the way of a picture|NO_NUMBER_COST|WORDY|house rule)\b"
)
"""Metaphors and coined words, and names that were made of them."""

NOT_A_VERB = {
    *("a", "an", "as", "its", "the", "their", "this", "these", "those", "what", "whether", "how", "which", "where", "who", "whose", "when"),
    *(
        "all",
        "each",
        "every",
        "many",
        "more",
        "no",
        "nothing",
        "one",
        "same",
        "some",
        "two",
        "by",
        "for",
        "from",
        "in",
        "of",
        "on",
        "there",
    ),
}


def sources():
    return [path for folder in CODE for path in sorted((ROOT / folder).rglob("*.py"))]


def documents():
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def docstrings(source):
    """The functions of a source that have a docstring, with its first word."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (text := ast.get_docstring(node)):
            yield node.name, node.lineno, text.split()[0].strip("`\"',.:").lower()


def given_up_words(text):
    return [match[0] for match in GIVEN_UP.finditer(text)]


def test_no_word_that_was_given_up_comes_back():
    found = {str(path.relative_to(ROOT)): given_up_words(path.read_text(encoding="utf-8")) for path in [*sources(), *documents()]}
    assert {path: words for path, words in found.items() if words} == {}


def test_every_docstring_of_a_function_begins_with_a_verb():
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in sources()
        for name, line, word in docstrings(path.read_text(encoding="utf-8"))
        if word in NOT_A_VERB
    ]
    assert found == []


def test_a_given_up_word_and_a_noun_would_be_found():
    assert given_up_words("a closing swallows every how manieth pixel") == ["swallows", "every how manieth"]
    assert [word for _, _, word in docstrings('def f():\n    """The sum."""\n')] == ["the"]
