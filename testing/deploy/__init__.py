"""Drive nginx in front of replicas, and its visitors."""
