"""Drive browsers, servers and containers for tests and benchmarks."""
