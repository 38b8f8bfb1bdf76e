"""Tests of `deploy/kubernetes/` against the Kubernetes schemas, and of the references in it."""

import re
from ipaddress import ip_address, ip_network

import kubernetes_validate
import pytest
import yaml

from digitcore.api.settings import PREFIX, ApiSettings
from digitcore.video.ice_settings import SETTING_NAMES
from digitcore.video.settings import MAXIMUM_STREAMS
from testing.browser.server import ROOT
from testing.deploy.nginx import CONFIGURATION, run_replicas_script

FOLDER = ROOT / "deploy" / "kubernetes"
VERSIONS = ["1.31", "1.37"]
"""Versions of Kubernetes: the oldest that is supported, and the newest with an available schema."""

KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))
FILES = [each for each in KUSTOMIZATION["resources"] if each.endswith(".yaml")]
RESOURCES = {each["kind"]: each for name in FILES for each in yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8"))}
MIB = {"Mi": 1, "Gi": 1024}


def pod():
    return RESOURCES["Deployment"]["spec"]["template"]["spec"]


def container(name):
    return next(each for each in pod()["containers"] if each["name"] == name)


def ports():
    return {port["name"]: port["containerPort"] for each in pod()["containers"] for port in each["ports"]}


def mib(quantity):
    return int(quantity[:-2]) * MIB[quantity[-2:]]


def test_every_file_is_a_resource_of_the_kustomization():
    excluded = {"kustomization.yaml", "dask-cluster.yaml"}  # batch processing is applied separately, where it is needed
    assert sorted(FILES) == sorted(each.name for each in FOLDER.glob("*.yaml") if each.name not in excluded)
    kinds = {"Deployment", "Service", "Ingress", "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy", "Namespace"}
    assert set(RESOURCES) == kinds


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", sorted(RESOURCES))
def test_the_schema_of_kubernetes_allows_it(kind, version):
    kubernetes_validate.validate(RESOURCES[kind], version, strict=True)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**RESOURCES[kind], "spec": {**RESOURCES[kind].get("spec", {}), "imagined": 1}}, version, strict=True)


