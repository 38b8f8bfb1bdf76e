"""Turn the pixels of a photograph into ink: white on black, its greys kept."""
