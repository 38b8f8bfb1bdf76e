"""The parts of the Webcam page: the video stream, the panel with its reading, and a snapshot for visitors without a stream."""
