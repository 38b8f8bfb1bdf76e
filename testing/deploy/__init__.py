"""Drive nginx before replicas, and visitors of it."""
