"""Fool the machine: a game of ten prompts for the Draw page, judged by what the reading itself says."""
