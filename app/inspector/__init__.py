"""The parts of the Inspector page: every stage of a reading, its marks, its settings, and which steps matter."""
