"""Read published data sets."""
