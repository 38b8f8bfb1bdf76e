"""Benchmarks of speed and memory, with a peer measured in the same run where there is one: `python -m benchmarks` (or `make bench`)."""
