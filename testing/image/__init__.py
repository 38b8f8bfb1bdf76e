"""Build the container image and run it without an engine."""
