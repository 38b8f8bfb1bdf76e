import copy
import pickle

from hypothesis import given
from hypothesis import strategies as st

from digitcore.messages import Message


def upside_down(template):
    return {"{count} of {what}": "de {what}: {count}", "marks": "marcas"}[template]


def test_a_message_is_its_english_text():
    message = Message("{count} of {what}", count=3, what="ten")
    assert message == "3 of ten"
    assert message.upper() == "3 OF TEN"
    assert message in {"3 of ten": 1}


def test_it_can_be_said_again_in_other_words_and_another_order():
    assert Message("{count} of {what}", count=3, what="x").said(upside_down) == "de x: 3"


def test_messages_within_messages_are_said_too():
    assert Message("{count} of {what}", count=3, what=Message("marks")).said(upside_down) == "de marcas: 3"


def test_formats_stay_with_their_place():
    assert Message("{share:.0%} of {size:,}", share=0.256, size=12345) == "26% of 12,345"


@given(st.text())
def test_values_are_never_taken_for_templates(text):
    assert Message("say {text}", text=text).said(lambda template: template) == f"say {text}"


def test_a_copy_says_the_same():
    message = Message("{count} of {what}", count=3, what="x")
    assert copy.copy(message).said(upside_down) == "de x: 3"


def test_a_message_is_the_same_in_another_process():
    inner = Message("{count} of them", count=3)
    message = Message("There are {inner}, {{not}} more.", inner=inner)
    other = pickle.loads(pickle.dumps(message))  # noqa: S301  our own
    assert other == message
    assert other.said(lambda template: template.replace("There are", "Hay")) == "Hay 3 of them, {not} more."
