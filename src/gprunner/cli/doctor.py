"""``gp doctor``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Final

import typer

from gpcore.errors import ConfigurationError, GpError
from gpcore.ports.probe import ProbeResult
from gpcore.ports.topology import TopologyFinding
from gprunner.cli.running import AppDir, AsJson, print_json, routes_of, run_async, set_up_logging
from gprunner.settings import Settings
from gprunner.system import System

_FIXES: Final[Mapping[str, str]] = {
    "rabbitmq": "see that the broker runs and RABBITMQ_URL leads to it",
    "redis": "see that the server runs and REDIS_URL leads to it",
    "discord": "see that this machine reaches DISCORD_API_URL, and that DISCORD_BOT_TOKEN is the bot's",
}


_WRONG: Final[Mapping[str, str]] = {"different": "are not as declared", "missing": "are missing"}


def doctor(
    app: Annotated[
        str | None, typer.Option("--app", metavar="MODULE:ATTR", help="Check what this bot's handlers need too.")
    ] = None,
    *,
    app_dir: Annotated[str, AppDir] = ".",
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Check settings, RabbitMQ, topology, Redis and Discord: a line each, with the fix; exit 1 if any fails."""
    results = _settings_first(app, app_dir)
    if as_json:
        print_json([{"name": one.name, "ok": one.ok, "detail": one.detail} for one in results])
    else:
        for one in results:
            typer.echo(f"{'ok  ' if one.ok else 'FAIL'}  {one.name}: {one.detail}")
    if not all(one.ok for one in results):
        raise typer.Exit(1)


def _settings_first(app: str | None, app_dir: str) -> Sequence[ProbeResult]:
    """Look at the peers only with complete settings: without an address there is nobody to ask."""
    try:
        settings = Settings.load()
    except ConfigurationError as error:
        return [ProbeResult(name="settings", ok=False, detail=fault) for fault in error.faults]
    set_up_logging(settings)
    complete = ProbeResult(name="settings", ok=True, detail="complete")
    return [complete, *run_async(_examine(settings, app, app_dir))]


async def _examine(settings: Settings, app: str | None, app_dir: str) -> Sequence[ProbeResult]:
    from gprunner.lifecycle import opened

    async with opened(System(settings, routes_of(app, app_dir))) as system:
        results = [_with_fix(await probe.check()) for probe in system.probes]
        broker_works = next(one.ok for one in results if one.name == "rabbitmq")
        return [*results, await _topology(system, app)] if broker_works else results


def _with_fix(result: ProbeResult) -> ProbeResult:
    fix = _FIXES.get(result.name)
    return result if result.ok or fix is None else replace(result, detail=f"{result.detail}; {fix}")


async def _topology(system: System, app: str | None) -> ProbeResult:
    command = "gp topology apply" + (f" --app {app}" if app else "")
    try:
        findings = await system.topology.check()
    except GpError as error:
        return ProbeResult(name="topology", ok=False, detail=str(error))
    return judged(findings, command)


def judged(findings: Sequence[TopologyFinding], command: str) -> ProbeResult:
    """Tell what is missing and what differs, and what to do; ``command`` declares what is missing."""
    wrong = [one for one in findings if one.state in _WRONG]
    if not wrong:
        return ProbeResult(name="topology", ok=True, detail=f"{len(findings)} objects are as declared")
    return ProbeResult(name="topology", ok=False, detail=f"{_counted(wrong, len(findings))}; {_fix(wrong, command)}")


def _counted(wrong: Sequence[TopologyFinding], of: int) -> str:
    """Say how many are missing and how many are different, and name the first of each."""
    said = []
    for state, words in _WRONG.items():
        these = [one for one in wrong if one.state == state]
        if these:
            said.append(f"{len(these)} of {of} objects {words}, first {these[0].kind} {these[0].name}")
    return "; ".join(said)


def _fix(wrong: Sequence[TopologyFinding], command: str) -> str:
    """Say what to do: what differs must be decided by somebody before anything can be applied."""
    different = next((one for one in wrong if one.state == "different"), None)
    return f"run {command}" if different is None else different.detail
