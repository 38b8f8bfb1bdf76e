import copy
import pickle
from decimal import Decimal
from gettext import NullTranslations
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.messages import Message
from tests.properties import given


class Spanish(NullTranslations):
    """A catalogue of a few texts."""

    TEXTS: ClassVar = {
        "{count} of {what}": "de {what}: {count}",
        "marks": "marcas",
        "There are {inner}, {{not}} more.": "Hay {inner}, {{not}} more.",
    }
    PLURALS: ClassVar = {"{count} mark of {what}": ("{count} marca de {what}", "{count} marcas de {what}")}

    def gettext(self, message):
        return self.TEXTS.get(message, message)

    def ngettext(self, msgid1, _msgid2, n):
        return self.PLURALS[msgid1][n != 1]


def with_comma(number, spec):
    return format(number, spec).translate(str.maketrans(",.", ".,"))


def marks(count, **values):
    return Message.plural("{count} mark of {what}", "{count} marks of {what}", count=count, what="x", **values)


def test_a_message_is_its_english_text():
    message = Message("{count} of {what}", count=3, what="ten")
    assert message == "3 of ten"
    assert message.upper() == "3 OF TEN"
    assert message in {"3 of ten": 1}


def test_it_can_be_translated_into_other_words_and_another_order():
    assert Message("{count} of {what}", count=3, what="x").translated(Spanish()) == "de x: 3"


def test_messages_within_messages_are_translated_too():
    assert Message("{count} of {what}", count=3, what=Message("marks")).translated(Spanish()) == "de marcas: 3"


def test_formats_stay_with_their_placeholder():
    assert Message("{share:.0%} of {size:,}", share=0.256, size=12345) == "26% of 12,345"


@given(st.text())
def test_values_are_never_taken_for_templates(text):
    assert Message("say {text}", text=text).translated(NullTranslations()) == f"say {text}"
    assert Message("say {text}", text=text).translated(NullTranslations(), with_comma) == f"say {text}"


def test_a_copy_is_translated_alike():
    message = Message("{count} of {what}", count=3, what="x")
    assert copy.copy(message).translated(Spanish()) == "de x: 3"
    assert copy.deepcopy(marks(2)).translated(Spanish()) == "2 marcas de x"


def test_a_message_is_the_same_in_another_process():
    inner = Message("{count} of them", count=3)
    message = Message("There are {inner}, {{not}} more.", inner=inner)
    other = pickle.loads(pickle.dumps(message))  # noqa: S301  our own
    assert other == message
    assert other.translated(Spanish()) == "Hay 3 of them, {not} more."


def test_a_plural_is_the_same_in_another_process():
    other = pickle.loads(pickle.dumps(marks(1)))  # noqa: S301  our own
    assert other == "1 mark of x"
    assert other.translated(Spanish()) == "1 marca de x"


@pytest.mark.parametrize(
    ("count", "english", "spanish"), [(0, "0 marks", "0 marcas"), (1, "1 mark", "1 marca"), (5, "5 marks", "5 marcas")]
)
def test_the_count_chooses_the_template_in_either_language(count, english, spanish):
    assert marks(count) == f"{english} of x"
    assert marks(count).translated(Spanish()) == f"{spanish} de x"


@pytest.mark.parametrize("number", [1234.5, np.float32(1234.5), Decimal("1234.5")])
def test_numbers_follow_the_language_with_their_format(number):
    assert Message("{size:,.1f}", size=number).translated(NullTranslations(), with_comma) == "1.234,5"
    assert Message("{size:,.1f}", size=number).translated(NullTranslations()) == "1,234.5"


def test_numbers_within_messages_within_messages_follow_the_language_too():
    message = Message("About {size}", size=Message("{mb:.1f} MB", mb=1.5))
    assert message.translated(NullTranslations(), with_comma) == "About 1,5 MB"


def test_texts_and_truth_values_are_no_numbers():
    assert Message("{version} {shown}", version="1.5", shown=True).translated(NullTranslations(), with_comma) == "1.5 True"


def test_a_value_may_have_the_name_of_any_parameter():
    assert Message("{template} {self}", template="a", self="b") == "a b"


def test_an_empty_message_stays_empty():
    assert Message("").translated(HeaderOnly()) == ""


class HeaderOnly(NullTranslations):
    """A catalogue that has its header under the empty text, as gettext's own have."""

    def gettext(self, message):
        return message or "Language: es"
