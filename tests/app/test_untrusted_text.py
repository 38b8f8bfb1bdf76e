import pytest
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.untrusted_text import MAX_SHOWN_CHARACTERS, escape_markdown, printable, shorten
from tests.properties import given


@pytest.mark.parametrize(
    "name",
    [
        "<b>bold</b>.png",
        "**bold**.png",
        ":material/home:.png",
        "$x^2$.png",
        "[a](http://b).png",
        "`code`.png",
        "# heading",
        "1. one",
        "~~x~~",
    ],
)
def test_markup_is_shown_as_it_is_written(name):
    rendered = MarkdownIt("commonmark").renderInline(escape_markdown(name))
    assert rendered.replace("&lt;", "<").replace("&gt;", ">") == name


@given(st.text(max_size=400))
def test_any_name_stays_on_one_line_and_short(name):
    assert "\n" not in printable(name)
    assert len(shorten(name)) <= MAX_SHOWN_CHARACTERS
    assert len(escape_markdown(name).splitlines()) <= 1


def test_a_long_name_keeps_its_beginning_and_its_ending():
    assert shorten("a" * 300 + ".jpg").startswith("aaaa")
    assert shorten("a" * 300 + ".jpg").endswith(".jpg")


def test_characters_that_change_the_direction_of_writing_are_left_out():
    assert printable("gpj.\u202eexe") == "gpj. exe"
