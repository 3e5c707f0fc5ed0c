"""The pipeline: no rights but the needed ones, nothing that moves under it, and nothing rolled out unseen."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.files import ROOT, document, made_targets

GITHUB = ROOT / ".github"
WORKFLOWS = {path.stem: document(path) for path in sorted((GITHUB / "workflows").glob("*.yaml"))}
TEXTS = {path.stem: path.read_text() for path in sorted((GITHUB / "workflows").glob("*.yaml"))}
PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
BY_TAG = {"pypa/gh-action-pypi-publish@v1.14.2"}
"""Actions that are pinned by exact tag."""


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, workflow in WORKFLOWS.items():
        for label, job in workflow["jobs"].items():
            yield f"{name}:{label}", job


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for address, job in jobs():
        for step in job.get("steps", []):
            yield address, step


def test_holds_what_a_change_a_night_a_release_and_a_roll_out_need() -> None:
    assert set(WORKFLOWS) == {"checks", "nightly", "release", "deploy", "roll-out"}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_nothing_is_allowed_by_default(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {}


@pytest.mark.parametrize(("address", "job"), list(jobs()))
def test_a_job_may_what_it_needs(address: str, job: dict[str, Any]) -> None:
    rights = job["permissions"]
    identity = {"release:publish", "roll-out:roll-out", "deploy:staging", "deploy:production"}

    assert set(rights) <= {"contents", "id-token"}
    assert rights.get("contents", "read") == "read"
    assert ("id-token" in rights) == (address in identity)


@pytest.mark.parametrize("name", TEXTS)
def test_every_action_is_pinned(name: str) -> None:
    for used in re.findall(r"uses: (.+)$", TEXTS[name], re.MULTILINE):
        known = used.split(" # ")[0] in BY_TAG or used.startswith("./.github/workflows/")
        assert known or PINNED.match(used), used


def test_no_check_out_leaves_a_token_behind() -> None:
    found = [step for _, step in steps() if step.get("uses", "").startswith("actions/checkout@")]

    assert len(found) >= 8
    assert all(step["with"]["persist-credentials"] is False for step in found)


def test_no_step_is_given_a_secret() -> None:
    # Roles are taken on by identity; there is no key to be given.
    assert [name for name, text in TEXTS.items() if "secrets." in text] == []


def test_no_command_is_made_of_what_others_chose() -> None:
    assert [address for address, step in steps() if "${{" in step.get("run", "")] == []


def test_every_job_ends_by_itself() -> None:
    assert [address for address, job in jobs() if "uses" not in job and "timeout-minutes" not in job] == []


def test_every_target_that_is_made_exists() -> None:
    targets = made_targets()
    matrix = WORKFLOWS["nightly"]["jobs"]["long"]["strategy"]["matrix"]["target"]
    made = {name for _, step in steps() for name in re.findall(r"\bmake ([\w-]+)", step.get("run", ""))}

    assert made | set(matrix) <= targets
    assert {"lint", "test", "browser", "interop", "dashboards", "audit", "secrets"} <= made


def test_every_script_that_is_run_exists() -> None:
    scripts = {name for _, step in steps() for name in re.findall(r"\bsh (\S+\.sh)", step.get("run", ""))}

    assert scripts
    assert [name for name in scripts if not (ROOT / name).is_file()] == []


def test_a_change_meets_every_python_and_both_brokers() -> None:
    checks = WORKFLOWS["checks"]["jobs"]
    brokers = checks["servers"]["strategy"]["matrix"]["rabbitmq"]

    assert checks["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert [version.split(".")[0] for version in brokers] == ["3", "4"]
    assert set(checks["servers"]["services"]) == {"rabbitmq", "valkey"}


def test_production_follows_staging_and_both_have_an_environment_of_their_own() -> None:
    deploy = WORKFLOWS["deploy"]["jobs"]
    [roll_out] = WORKFLOWS["roll-out"]["jobs"].values()

    assert deploy["production"]["needs"] == "staging"
    assert [deploy[name]["with"]["environment"] for name in ("staging", "production")] == ["staging", "production"]
    # The environment's rules, approval among them, come before its first step.
    assert roll_out["environment"] == "${{ inputs.environment }}"


def test_a_roll_out_is_built_scanned_and_declared_before_it_reaches_the_service() -> None:
    [roll_out] = WORKFLOWS["roll-out"]["jobs"].values()
    order = [step.get("uses", step.get("run", "")).split("@")[0] for step in roll_out["steps"]]
    wanted = [
        "docker/build-push-action",
        "docker/build-push-action",
        "sh infra/deploy/scan.sh",
        "sh infra/deploy/topology.sh",
        "sh infra/deploy/roll-out.sh",
    ]
    [built] = [step["with"] for step in roll_out["steps"] if step.get("id") == "image"]

    assert [one for one in order if one in wanted] == wanted
    assert built["sbom"] is True
    assert built["provenance"] == "mode=max"
    assert roll_out["env"]["TAG"].startswith("${{ inputs.environment }}-${{ github.sha }}-")


def test_a_bot_is_built_on_the_base_of_the_same_commit() -> None:
    [roll_out] = WORKFLOWS["roll-out"]["jobs"].values()
    base, image = (step["with"] for step in roll_out["steps"] if "build-push" in step.get("uses", ""))
    folder = "${{ runner.temp }}/gp-worker"

    assert base["file"] == "infra/Dockerfile"
    assert base["outputs"] == f"type=oci,dest={folder},tar=false"
    assert image["build-contexts"].strip() == f"gp-worker=oci-layout://{folder}:latest"
    assert base["tags"] == "gp-worker:latest"
    for built in (base, image):
        assert [line.split("=")[0] for line in built["build-args"].strip().splitlines()] == ["REVISION", "VERSION"]


def test_only_main_is_rolled_out_and_only_with_a_bot() -> None:
    for job in WORKFLOWS["deploy"]["jobs"].values():
        assert job["if"] == "github.ref == 'refs/heads/main'"
        assert job["with"]["dockerfile"] == "${{ vars.DOCKERFILE }}"


def test_two_roll_outs_of_an_environment_never_meet() -> None:
    assert WORKFLOWS["roll-out"]["concurrency"] == {
        "group": "roll-out-${{ inputs.environment }}",
        "cancel-in-progress": False,
    }


def test_what_is_pinned_is_moved_by_a_bot() -> None:
    updates = document(GITHUB / "dependabot.yaml")["updates"]

    assert {one["package-ecosystem"] for one in updates} == {
        "github-actions",
        "docker",
        "docker-compose",
        "terraform",
        "npm",
    }
    for one in updates:
        assert (ROOT / one["directory"].lstrip("/")).is_dir()
