"""The workers on Kubernetes: probed where they answer, drained in time, without privilege."""

from inspect import signature
from typing import Any

import pytest

from gpadapters.rabbitmq.names import Names
from gpcore.domain.wire_message import Lane
from gprunner.cli.worker import run as worker_command
from gprunner.settings import Settings
from tests.infra.files import INFRA, document, documents, last_stage

KUBERNETES = INFRA / "kubernetes"
BASE = KUBERNETES / "base"
OVERLAYS = sorted((KUBERNETES / "overlays").iterdir())
KUSTOMIZATION = document(BASE / "kustomization.yaml")
OBJECTS = {one["kind"]: one for name in KUSTOMIZATION["resources"] for one in documents(BASE / name)}
POD = OBJECTS["Deployment"]["spec"]["template"]["spec"]
[WORKER] = POD["containers"]
[TOPOLOGY] = POD["initContainers"]
PATHS = ("/health", "/livez", "/readyz", "/metrics")
"""What the worker's health server answers, see tests/unit/runner/test_health_server.py."""


def test_every_file_of_the_base_is_used() -> None:
    assert {path.name for path in BASE.glob("*.yaml")} == {*KUSTOMIZATION["resources"], "kustomization.yaml"}


def test_holds_what_a_worker_needs() -> None:
    assert set(OBJECTS) == {
        "ServiceAccount",
        "Deployment",
        "PodDisruptionBudget",
        "NetworkPolicy",
        "TriggerAuthentication",
        "ScaledObject",
    }


@pytest.mark.parametrize("kind", ["Deployment", "PodDisruptionBudget"])
def test_selects_its_own_pods(kind: str) -> None:
    labels = OBJECTS["Deployment"]["spec"]["template"]["metadata"]["labels"]

    assert OBJECTS[kind]["spec"]["selector"]["matchLabels"] == labels
    assert OBJECTS["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == labels


@pytest.mark.parametrize(
    ("probe", "path"), [("startupProbe", "/livez"), ("livenessProbe", "/livez"), ("readinessProbe", "/readyz")]
)
def test_is_probed_where_the_worker_answers(probe: str, path: str) -> None:
    asked = WORKER[probe]["httpGet"]

    assert asked["path"] == path
    assert path in PATHS
    assert asked["port"] in [port["name"] for port in WORKER["ports"]]
    assert [port["containerPort"] for port in WORKER["ports"]] == [Settings.model_fields["port"].default]


def test_has_longer_to_stop_than_its_drain_takes() -> None:
    takes = float(WORKER["args"][WORKER["args"].index("--shutdown-timeout") + 1])

    assert takes == signature(worker_command).parameters["shutdown_timeout"].default
    assert POD["terminationGracePeriodSeconds"] >= takes + 10


@pytest.mark.parametrize("container", [WORKER, TOPOLOGY], ids=lambda one: str(one["name"]))
def test_has_no_privilege_and_writes_nothing(container: dict[str, Any]) -> None:
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert set(container["resources"]) == {"requests", "limits"}


def test_runs_as_the_user_of_the_image() -> None:
    [user] = last_stage((INFRA / "Dockerfile").read_text())["USER"]
    context = POD["securityContext"]

    assert context["runAsNonRoot"] is True
    assert f"{context['runAsUser']}:{context['runAsGroup']}" == user
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}


def test_never_speaks_to_the_cluster() -> None:
    assert OBJECTS["ServiceAccount"]["automountServiceAccountToken"] is False
    assert POD["automountServiceAccountToken"] is False


def test_secrets_come_by_reference_only() -> None:
    secret = {"RABBITMQ_URL", "REDIS_URL", "DISCORD_BOT_TOKEN"}
    literals = " ".join(one for made in KUSTOMIZATION["configMapGenerator"] for one in made["literals"])

    for variable in WORKER["env"] + TOPOLOGY["env"]:
        assert (variable["name"] in secret) == ("secretKeyRef" in variable.get("valueFrom", {})), variable["name"]
    assert not [name for name in secret if name in literals]
    assert "Secret" not in OBJECTS


def test_the_topology_is_declared_with_the_settings_of_the_worker() -> None:
    # Else its queues would have other names, or another ladder.
    assert TOPOLOGY["envFrom"] == WORKER["envFrom"] == [{"configMapRef": {"name": "gp-worker"}}]


def test_every_variable_is_a_setting() -> None:
    known = {name.upper() for name in Settings.model_fields}
    literals = [one.partition("=")[0] for made in KUSTOMIZATION["configMapGenerator"] for one in made["literals"]]

    assert {*literals, *(variable["name"] for variable in WORKER["env"])} <= known


def test_the_last_worker_is_never_evicted() -> None:
    assert OBJECTS["PodDisruptionBudget"]["spec"]["maxUnavailable"] == 1
    assert OBJECTS["ScaledObject"]["spec"]["minReplicaCount"] >= 2


def test_scales_from_two_to_twenty_by_the_queues_that_the_worker_consumes() -> None:
    spec = OBJECTS["ScaledObject"]["spec"]
    queues = [trigger["metadata"]["queueName"] for trigger in spec["triggers"]]

    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (2, 20)
    assert spec["scaleTargetRef"] == {"name": OBJECTS["Deployment"]["metadata"]["name"]}
    assert queues == [Names().queue(lane) for lane in (Lane.INTERACTIONS, Lane.EVENTS)]
    assert "replicas" not in OBJECTS["Deployment"]["spec"]
    for trigger in spec["triggers"]:
        assert trigger["authenticationRef"]["name"] == OBJECTS["TriggerAuthentication"]["metadata"]["name"]
        assert "host" not in trigger["metadata"]


def test_only_prometheus_comes_in() -> None:
    [rule] = OBJECTS["NetworkPolicy"]["spec"]["ingress"]

    assert [one["port"] for one in rule["ports"]] == [8080]
    assert [set(one) for one in rule["from"]] == [{"namespaceSelector"}]


def test_only_https_leaves_for_everywhere() -> None:
    policy = OBJECTS["NetworkPolicy"]["spec"]
    anywhere = [
        [port["port"] for port in rule["ports"]]
        for rule in policy["egress"]
        if any(to.get("ipBlock", {}).get("cidr") == "0.0.0.0/0" for to in rule["to"])
    ]

    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    assert anywhere == [[443]]
    assert all(rule["to"] for rule in policy["egress"])
    assert {port["port"] for rule in policy["egress"] for port in rule["ports"]} == {53, 443, 5671, 6379}


@pytest.mark.parametrize("overlay", OVERLAYS, ids=lambda path: str(path.name))
def test_an_overlay_changes_what_is_there(overlay: Any) -> None:  # noqa: ANN401 - a Path
    change = document(overlay / "kustomization.yaml")

    assert change["resources"] == ["../../base"]
    assert change["namespace"] == f"gp-{overlay.name}"
    for patch in change["patches"]:
        assert OBJECTS[patch["target"]["kind"]]["metadata"]["name"] == patch["target"]["name"]
