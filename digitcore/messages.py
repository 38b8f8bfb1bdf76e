"""Messages for people that can be translated after they were written.

The core writes English and depends on no catalogue. A `Message` keeps its template and values with its English text, so that a face
of the program that has a catalogue (`app.language`) can translate it. Babel extracts the templates: `make messages` names `Message`
and `plural` as its keywords.
"""

import string
from collections.abc import Callable, Mapping
from numbers import Number
from typing import Any, Protocol, Self

Translate = Callable[[str], str]
"""Translates one template and keeps its `{placeholders}`, like `gettext.gettext`."""

FormatNumber = Callable[[Any, str], str]
"""Formats a number with a format specification, like the built-in `format`, by the rules of some language."""


class Catalogue(Protocol):
    """The translations of one language, for example a `gettext.NullTranslations`."""

    def gettext(self, message: str, /) -> str:
        """Translate a template."""

    def ngettext(self, msgid1: str, msgid2: str, n: int, /) -> str:
        """Translate the template of a pair that fits the count `n`."""


class Message(str):
    """A text in English, a `str` like any other, that can be translated.

    Args:
        template: The text, with placeholders as in `str.format`.
        **values: The placeholders' values. They may be messages themselves, which are then translated, too.

    Examples:
        >>> from gettext import NullTranslations
        >>> class Spanish(NullTranslations):
        ...     def gettext(self, message):
        ...         return {"The limit is {limit:,} bytes.": "El límite es de {limit:,} bytes."}[message]
        >>> message = Message("The limit is {limit:,} bytes.", limit=2048)
        >>> message
        'The limit is 2,048 bytes.'
        >>> message.translated(Spanish(), lambda number, spec: format(number, spec).replace(",", "."))
        'El límite es de 2.048 bytes.'
    """

    template: str
    """The text with its placeholders, for one where there is a `plural_template`."""
    plural_template: str | None
    """The text for any other count than one; None where the text doesn't depend on a count."""
    values: dict[str, Any]
    """The placeholders' values."""

    def __new__(cls, template: str, /, **values: Any) -> Self:
        """Fill in the template's placeholders."""
        return cls._create(template, None, values)

    @classmethod
    def plural(cls, singular: str, plural: str, /, *, count: int, **values: Any) -> Self:
        """Choose between two templates by a count.

        Args:
            singular: The template for a count of one.
            plural: The template for any other count.
            count: The count, which both templates may use as `{count}`.
            **values: The values of other placeholders.

        Returns:
            The message. Its translation may have more than two forms, as the language needs them.

        Examples:
            >>> [Message.plural("{count} mark", "{count} marks", count=count) for count in (0, 1, 2)]
            ['0 marks', '1 mark', '2 marks']
        """
        return cls._create(singular, plural, {"count": count, **values})

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what copies and pickles are made from: the templates and values, not the text."""
        return self._create, (self.template, self.plural_template, self.values)

    def translated(self, catalogue: Catalogue, format_number: FormatNumber | None = None) -> str:
        """Translate the text.

        Args:
            catalogue: The translations of one language.
            format_number: Formats the numbers among the values, given a number and the specification in its placeholder (`,` in
                `{count:,}`, empty in `{count}`). English rules where it is None.

        Returns:
            The text in the catalogue's language; in English where the catalogue doesn't have it.
        """
        values = {
            name: value.translated(catalogue, format_number) if isinstance(value, Message) else value for name, value in self.values.items()
        }
        return _filled(self._translated_template(catalogue), values, format_number)

    @classmethod
    def _create(cls, template: str, plural_template: str | None, values: dict[str, Any]) -> Self:
        chosen = template if plural_template is None or values["count"] == 1 else plural_template
        message = super().__new__(cls, _filled(chosen, values))
        message.template = template
        message.plural_template = plural_template
        message.values = values
        return message

    def _translated_template(self, catalogue: Catalogue) -> str:
        if not self.template:  # gettext keeps a catalogue's header under the empty text
            return ""
        if self.plural_template is None:
            return catalogue.gettext(self.template)
        return catalogue.ngettext(self.template, self.plural_template, self.values["count"])


class _NumberFormatter(string.Formatter):
    """Fills in templates like `str.format`, but for numbers."""

    def __init__(self, format_number: FormatNumber) -> None:
        self._format_number = format_number

    def format_field(self, value: Any, format_spec: str) -> Any:
        """Format one value, with `format_number` if it is a number."""
        if isinstance(value, bool) or not isinstance(value, Number):
            return super().format_field(value, format_spec)
        return self._format_number(value, format_spec)


def _filled(template: str, values: Mapping[str, Any], format_number: FormatNumber | None = None) -> str:
    if format_number is None:
        return template.format(**values)
    return _NumberFormatter(format_number).vformat(template, (), values)
