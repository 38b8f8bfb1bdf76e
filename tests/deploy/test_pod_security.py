"""Tests that every pod in `deploy/kubernetes/`, also a future one, meets the restricted Pod Security Standard and more.

The rules of the standard: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
"""

import pytest
import yaml

from testing.browser.server import ROOT

FOLDER = ROOT / "deploy" / "kubernetes"
ALLOWED_VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
LONG_RUNNING = {"deployment.yaml: app, nginx", "dask-cluster.yaml: scheduler"}
"""The pods that visitors or other pods connect to."""


def containers(spec):
    return [each for kind in ("initContainers", "containers", "ephemeralContainers") for each in spec.get(kind, [])]


def find_pods(manifest):
    """List the pod specifications in parsed YAML, at any depth: the mappings that have containers."""
    if isinstance(manifest, dict):
        own = [manifest] if isinstance(manifest.get("containers"), list) else []
        return own + [each for value in manifest.values() for each in find_pods(value)]
    return [each for value in manifest for each in find_pods(value)] if isinstance(manifest, list) else []


def all_pods():
    """Return every pod specification of the folder, by its file and its containers."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for spec in find_pods([*yaml.safe_load_all(path.read_text(encoding="utf-8"))]):
            found[f"{path.name}: {', '.join(each['name'] for each in containers(spec))}"] = spec
    return found


PODS = all_pods()


def test_the_pods_of_the_app_and_of_batch_processing_are_found():
    assert set(PODS) == LONG_RUNNING | {"dask-cluster.yaml: worker", "dask-cluster.yaml: driver"}


@pytest.mark.parametrize("pod", PODS)
def test_a_pod_runs_as_an_ordinary_user_without_a_token_of_the_cluster(pod):
    spec = PODS[pod]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] is False
    for each in containers(spec):
        own = each["securityContext"]
        assert own.get("runAsUser", spec["securityContext"].get("runAsUser", 0)) > 0
        assert own.get("runAsNonRoot", True) is True
        assert own.get("seccompProfile", {"type": "RuntimeDefault"}) == {"type": "RuntimeDefault"}


@pytest.mark.parametrize("pod", PODS)
def test_no_container_can_write_to_its_root_or_gain_rights(pod):
    for each in containers(PODS[pod]):
        own = each["securityContext"]
        assert own["allowPrivilegeEscalation"] is False
        assert own["readOnlyRootFilesystem"] is True
        assert own["capabilities"] == {"drop": ["ALL"]}
        assert own.get("privileged", False) is False
        assert own.get("procMount", "Default") == "Default"


@pytest.mark.parametrize("pod", PODS)
def test_a_pod_shares_nothing_with_its_node(pod):
    spec = PODS[pod]
    assert not {"hostNetwork", "hostPID", "hostIPC", "hostUsers"} & set(spec)
    assert {kind for volume in spec["volumes"] for kind in volume if kind != "name"} <= ALLOWED_VOLUMES
    assert not any("hostPort" in port for each in containers(spec) for port in each.get("ports", []))


@pytest.mark.parametrize("pod", PODS)
def test_memory_is_limited_in_containers_and_in_their_temporary_folders(pod):
    assert all("memory" in each["resources"]["limits"] for each in containers(PODS[pod]))
    assert all("sizeLimit" in volume["emptyDir"] for volume in PODS[pod]["volumes"] if "emptyDir" in volume)


@pytest.mark.parametrize("pod", sorted(LONG_RUNNING))
def test_a_container_that_others_connect_to_is_restarted_if_it_hangs_and_left_alone_until_it_is_ready(pod):
    for each in PODS[pod]["containers"]:
        assert {"livenessProbe", "readinessProbe"} <= set(each)
