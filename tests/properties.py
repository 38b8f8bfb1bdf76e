"""Hypothesis for tests of properties: the same examples in every run, without a time limit for each. Import `given` from here."""

from hypothesis import example, given, settings

__all__ = ["example", "given", "settings"]

settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=15)
settings.load_profile("repeatable")
