"""Tests that use the pages of a running server with Chromium."""
