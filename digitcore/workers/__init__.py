"""Worker processes that only read images, for the HTTP API and for batch work."""
