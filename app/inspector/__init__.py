"""A picture laid open: its steps, its marks, its settings, and which of them matter."""
