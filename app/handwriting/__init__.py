"""The visitor's own handwriting: its examples, kept for the session, the panel that shows it, and how it is taught on the Draw page."""
