"""The rooms of the Webcam page."""
