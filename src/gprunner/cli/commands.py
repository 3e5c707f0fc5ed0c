"""``gp commands diff | sync``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from gpcore.domain.command_differences import Change, Difference, compare, for_guild, overwrite
from gprunner.cli.running import AppDir, AsJson, print_json, print_rows, routes_of, run_async, set_up_logging
from gprunner.settings import Settings

app = typer.Typer(help="The commands that Discord shows to users.", no_args_is_help=True)

BotArgument = Annotated[str, typer.Argument(metavar="MODULE:ATTR", help="The bot's router, such as bot:router.")]
Guild = Annotated[
    str | None, typer.Option("--guild", metavar="ID", help="The commands of this guild instead of the global ones.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What was declared, what is registered, and how they differ."""

    declared: Sequence[Mapping[str, Any]]
    registered: Sequence[Mapping[str, Any]]
    differences: Sequence[Difference]

    @property
    def same(self) -> bool:
        """Whether registering would change nothing."""
        return all(one.change is Change.NOTHING for one in self.differences)


@app.command("diff")
def diff(
    bot: BotArgument,
    *,
    guild: Guild = None,
    app_dir: Annotated[str, AppDir] = ".",
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Compare a bot's commands with the registered ones; exit 1 if anything differs."""
    comparison = run_async(_ask(bot, app_dir, guild, perform=False))
    _report(comparison, as_json=as_json)
    if not comparison.same:
        raise typer.Exit(1)


@app.command("sync")
def sync(
    bot: BotArgument,
    *,
    guild: Guild = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this only say what would be done.")] = False,
    app_dir: Annotated[str, AppDir] = ".",
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Register a bot's commands as the whole set: what it does not declare is deleted."""
    comparison = run_async(_ask(bot, app_dir, guild, perform=yes))
    _report(comparison, as_json=as_json)
    if comparison.same:
        typer.echo("nothing to do", err=True)
    else:
        typer.echo("registered" if yes else "nothing was registered: give --yes to do it", err=True)


async def _ask(bot: str, app_dir: str, guild: str | None, *, perform: bool) -> Comparison:
    from gprunner.lifecycle import opened
    from gprunner.system import System

    settings = Settings.load(need=("DISCORD_APPLICATION_ID", "DISCORD_BOT_TOKEN"))
    set_up_logging(settings)
    routes = routes_of(bot, app_dir)
    declared = for_guild(routes.commands) if guild is not None else tuple(routes.commands)
    async with opened(System(settings, routes), connections=("discord",)) as system:
        registry = system.command_registry
        registered = await registry.registered(guild_id=guild)
        comparison = Comparison(declared=declared, registered=registered, differences=compare(declared, registered))
        if perform and not comparison.same:
            await registry.replace(overwrite(declared, registered, guild=guild is not None), guild_id=guild)
        return comparison


def _report(comparison: Comparison, *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "type": one.type.name.lower(),
                    "name": one.name,
                    "change": one.change.value,
                    "details": list(one.details),
                }
                for one in comparison.differences
            ]
        )
        return
    rows = [("CHANGE", "TYPE", "NAME", "DETAILS")]
    for one in comparison.differences:
        first, *rest = one.details or ("",)
        rows.append((one.change.value, one.type.name.lower(), one.name, first))
        rows.extend(("", "", "", detail) for detail in rest)
    print_rows(rows)
