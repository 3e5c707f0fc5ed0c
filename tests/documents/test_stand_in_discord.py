"""The page about the stand-in Discord names what there is."""

import dataclasses
import re
import sys

import pytest

from gpadapters.simulator.faults import KINDS, InjectedFault
from gpadapters.simulator.server import SimulatedDiscord
from tests.documents.pages import DOCS, blocks

PAGE = (DOCS / "stand-in-discord.md").read_text()


def test_every_kind_of_fault_is_told() -> None:
    table = PAGE.partition("## Faults")[2].partition("`times`")[0]
    told = {name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}

    assert told == set(KINDS)


def test_every_field_of_a_fault_is_told() -> None:
    fields = {field.name for field in dataclasses.fields(InjectedFault)}

    assert fields - set(re.findall(r"[`\"](\w+)[`\"]", PAGE)) == set()


def test_every_control_endpoint_is_told() -> None:
    routes = {
        f"{route.method} {route.resource.canonical}".replace("{interaction_id}", "{id}")
        for route in SimulatedDiscord()._application().router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/_sim") and route.method != "HEAD"
    }

    assert set(re.findall(r"`((?:GET|POST|DELETE) /_sim/[^`]*)`", PAGE)) == routes


def test_the_printed_test_passes(pytester: pytest.Pytester) -> None:
    [printed] = blocks("stand-in-discord.md")
    pytester.makeini("[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makeconftest('pytest_plugins = ["gprunner.testing.plugin"]\n')
    pytester.makepyfile(test_mine=printed)

    ran = pytester.run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:valkey")

    ran.assert_outcomes(passed=1)
