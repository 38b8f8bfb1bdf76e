"""The canvas and its tools."""
