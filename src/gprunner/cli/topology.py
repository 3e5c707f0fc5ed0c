"""``gp topology show | check | apply``."""

from collections.abc import Sequence
from typing import Annotated

import typer

from gpcore.errors import ConfigurationError
from gpcore.ports.topology import TopologyFinding
from gprunner.cli.running import AppDir, AsJson, print_json, print_rows, routes_of, run_async, set_up_logging
from gprunner.settings import Settings

app = typer.Typer(help="The exchanges and queues that gp needs on the broker.", no_args_is_help=True)

App = Annotated[str | None, typer.Option("--app", metavar="MODULE:ATTR", help="Bind what this bot's handlers need.")]


@app.command("show")
def show(
    app: App = None,
    *,
    broker_version: Annotated[str, typer.Option(help="Of the broker that it is for.")] = "3.13",
    app_dir: Annotated[str, AppDir] = ".",
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Print what gp declares; asks nobody."""
    from gprunner.system import System

    declared = System(Settings.load(need=()), routes_of(app, app_dir)).declared_topology(_version(broker_version))
    if as_json:
        print_json([dict(row) for row in declared])
    else:
        print_rows([("KIND", "NAME", "DETAILS"), *((row["kind"], row["name"], row["details"]) for row in declared)])


@app.command("check")
def check(app: App = None, *, app_dir: Annotated[str, AppDir] = ".", as_json: Annotated[bool, AsJson] = False) -> None:
    """Compare the broker with what gp declares; exit 1 if anything is missing or different."""
    _report(run_async(_ask(app, app_dir, apply=False)), as_json=as_json)


@app.command("apply")
def apply(app: App = None, *, app_dir: Annotated[str, AppDir] = ".", as_json: Annotated[bool, AsJson] = False) -> None:
    """Declare what is missing; never deletes or replaces anything."""
    _report(run_async(_ask(app, app_dir, apply=True)), as_json=as_json)


async def _ask(app: str | None, app_dir: str, *, apply: bool) -> Sequence[TopologyFinding]:
    from gprunner.system import System

    settings = Settings.load(need=("RABBITMQ_URL",))
    set_up_logging(settings)
    topology = System(settings, routes_of(app, app_dir)).topology
    return await (topology.apply() if apply else topology.check())


def _version(text: str) -> tuple[int, int]:
    major, _, rest = text.partition(".")
    minor = rest.partition(".")[0]
    if not (major.isdecimal() and minor.isdecimal()):
        raise ConfigurationError(f"--broker-version {text!r}: give a version such as 3.13 or 4.0")
    return int(major), int(minor)


def _report(findings: Sequence[TopologyFinding], *, as_json: bool) -> None:
    if as_json:
        print_json([{"kind": one.kind, "name": one.name, "state": one.state, "detail": one.detail} for one in findings])
    else:
        print_rows([("STATE", "KIND", "NAME", "DETAIL"), *((o.state, o.kind, o.name, o.detail) for o in findings)])
    if any(one.state in ("missing", "different") for one in findings):
        raise typer.Exit(1)
