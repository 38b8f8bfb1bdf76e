"""Classify single marks: normalization, the network, calibration, acceptance, explanation."""
