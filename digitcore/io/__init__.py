"""Decode and encode pictures, archives, strokes and records."""