def test_the_namespace_refuses_pods_that_are_less_restricted():
    metadata = RESOURCES["Namespace"]["metadata"]
    assert metadata["name"] == KUSTOMIZATION["namespace"]
    assert metadata["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_the_app_reaches_public_addresses_only():
    blocks = [each["ipBlock"] for rule in RESOURCES["NetworkPolicy"]["spec"]["egress"] for each in rule["to"] if "ipBlock" in each]
    networks = {block["cidr"]: [ip_network(each) for each in block["except"]] for block in blocks}
    assert set(networks) == {"0.0.0.0/0", "::/0"}
    for address in ("10.1.2.3", "169.254.169.254", "192.168.0.1", "fd00::1", "fe80::1", "64:ff9b::a01:203"):
        excluded = networks["::/0" if ":" in address else "0.0.0.0/0"]
        assert any(ip_address(address) in network for network in excluded), address
    assert not any(ip_address("2606:4700::1") in network for network in networks["::/0"])


def test_everything_selects_these_pods():
    labels = RESOURCES["Deployment"]["spec"]["template"]["metadata"]["labels"]
    spread = pod()["topologySpreadConstraints"][0]["labelSelector"]
    chosen = [RESOURCES[kind]["spec"]["selector"]["matchLabels"] for kind in ("Deployment", "PodDisruptionBudget")]
    chosen += [
        RESOURCES["Service"]["spec"]["selector"],
        RESOURCES["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"],
        spread["matchLabels"],
    ]
    assert len(labels) == 1
    assert chosen == 5 * [labels]


def test_the_way_of_a_visitor_is_unbroken():
    target = RESOURCES["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
    deployment = RESOURCES["Deployment"]
    assert target == {"apiVersion": deployment["apiVersion"], "kind": "Deployment", "name": deployment["metadata"]["name"]}
    backend = RESOURCES["Ingress"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    service = RESOURCES["Service"]
    assert (backend["name"], backend["port"]["name"]) == (service["metadata"]["name"], service["spec"]["ports"][0]["name"])
    assert ports()[service["spec"]["ports"][0]["targetPort"]] == 8080
    listened = re.search(r"listen (\d+)", (CONFIGURATION / "behind.conf").read_text(encoding="utf-8"))
    assert int(listened[1]) == 8080
    assert RESOURCES["Ingress"]["spec"]["tls"][0]["hosts"] == [RESOURCES["Ingress"]["spec"]["rules"][0]["host"]]


def test_visitors_come_by_nginx_and_prometheus_to_the_app():
    allowed = {
        each["from"][0]["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]: [port["port"] for port in each["ports"]]
        for each in RESOURCES["NetworkPolicy"]["spec"]["ingress"]
    }
    assert allowed == {"ingress-nginx": ["web"], "monitoring": ["app"]}
    assert {port for each in allowed.values() for port in each} == set(ports())
    assert RESOURCES["NetworkPolicy"]["spec"]["policyTypes"] == ["Ingress", "Egress"]


def test_the_ingress_keeps_visitors_with_their_pod_and_takes_what_nginx_takes():
    annotations = {each.split("/")[1]: value for each, value in RESOURCES["Ingress"]["metadata"]["annotations"].items()}
    assert (annotations["affinity"], annotations["session-cookie-change-on-failure"]) == ("cookie", "true")
    http, site = ((CONFIGURATION / name).read_text(encoding="utf-8") for name in ("http.conf", "site.conf"))
    assert annotations["proxy-body-size"] == re.search(r"client_max_body_size (\w+);", http)[1]
    assert {f"{annotations['proxy-read-timeout']}s"} == set(re.findall(r"proxy_read_timeout (\w+);", site))


def test_nginx_in_the_pod_has_every_file_that_its_configuration_includes():
    base = yaml.safe_load((CONFIGURATION / "kustomization.yaml").read_text(encoding="utf-8"))["configMapGenerator"][0]
    generated = {each["name"]: each for each in KUSTOMIZATION["configMapGenerator"]}
    assert generated[base["name"]]["behavior"] == "merge"
    volume = next(each for each in pod()["volumes"] if each["name"] == "nginx-conf")
    assert volume["configMap"]["name"] == base["name"]
    included = {"behind.conf"}
    for _ in range(3):  # includes of includes
        texts = [(CONFIGURATION / each).read_text(encoding="utf-8") for each in included]
        included |= {name for text in texts for name in re.findall(r"^\s*include (\S+);", text, re.MULTILINE)}
    assert set(base["files"]) == included
    assert (FOLDER / "replicas.conf").read_text(encoding="utf-8") == run_replicas_script(f"127.0.0.1:{ports()['app']}").stdout
    assert "/etc/digits/behind.conf" in container("nginx")["command"][2]


def test_the_app_knows_every_setting_and_takes_them():
    generated = next(each for each in KUSTOMIZATION["configMapGenerator"] if each["name"] == "digits-settings")
    environment = dict(each.split("=", 1) for each in generated["literals"])
    settings = ApiSettings.from_environment(environment)
    assert settings.metrics
    assert str(settings.workers) == container("app")["resources"]["limits"]["cpu"]
    assert {each for each in environment if not each.startswith(PREFIX)} <= {*SETTING_NAMES, MAXIMUM_STREAMS}
    assert container("app")["envFrom"][0]["configMapRef"]["name"] == "digits-settings"
    assert container("app")["image"] == KUSTOMIZATION["images"][0]["name"]


@pytest.mark.parametrize("name", ["app", "nginx"])
def test_nothing_runs_with_more_rights_than_it_needs(name):
    security = container(name)["securityContext"]
    assert pod()["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    assert security["runAsUser"] > 0
    assert security["readOnlyRootFilesystem"] is True
    assert security["allowPrivilegeEscalation"] is False
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert pod()["automountServiceAccountToken"] is False
    mounted = {each["name"] for each in container(name)["volumeMounts"]}
    assert mounted <= {each["name"] for each in pod()["volumes"]}


def test_what_waits_in_memory_has_room_within_the_limit():
    sizes = {each["name"]: mib(each["emptyDir"]["sizeLimit"]) for each in pod()["volumes"] if "emptyDir" in each}
    assert sizes["nginx-tmp"] < mib(container("nginx")["resources"]["limits"]["memory"])
    settings = ApiSettings(workers=2)
    peak_mib = 479 + settings.bodies_mib + sizes["app-tmp"]
    assert peak_mib < mib(container("app")["resources"]["limits"]["memory"])


def test_a_pod_is_asked_only_once_the_network_answers_and_no_longer_once_it_ends():
    app = container("app")
    assert {app[each]["httpGet"]["path"] for each in ("startupProbe", "readinessProbe")} == {"/api/v1/health"}
    assert app["livenessProbe"]["httpGet"]["path"] == "/_stcore/health"
    assert {container("nginx")[each]["tcpSocket"]["port"] for each in ("readinessProbe", "livenessProbe")} == {"web"}
    waits = [each["lifecycle"]["preStop"]["sleep"]["seconds"] for each in pod()["containers"]]
    assert waits[0] < waits[1] < pod()["terminationGracePeriodSeconds"]


def test_there_are_always_two_and_one_may_go():
    scaler = RESOURCES["HorizontalPodAutoscaler"]["spec"]
    assert scaler["minReplicas"] > RESOURCES["PodDisruptionBudget"]["spec"]["maxUnavailable"]
    assert scaler["metrics"][0]["containerResource"]["container"] == "app"
    assert "replicas" not in RESOURCES["Deployment"]["spec"]
