"""Synthetic handwriting and photographs of it, for the samples, the tests, the training and the benchmarks; serving doesn't need them."""
