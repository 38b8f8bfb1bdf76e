"""Speed and memory, each against a peer path in the same run: `python -m benchmarks` (or `make bench`)."""
