"""The roll-out, with a stand-in for AWS: what is asked in which order, and what comes of it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.deploy.new_definition import registration
from infra.deploy.scanned_digest import scanned
from tests.infra.files import INFRA

FORMER = "arn:task-definition/gp-worker:1"
NEW = "arn:task-definition/gp-worker:2"
DESCRIPTION = {
    "taskDefinitionArn": FORMER,
    "revision": 1,
    "status": "ACTIVE",
    "requiresAttributes": [{"name": "x"}],
    "compatibilities": ["FARGATE"],
    "registeredAt": "2026-01-01",
    "registeredBy": "arn:somebody",
    "family": "gp-worker",
    "cpu": "512",
    "containerDefinitions": [{"name": "worker", "image": "old", "user": "10001:10001"}],
}

STAND_IN = """#!{python}
import json, os, pathlib, sys
here = pathlib.Path(os.environ["AWS_STAND_IN"])
words = sys.argv[1:]
with (here / "asked").open("a") as asked:
    asked.write(" ".join(words) + "\\n")
answers = json.loads((here / "answers").read_text())
running = here / "running"
if words[1] == "update-service":
    running.write_text(words[words.index("--task-definition") + 1])
elif words[1] == "describe-services":
    print(answers.get("rolled_back") or running.read_text())
else:
    name = " ".join(words[1:3]) if words[1] == "wait" else words[1]
    answer = answers[name]
    if isinstance(answer, int):
        sys.exit(answer)
    print(answer)
"""

INDEX = {
    "manifests": [
        {"digest": "sha256:image", "platform": {"os": "linux", "architecture": "amd64"}},
        {"digest": "sha256:made-of", "platform": {"os": "unknown", "architecture": "unknown"}},
    ]
}

GOOD: dict[str, Any] = {
    "describe-task-definition": json.dumps(DESCRIPTION),
    "register-task-definition": NEW,
    "wait services-stable": "",
    "list-tasks": "arn:task/1\tarn:task/2",
    "describe-tasks": "0",
    "run-task": "arn:task/topology",
    "wait tasks-stopped": "",
    "wait image-scan-complete": "",
    "describe-image-scan-findings": "None",
    "filter-log-events": "worker/worker/1\tworker/worker/2",
    "imagetools": json.dumps(INDEX),
}


class Roll:
    """Runs a script and keeps what it asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("aws", "docker"):
            stand_in = folder / name
            stand_in.write_text(STAND_IN.replace("{python}", sys.executable))
            stand_in.chmod(0o755)
        (folder / "running").write_text(FORMER)

    def run(self, script: str, **changes: object) -> subprocess.CompletedProcess[str]:
        answers = {**GOOD, **{name.replace("__", " ").replace("_", "-"): value for name, value in changes.items()}}
        if "rolled-back" in answers:
            answers["rolled_back"] = answers.pop("rolled-back")
        (self._folder / "answers").write_text(json.dumps(answers))
        names = (
            "CLUSTER",
            "SERVICE",
            "WORKER",
            "TOPOLOGY",
            "SUBNETS",
            "SECURITY_GROUP",
            "REPOSITORY",
            "LOG_GROUP",
            "IMAGE",
        )
        env = {name: f"the-{name.lower()}" for name in names}
        env |= {"PATH": f"{self._folder}:{os.environ['PATH']}", "AWS_STAND_IN": str(self._folder), "PAUSE": "0"}
        return subprocess.run(
            ["sh", str(INFRA / "deploy" / script)], env=env, capture_output=True, text=True, check=False, timeout=60
        )

    @property
    def asked(self) -> list[str]:
        """What AWS was asked, without its arguments."""
        return [" ".join(line.split()[1:2]) for line in self.asked_in_full]

    @property
    def asked_in_full(self) -> list[str]:
        """What AWS and Docker were asked."""
        return (self._folder / "asked").read_text().splitlines()

    @property
    def running(self) -> str:
        """What the service was last given."""
        return (self._folder / "running").read_text()


@pytest.fixture
def roll(tmp_path: Path) -> Roll:
    return Roll(tmp_path)


def test_the_next_definition_is_the_last_with_another_image() -> None:
    assert registration(DESCRIPTION, "new") == {
        "family": "gp-worker",
        "cpu": "512",
        "containerDefinitions": [{"name": "worker", "image": "new", "user": "10001:10001"}],
    }


def test_the_definition_is_registered_before_the_service_gets_it(roll: Roll) -> None:
    ended = roll.run("roll-out.sh")

    assert ended.returncode == 0, ended.stderr
    assert roll.running == NEW
    assert roll.asked.index("register-task-definition") < roll.asked.index("update-service")
    assert roll.asked.index("update-service") < roll.asked.index("wait") < roll.asked.index("describe-tasks")


@pytest.mark.parametrize(
    "trouble",
    [
        {"wait__services_stable": 255},
        {"describe_tasks": "1"},
        {"list_tasks": "None"},
        {"describe_tasks": 1},
        {"filter_log_events": "worker/worker/1"},
        {"filter_log_events": 255},
    ],
    ids=["never stable", "ill", "nothing runs", "cannot be asked", "one does not consume", "no log"],
)
def test_what_is_not_stable_alive_and_consuming_is_taken_back(roll: Roll, trouble: dict[str, Any]) -> None:
    ended = roll.run("roll-out.sh", **trouble)

    assert ended.returncode != 0
    assert roll.running == FORMER
    assert "going back" in ended.stderr


def test_a_roll_out_that_ecs_took_back_is_a_failure(roll: Roll) -> None:
    ended = roll.run("roll-out.sh", rolled_back=FORMER)

    assert ended.returncode != 0
    assert roll.running == FORMER


def test_that_a_task_consumes_is_read_from_its_own_pulse(roll: Roll) -> None:
    assert roll.run("roll-out.sh").returncode == 0
    asked = [line for line in roll.asked_in_full if "filter-log-events" in line]

    assert len(asked) == 2
    for number, line in enumerate(asked, 1):
        assert f"--log-group-name the-log_group --log-stream-names worker/worker/{number} " in line
        assert '{ $.logger = "gp.pulse" && $.consuming > 0 }' in line


def test_a_topology_that_cannot_be_declared_stops_the_roll_out(roll: Roll) -> None:
    assert roll.run("topology.sh", describe_tasks="0").returncode == 0
    refused = roll.run("topology.sh", describe_tasks="1")

    assert refused.returncode == 1
    assert "Nothing was rolled out" in refused.stderr


@pytest.mark.parametrize(("critical", "code"), [("None", 0), ("0", 0), ("2", 1)])
def test_critical_findings_stop_the_roll_out(roll: Roll, critical: str, code: int) -> None:
    assert roll.run("scan.sh", describe_image_scan_findings=critical).returncode == code


def test_the_scan_is_that_of_the_image_inside_the_index(roll: Roll) -> None:
    assert roll.run("scan.sh").returncode == 0
    assert [line.partition("--image-id ")[2].split()[0] for line in roll.asked_in_full if "ecr" in line] == [
        "imageDigest=sha256:image",
        "imageDigest=sha256:image",
    ]


def test_an_image_without_an_index_is_scanned_itself() -> None:
    assert scanned({"layers": []}, "sha256:itself") == "sha256:itself"
    assert scanned(INDEX, "sha256:index") == "sha256:image"


def test_a_scan_that_has_not_begun_is_asked_for_again_and_not_for_ever(roll: Roll) -> None:
    assert roll.run("scan.sh", wait__image_scan_complete=255).returncode != 0
    assert roll.asked.count("wait") == 3
    assert "describe-image-scan-findings" not in roll.asked
