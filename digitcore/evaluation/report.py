"""Write an evaluation as one HTML file that needs nothing but itself: inline styles, pictures as `data:` URLs, light and dark.

All texts of files are escaped, and the file's own content security policy forbids scripts and requests.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from importlib import resources
from string import Template
from typing import Final

from digitcore.evaluation.advice import Advice
from digitcore.evaluation.comparison import Comparison
from digitcore.evaluation.evaluate import Evaluation
from digitcore.io.encode import encoded_data_url
from digitcore.messages import Message

MAX_PICTURES: Final = 60
"""The most misread pictures that are shown."""

THUMBNAIL_SIDE_PX: Final = 240
"""The longer side of their copies, in pixels: 5 to 15 KB each."""

MAX_LISTED: Final = 1_000
"""The most misread pictures that are listed by name."""

Localize = Callable[[str], str]
"""Translates a `Message`, with its numbers in the format of the language."""

_TEMPLATE: Final = Template((resources.files("digitcore.evaluation") / "report.html").read_text(encoding="utf-8"))

_TITLE: Final = Message("Test with labelled pictures")
_NUMBER: Final = "{value:,}"
_PERCENT: Final = "{value:.1%}"


def shown_pictures(evaluation: Evaluation) -> list[Comparison]:
    """Return the misread pictures of which a report shows a copy.

    Args:
        evaluation: of all pictures.

    Returns:
        Up to `MAX_PICTURES`, those with the most wrong characters first.
    """
    return [each for each in evaluation.misread if not each.is_unreadable][:MAX_PICTURES]


def create_report(evaluation: Evaluation, thumbnails: Mapping[str, bytes], localize: Localize = str, language: str = "en") -> str:
    """Write the report.

    Args:
        evaluation: what is reported.
        thumbnails: JPEG copies of pictures by their names, as `digitcore.io.thumbnails.marked_thumbnail` makes them; one that is missing is
            left out.
        localize: translates the texts.
        language: the language that `localize` translates into, as an ISO 639 code.

    Returns:
        The HTML document.
    """
    writer = _ReportWriter(localize)
    return _TEMPLATE.substitute(language=escape(language), title=writer.text(_TITLE), body=writer.body(evaluation, thumbnails))


class _ReportWriter:
    """Writes the parts of a report in one language."""

    def __init__(self, localize: Localize) -> None:
        self._localize: Final = localize

    def text(self, message: str) -> str:
        """Return a translated text, escaped."""
        return escape(self._localize(message))

    def body(self, evaluation: Evaluation, thumbnails: Mapping[str, bytes]) -> str:
        """Return all sections that have a content."""
        sections = (
            f"<h1>{self.text(_TITLE)}</h1>",
            self._figures(evaluation),
            *(f"<p class='quiet'>{self.text(note)}</p>" for note in evaluation.notes),
            self._gallery(evaluation, thumbnails),
            self._advice(evaluation.advice),
            self._confusion(evaluation),
            self._calibration(evaluation),
            self._list(evaluation),
        )
        return "\n".join(filter(None, sections))

    def _figures(self, evaluation: Evaluation) -> str:
        whole = Message("{right:,} of {count:,}", right=evaluation.right, count=evaluation.pictures)
        characters = Message("{wrong:,} wrong of {count:,}", wrong=evaluation.wrong_characters, count=evaluation.characters)
        unreadable = Message("pictures that can't be opened")
        figures = (
            (Message("Pictures read whole"), self._percent(evaluation.accuracy), whole),
            (Message("Digits read correctly"), self._percent(evaluation.character_accuracy), characters),
            (
                Message("Calibration error"),
                self._percent(evaluation.calibration_error),
                Message("gap between confidence and accuracy"),
            ),
            (Message("Unreadable"), self._number(evaluation.unreadable), unreadable),
        )
        items = (f"<div><dt>{self.text(name)}</dt><dd>{value} <small>{self.text(note)}</small></dd></div>" for name, value, note in figures)
        return f"<dl class='figures'>{''.join(items)}</dl>"

    def _gallery(self, evaluation: Evaluation, thumbnails: Mapping[str, bytes]) -> str:
        shown = [each for each in shown_pictures(evaluation) if each.name in thumbnails]
        if not shown:
            return ""
        more = len(evaluation.misread) - len(shown)
        heading = self._heading(Message("Misread pictures"))
        rest = Message.plural("{count:,} more is in the list below.", "{count:,} more are in the list below.", count=more)
        items = "".join(self._picture(each, thumbnails[each.name]) for each in shown)
        note = f"<p class='quiet'>{self.text(rest)}</p>" if more else ""
        return f"{heading}{note}<ul class='gallery'>{items}</ul>"

    def _picture(self, comparison: Comparison, thumbnail: bytes) -> str:
        label, read = _digits(comparison.label), _digits(comparison.text)
        alt = self._localize(Message("{label}, read as {text}", label=label, text=read))
        return (
            f"<li><img src='{encoded_data_url(thumbnail, 'jpeg')}' alt='{escape(alt)}'>"
            f"<b>{escape(label)}</b> → <b class='read'>{escape(read)}</b><small><bdi>{escape(comparison.name)}</bdi></small></li>"
        )

    def _advice(self, advice: Advice | None) -> str:
        if advice is None or not advice.misread_tried:
            return ""
        heading = self._heading(Message("What would have helped"))
        if not advice.trials:
            tried = Message.plural(
                "{count} misread picture was read again with each setting changed in turn. No change mends it.",
                "{count} misread pictures were read again with each setting changed in turn. No change mends any of them.",
                count=advice.misread_tried,
            )
            return f"{heading}<p>{self.text(tried)}</p>"
        tried = Message(
            "{misread} misread and {right} correctly read pictures were read again with each setting changed in turn.",
            misread=advice.misread_tried,
            right=advice.right_tried,
        )
        rows = [(self.text(each.variation.step), self._number(each.mended), self._number(each.broken)) for each in advice.trials]
        header = (Message("Change"), Message("Misread ones that it mends"), Message("Correct ones that it breaks"))
        return f"{heading}<p>{self.text(tried)}</p>{self._table(header, rows)}"

    def _confusion(self, evaluation: Evaluation) -> str:
        if not evaluation.aligned:
            return ""
        digits = range(len(evaluation.confusion))
        note = Message.plural(
            "Rows are what is written, columns what was read: the digits of {count:,} picture in which as many were read as are written.",
            "Rows are what is written, columns what was read: the digits of {count:,} pictures in which as many were read as are written.",
            count=evaluation.aligned,
        )
        head = "".join(f"<th scope='col'>{digit}</th>" for digit in digits)
        rows = "".join(
            f"<tr><th scope='row'>{label}</th>{''.join(self._cell(label, read, evaluation.confusion[label][read]) for read in digits)}</tr>"
            for label in digits
        )
        table = f"<table class='confusion'><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>"
        heading = self._heading(Message("Which digits get confused"))
        return f"{heading}<p class='quiet'>{self.text(note)}</p><div class='scroll'>{table}</div>"

    def _cell(self, label: int, read: int, count: int) -> str:
        kind = "same" if label == read else "wrong" if count else "none"
        return f"<td class='{kind}'>{self._number(count) if count or label == read else '·'}</td>"

    def _calibration(self, evaluation: Evaluation) -> str:
        if not evaluation.reliability_bins:
            return ""
        rows = [
            (self._percent(each["confidence"]), self._percent(each["accuracy"]), self._number(each["count"]))
            for each in evaluation.reliability_bins
        ]
        header = (Message("Predicted confidence"), Message("Actual accuracy"), Message("Digits"))
        return self._heading(Message("Calibration")) + self._table(header, rows)

    def _list(self, evaluation: Evaluation) -> str:
        misread = evaluation.misread
        if not misread:
            return ""
        rows = [
            (f"<bdi>{escape(each.name)}</bdi>", escape(_digits(each.label)), self.text(each.error) or escape(_digits(each.text)))
            for each in misread[:MAX_LISTED]
        ]
        more = len(misread) - len(rows)
        rest = Message.plural("{count:,} more isn't listed.", "{count:,} more aren't listed.", count=more)
        note = f"<p class='quiet'>{self.text(rest)}</p>" if more else ""
        header = (Message("File"), Message("Label"), Message("Read as"))
        return self._heading(Message("All misread pictures")) + self._table(header, rows, "texts") + note

    def _heading(self, message: str) -> str:
        return f"<h2>{self.text(message)}</h2>"

    def _table(self, header: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "numbers") -> str:
        """Return a table of cells that are escaped already; its kind decides their alignment."""
        head = "".join(f"<th scope='col'>{self.text(name)}</th>" for name in header)
        body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
        return f"<div class='scroll'><table class='{kind}'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"

    def _number(self, value: int) -> str:
        return self.text(Message(_NUMBER, value=value))

    def _percent(self, share: float | None) -> str:
        return "–" if share is None else self.text(Message(_PERCENT, value=share))


def _digits(text: str) -> str:
    """Return the digits of lines for people; a dash where there are none."""
    return text.replace("/", " / ") or "–"
