"""Set up processes that do nothing but read pictures, for the HTTP API and for bulk work."""
