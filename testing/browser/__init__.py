"""Drive Chromium, the app's server and a TURN server."""
