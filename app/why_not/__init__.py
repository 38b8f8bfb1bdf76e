"""The question why a mark isn't read as another digit: the smallest change that would make it one (`digitcore.analysis.counterfactual`)."""

from app.why_not.panel import show_for_drawing, show_for_ink

__all__ = ["show_for_drawing", "show_for_ink"]
