"""How pictures come in, are kept for a visit, and are shown."""
