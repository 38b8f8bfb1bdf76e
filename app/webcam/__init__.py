"""The webcam: its stream, what is read of it beside the video, and a snapshot where there is no stream."""
