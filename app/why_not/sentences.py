"""Say in a sentence what would have to be different for a mark to be another digit."""

from typing import Final

from app.language import N_, _, bounded_percent
from digitcore.analysis.counterfactual import Change, ChangeKind, Counterfactual, Place

_CHANGES: Final = {
    ChangeKind.LENGTHENED: N_("a stroke were longer {place}"),
    ChangeKind.SHORTENED: N_("part of a stroke were missing {place}"),
    ChangeKind.CLOSED: N_("a gap were closed {place}"),
    ChangeKind.ADDED: N_("there were one more stroke {place}"),
    ChangeKind.REMOVED: N_("a whole stroke were missing {place}"),
    ChangeKind.BENT: N_("a stroke were bent differently {place}"),
}
"""Each completes "It would be read as 9 if …"."""

_PLACES: Final = {Place.TOP: N_("at the top"), Place.MIDDLE: N_("in the middle"), Place.BOTTOM: N_("at the bottom")}


def answer_sentence(found: Counterfactual) -> str:
    """Return the sentence that tells the change and what it makes of the mark, in the visitor's language.

    Args:
        found: the change.
    """
    clauses = list(dict.fromkeys(map(_clause, found.changes)))
    change = clauses[0] if len(clauses) == 1 else _("{one} and {other}").format(one=clauses[0], other=clauses[1])
    after = found.after.digit
    share = bounded_percent(after.confidence)
    return _("It would be read as {digit} ({share}) if {change}.").format(digit=after.classes[found.target], share=share, change=change)


def _clause(change: Change) -> str:
    return _(_CHANGES[change.kind]).format(place=_(_PLACES[change.place]))
