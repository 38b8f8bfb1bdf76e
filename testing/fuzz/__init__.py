"""Fuzzing of everything that comes from outside."""
