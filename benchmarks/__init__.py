"""Speed and memory, against a peer path in the same run where there is one: `python -m benchmarks` (or `make bench`)."""
