"""Tests of `deploy/`: nginx in front of replicas, and the manifests against their schemas."""
