"""``gp routes``."""

from typing import Annotated

import typer

from gprunner.cli.running import AppDir, AsJson, print_json, print_rows, routes_of


def routes(
    bot: Annotated[str, typer.Argument(metavar="MODULE:ATTR", help="The bot's router, such as bot:router.")],
    *,
    app_dir: Annotated[str, AppDir] = ".",
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """List a bot's handlers with their kinds, policies and options."""
    described = [handler.describe() for handler in routes_of(bot, app_dir)]
    if as_json:
        print_json([dict(row) for row in described])
        return
    rows = [("KIND", "NAME", "DEFER", "LIMITS", "OPTIONS", "SOURCE")]
    for row in described:
        options, limits = row["options"], row["limits"]
        cooldown = [f"cooldown {row['cooldown']:g} s"] if isinstance(row["cooldown"], (int, float)) else []
        shown_limits = cooldown + [str(limit) for limit in limits] if isinstance(limits, list) else cooldown
        shown_options = [str(option) for option in options] if isinstance(options, list) else []
        name = f"{row['name']} {row['option']}" if row["option"] else str(row["name"])
        defer = "-" if row["kind"] == "event" else str(row["defer"])
        rows.append(
            (str(row["kind"]), name, defer, ", ".join(shown_limits), ", ".join(shown_options), str(row["source"]))
        )
    print_rows(rows)
