"""``gp dlq ls | show | replay | purge``."""

from collections.abc import Sequence
from typing import Annotated, Final

import typer

from gpcore.application.dead_letters import Outcome
from gpcore.domain.dead_letters import UNGUARDED, DeadLetterEntry, Selection
from gpcore.domain.wire_message import Lane
from gpcore.errors import ConfigurationError
from gprunner.cli.dead_letter_text import print_entries, print_groups, print_letter
from gprunner.cli.running import AsJson, print_json, run_async, set_up_logging
from gprunner.settings import Settings
from gprunner.system import System

app = typer.Typer(help="The messages that gp gave up on.", no_args_is_help=True)

_LANES: Final = {lane.value: lane for lane in Lane}

Id = Annotated[str | None, typer.Argument(metavar="[ID]", help="An event id; without one, all that the filters match.")]
Reason = Annotated[str | None, typer.Option(help="Only this reason, such as attempts or not_json.")]
Type = Annotated[str | None, typer.Option("--type", help="Only this event type, or a family such as member.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without this only say what would be done.")]


@app.command("ls")
def ls(
    *,
    reason: Reason = None,
    event_type: Type = None,
    queue: Annotated[str, typer.Option(help="Which lanes to look at, separated by commas.")] = "events,interactions",
    most: Annotated[int, typer.Option("--limit", min=1, help="Look at so many letters of each lane at most.")] = 10_000,
    each: Annotated[bool, typer.Option("--each", help="A line for each letter instead of for each group.")] = False,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """List dead letters by reason and event type; changes nothing."""
    lanes = _lanes(queue)
    entries = run_async(_look(_settings(), lanes, Selection(reason=reason, event_type=event_type), most))
    if each:
        print_entries(entries, as_json=as_json)
    else:
        print_groups(entries, as_json=as_json)


@app.command("show")
def show(
    letter_id: Annotated[str, typer.Argument(metavar="ID", help="The letter's id, as ls prints it.")],
    *,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Show one dead letter with its headers and its body, tokens redacted; changes nothing."""
    from gprunner.lifecycle import opened

    async def find() -> bool:
        async with opened(_system(settings), connections=("broker",)) as system:
            shown = await system.dead_letter_office.show(letter_id)
        if shown is not None:
            print_letter(*shown, as_json=as_json)
        return shown is not None

    settings = _settings()
    if not run_async(find()):
        typer.echo(f"gp: there is no dead letter {letter_id}; gp dlq ls --each lists them", err=True)
        raise typer.Exit(1)


@app.command("replay")
def replay(
    letter_id: Id = None,
    *,
    reason: Reason = None,
    event_type: Type = None,
    limit: Annotated[int, typer.Option(min=1, help="Put back so many at most.")] = 1_000,
    rate: Annotated[float, typer.Option(min=0.1, max=1_000, help="Put back so many a second at most.")] = 20.0,
    unguarded: Annotated[
        bool, typer.Option("--unguarded", help="Also what is over a day old: it may have a second effect.")
    ] = False,
    yes: Yes = False,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Put events back into their queue, with all their attempts again; interactions never are."""
    from gpcore.application.replaying import Pace
    from gprunner.lifecycle import opened

    async def put_back() -> Outcome:
        async with opened(_system(settings), connections=("broker", "state")) as system:
            pace = Pace(limit=limit, rate=rate)
            return await system.replayer.replay(selection, pace, really=yes, unguarded=unguarded)

    settings = _settings("RABBITMQ_URL", "REDIS_URL")
    selection = Selection(id=letter_id, reason=reason, event_type=event_type)
    _report(run_async(put_back()), "replayed" if yes else "would replay", asked=letter_id, as_json=as_json)


@app.command("purge")
def purge(
    letter_id: Id = None,
    *,
    reason: Reason = None,
    event_type: Type = None,
    queue: Annotated[str, typer.Option(help="Which lane's letters.")] = "events",
    yes: Yes = False,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Throw dead letters away for good."""
    from gprunner.lifecycle import opened

    async def throw_away() -> Outcome:
        async with opened(_system(settings), connections=("broker",)) as system:
            return await system.dead_letter_office.purge(lanes[0], selection, really=yes)

    lanes = _lanes(queue)
    if len(lanes) > 1:
        raise ConfigurationError(f"--queue {queue!r}: name one lane")
    settings = _settings()
    selection = Selection(id=letter_id, reason=reason, event_type=event_type)
    _report(run_async(throw_away()), "purged" if yes else "would purge", asked=letter_id, as_json=as_json)


async def _look(
    settings: Settings, lanes: Sequence[Lane], selection: Selection, most: int
) -> Sequence[DeadLetterEntry]:
    from gprunner.lifecycle import opened

    async with opened(_system(settings), connections=("broker",)) as system:
        office = system.dead_letter_office
        return [entry for lane in lanes for entry in await office.look(lane, selection, most=most)]


def _settings(*need: str) -> Settings:
    settings = Settings.load(need=need or ("RABBITMQ_URL",))
    set_up_logging(settings)
    return settings


def _system(settings: Settings) -> System:
    from gpcore.application.routes import Routes

    return System(settings, Routes())


def _report(outcome: Outcome, verb: str, *, asked: str | None, as_json: bool) -> None:
    """Say what was done; exit 1 if it stopped early, or if the one that was asked for was not moved."""
    if as_json:
        print_json({"done": verb, "ids": list(outcome.moved), "left": dict(outcome.left), "failure": outcome.failure})
    else:
        for letter_id in outcome.moved:
            typer.echo(f"{verb} {letter_id}")
        left = ", ".join(f"{count} {reason}" for reason, count in outcome.left.items())
        hint = "; add --yes to do it" if verb.startswith("would") and outcome.moved else ""
        typer.echo(f"{verb} {len(outcome.moved)}" + (f", left {left}" if left else "") + hint, err=True)
        if UNGUARDED in outcome.left:
            typer.echo(_UNGUARDED_TEXT, err=True)
    if outcome.failure is not None:
        typer.echo(f"gp: stopped: {outcome.failure}; what was not moved is still there", err=True)
        raise typer.Exit(1)
    if asked is not None and not outcome.moved:
        typer.echo(f"gp: {asked} was not moved{'' if outcome.left else ': there is no such letter'}", err=True)
        raise typer.Exit(1)


_UNGUARDED_TEXT: Final = (
    "gp: what is left as unguarded was first seen over a day ago, or at an unknown time: whether it was processed"
    " since is forgotten. Add --unguarded if its handlers may run a second time."
)


def _lanes(queue: str) -> tuple[Lane, ...]:
    names = [name.strip() for name in queue.split(",") if name.strip()]
    if not names or not set(names) <= set(_LANES):
        raise ConfigurationError(f"--queue {queue!r}: choose from {', '.join(_LANES)}")
    return tuple(_LANES[name] for name in dict.fromkeys(names))
