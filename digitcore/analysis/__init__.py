"""Analyse readings and engines: which steps an answer depends on, and how fast this machine is."""
