"""Handwriting made by this project: for its samples, its tests and its benchmarks. Nothing here is needed to serve."""
