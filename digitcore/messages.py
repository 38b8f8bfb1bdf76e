"""Sentences for people that can be said in other languages later: English text that remembers how it was made.

The core speaks English, and knows neither languages nor catalogues. Whoever shows its sentences (`app.language`) looks their
templates up in a catalogue of his own. Babel finds them by the name `Message`.
"""

from collections.abc import Callable
from typing import Any

Translate = Callable[[str], str]
"""Gives a template in another language, its `{placeholders}` kept."""


class Message(str):
    """A sentence in English, a `str` like any other, with its template and values.

    >>> many = Message("There are {count} marks.", count=3)
    >>> many
    'There are 3 marks.'
    >>> many.said(lambda template: {"There are {count} marks.": "Hay {count} marcas."}[template])
    'Hay 3 marcas.'
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, **values: Any) -> "Message":
        """Fill the template's placeholders, as `str.format` does; values may be messages themselves."""
        message = super().__new__(cls, template.format(**values))
        message.template = template
        message.values = values
        return message

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """What makes it anew in another process: its template and values, not its text."""
        return (self.template,), self.values

    def said(self, translate: Translate) -> str:
        """The same sentence by another catalogue."""
        values = {name: value.said(translate) if isinstance(value, Message) else value for name, value in self.values.items()}
        return translate(self.template).format(**values)
