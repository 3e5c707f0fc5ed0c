"""The image: small surface, no privilege, ended properly."""

import json
import re
from pathlib import Path

from tests.infra.files import INFRA, ROOT, instructions, last_stage

DOCKERFILE = (INFRA / "Dockerfile").read_text()
SHIPPED = last_stage(DOCKERFILE)
EXACT_TAG = re.compile(r"^python:\d+\.\d+\.\d+-slim-\w+( AS \w+)?$")


def test_every_stage_begins_with_an_exact_slim_version() -> None:
    bases = [rest for word, rest in instructions(DOCKERFILE) if word == "FROM"]

    assert len(bases) == 2
    assert all(EXACT_TAG.match(base) for base in bases), bases


def test_runs_as_a_number_that_is_not_root() -> None:
    assert [re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user) is not None for user in SHIPPED["USER"]] == [True]


def test_gp_is_process_one_and_gets_the_signal_itself() -> None:
    assert json.loads(SHIPPED["ENTRYPOINT"][-1]) == ["gp"]
    assert isinstance(json.loads(SHIPPED["CMD"][-1]), list)
    assert SHIPPED["STOPSIGNAL"] == ["SIGTERM"]


def test_the_health_check_asks_for_life_alone_and_needs_no_shell() -> None:
    [check] = SHIPPED["HEALTHCHECK"]

    assert json.loads(check[check.index("[") :]) == ["gp", "worker", "health", "--live"]


def test_what_is_shipped_runs_nothing_while_it_is_built() -> None:
    # Everything is made in the first stage: no package manager and no compiler is left behind.
    assert "RUN" not in SHIPPED
    assert all(copied.startswith("--from=build ") for copied in SHIPPED["COPY"])


def test_every_installation_is_locked_by_hashes_or_made_here() -> None:
    commands = " ".join(rest for word, rest in instructions(DOCKERFILE) if word == "RUN").split("&&")
    installing = [command for command in commands if re.search(r"\bpip\b.*\binstall\b", command)]

    assert len(installing) == 3
    assert all("--no-deps" in command for command in installing)
    assert all("--require-hashes" in command or "--no-index /build/dist" in command for command in installing)


def test_says_what_it_is() -> None:
    labels = " ".join(SHIPPED["LABEL"])

    for name in ("title", "licenses", "version", "revision"):
        assert f"org.opencontainers.image.{name}=" in labels


def test_only_what_is_named_reaches_the_build() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    sources = {
        Path(source).parts[0]
        for word, rest in instructions(DOCKERFILE)
        if word == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    }

    assert "*" in lines
    assert {line[1:] for line in lines if line.startswith("!")} == sources
