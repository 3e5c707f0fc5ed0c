"""The whole system on one machine: nothing is reached from outside, nothing has more rights than it needs."""

import json
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from gprunner.cli.worker import run as worker_command
from tests.infra.files import INFRA, document, last_stage, seconds

COMPOSE = document(INFRA / "compose.yaml")
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"] == "gp-worker:local"]
IMAGE_HAS_A_CHECK = "HEALTHCHECK" in last_stage((INFRA / "Dockerfile").read_text())


def checked(service: dict[str, Any]) -> bool:
    """Tell whether Docker can know that a service is healthy."""
    check = service.get("healthcheck")
    if check is None:
        return service["image"] == "gp-worker:local" and IMAGE_HAS_A_CHECK
    return not check.get("disable", False)


def test_holds_every_part_of_the_system() -> None:
    parts = {"rabbitmq", "valkey", "discord", "topology", "worker", "people", "prometheus", "grafana"}

    assert set(SERVICES) == parts
    assert set(OURS) == {"discord", "topology", "worker", "people"}


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_open_on_loopback_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_has_privileges(name: str) -> None:
    service = SERVICES[name]

    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "network_mode", "pid"} & set(service)


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "rabbitmq"])
def test_the_file_system_is_read_only(name: str) -> None:
    assert SERVICES[name]["read_only"] is True
    assert all(volume.endswith(":ro") for volume in SERVICES[name].get("volumes", []))


@pytest.mark.parametrize("name", SERVICES)
def test_images_have_an_exact_version(name: str) -> None:
    _, _, tag = SERVICES[name]["image"].partition(":")

    assert tag == "local" or tag.lstrip("v").count(".") == 2


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_waited_for_can_come(name: str) -> None:
    for other, wait in SERVICES[name].get("depends_on", {}).items():
        if wait["condition"] == "service_healthy":
            assert checked(SERVICES[other]), f"{name} waits for the health of {other}, which has no check"
        else:
            assert wait["condition"] == "service_completed_successfully"
            assert SERVICES[other]["restart"] == "no"


def test_the_worker_waits_for_all_that_it_needs() -> None:
    assert set(SERVICES["worker"]["depends_on"]) == {"rabbitmq", "valkey", "discord", "topology"}


def test_the_worker_has_longer_to_stop_than_it_takes() -> None:
    command = SERVICES["worker"]["command"]
    takes = float(command[command.index("--shutdown-timeout") + 1])

    assert signature(worker_command).parameters["shutdown_timeout"].default == takes
    assert seconds(SERVICES["worker"]["stop_grace_period"]) >= takes + 5


def test_who_waits_for_the_worker_waits_until_it_is_ready() -> None:
    assert SERVICES["worker"]["healthcheck"]["test"] == ["CMD", "gp", "worker", "health"]


def test_grafana_can_write_its_database() -> None:
    [made] = [one for one in SERVICES["grafana"]["tmpfs"] if one.startswith("/var/lib/grafana:")]

    assert set(made.partition(":")[2].split(",")) == {"uid=472", "gid=0", "mode=0770"}


def test_state_is_never_evicted() -> None:
    command = SERVICES["valkey"]["command"]

    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_what_is_mounted_exists() -> None:
    mounted = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])]
    ours = [path for path in mounted if path.startswith(".")]

    assert ours
    assert [path for path in ours if not (INFRA / path).exists()] == []


def test_prometheus_asks_the_worker() -> None:
    [job] = document(INFRA / "compose" / "prometheus.yaml")["scrape_configs"]

    assert [one["names"] for one in job["dns_sd_configs"]] == [["worker"]]
    assert job["dns_sd_configs"][0]["port"] == 8080


def test_grafana_finds_the_dashboards_where_they_are_mounted() -> None:
    [provider] = document(INFRA / "compose" / "grafana" / "dashboards.yaml")["providers"]

    assert f"./grafana:{provider['options']['path']}:ro" in SERVICES["grafana"]["volumes"]
    for dashboard in Path(INFRA / "grafana").glob("*.json"):
        assert json.loads(dashboard.read_text())["title"]
