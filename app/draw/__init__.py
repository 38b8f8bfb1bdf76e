"""The Draw page: the canvas, its tools, and its downloads."""
