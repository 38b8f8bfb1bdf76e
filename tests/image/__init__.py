"""The container image: what goes into it, and the built image itself without any engine."""
