"""Tests of the manifest for batch processing on Kubernetes: schemas, command lines, and settings of Dask."""

from pathlib import Path

import dask.config
import distributed  # noqa: F401  its import adds the defaults of its settings
import kubernetes_validate
import pytest
import yaml

from digitcore.cli import main

MANIFEST = Path(__file__).resolve().parents[2] / "deploy" / "kubernetes" / "dask-cluster.yaml"
RESOURCES = {each["kind"]: each for each in yaml.safe_load_all(MANIFEST.read_text(encoding="utf-8"))}
VERSION = "1.34"
CLUSTER, JOB = RESOURCES["DaskCluster"]["spec"], RESOURCES["Job"]["spec"]["template"]["spec"]
PODS = {"worker": CLUSTER["worker"]["spec"], "scheduler": CLUSTER["scheduler"]["spec"], "driver": JOB}


def as_resource(kind, spec):
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "test"}, "spec": spec}


@pytest.mark.parametrize("kind", ["PersistentVolumeClaim", "NetworkPolicy", "Job"])
def test_what_kubernetes_knows_fits_its_schemas(kind):
    kubernetes_validate.validate(RESOURCES[kind], VERSION, strict=True)


@pytest.mark.parametrize("pod", PODS)
def test_the_pods_that_the_operator_makes_fit_the_schemas(pod):
    kubernetes_validate.validate(as_resource("Pod", PODS[pod]), VERSION, strict=True)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(as_resource("Pod", {**PODS[pod], "imagined": 1}), VERSION, strict=True)


def test_the_service_fits_the_schemas():
    kubernetes_validate.validate(as_resource("Service", CLUSTER["scheduler"]["service"]), VERSION, strict=True)


@pytest.mark.parametrize("pod", PODS)
def test_no_pod_may_more_than_it_needs(pod):
    (container,) = PODS[pod]["containers"]
    assert PODS[pod]["securityContext"]["runAsNonRoot"]
    assert PODS[pod]["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert PODS[pod]["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "memory" in container["resources"]["limits"]


def test_all_see_the_same_files_under_the_same_name():
    mounts = [mount for pod in ("worker", "driver") for mount in PODS[pod]["containers"][0]["volumeMounts"] if mount["name"] == "pictures"]
    assert [mount["mountPath"] for mount in mounts] == ["/pictures", "/pictures"]


def test_the_driver_calls_the_schedulers_service_by_words_that_the_program_knows(capsys, tmp_path):
    arguments = JOB["containers"][0]["args"]
    assert arguments[:3] == ["python", "-m", "digitcore"]
    name = RESOURCES["DaskCluster"]["metadata"]["name"]
    assert arguments[arguments.index("--scheduler") + 1] == f"tcp://{name}-scheduler:8786"
    arguments[arguments.index("--output") + 1] = str(tmp_path / "out.csv")
    (tmp_path / "out.csv").write_text("there already")
    assert main(arguments[3:]) == 2
    assert "exists already" in capsys.readouterr().err


def test_dask_knows_the_settings():
    settings = {each["name"]: each["value"] for each in PODS["worker"]["containers"][0]["env"] if each["name"].startswith("DASK_")}
    understood = dask.config.collect_env(settings)
    with dask.config.set(understood):
        assert dask.config.get("distributed.admin.low-level-log-length") == 10
        assert dask.config.get("distributed.scheduler.allowed-failures") == 1
        assert dask.config.get("distributed.worker.memory.spill") is False
