"""Fuzzing of everything that a stranger may send."""
