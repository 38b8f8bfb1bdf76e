"""Tests of what stands in `deploy/`: the real nginx before real replicas, and the real schemas."""
