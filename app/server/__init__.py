"""The server process around the pages: startup and shutdown, the HTTP API, uploads, memory and connections."""
