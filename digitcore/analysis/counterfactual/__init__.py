"""Counterfactual explanations (Wachter et al. 2018): the smallest change of a mark's strokes that makes it another digit.

`mark` takes the strokes from a drawing or follows them in ink (`skeleton`), `edits` proposes changes, `scoring` classifies changed marks
and reads them, `search` finds the smallest change that suffices, and `picture` draws it.
"""

from digitcore.analysis.counterfactual.edits import ChangeKind
from digitcore.analysis.counterfactual.mark import MarkStrokes, mark_of_drawing, mark_of_ink
from digitcore.analysis.counterfactual.picture import draw_change
from digitcore.analysis.counterfactual.result import Change, Counterfactual, MarkVersion, Place
from digitcore.analysis.counterfactual.search import find_counterfactual

__all__ = [
    "Change",
    "ChangeKind",
    "Counterfactual",
    "MarkStrokes",
    "MarkVersion",
    "Place",
    "draw_change",
    "find_counterfactual",
    "mark_of_drawing",
    "mark_of_ink",
]
