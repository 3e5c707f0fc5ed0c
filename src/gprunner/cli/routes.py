"""``gp routes``."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Final

import typer

from gprunner.cli.running import AppDir, AsJson, print_json, print_rows, routes_of

_COLUMNS: Final = ("KIND", "NAME", "DEFER", "LIMITS", "OPTIONS", "AROUND", "SOURCE")
_BOUNDS: Final = ("cooldown", "timeout", "concurrency")
_AROUND: Final = ("checks", "middleware", "errors")

Row = Mapping[str, object]


def routes(
    bot: Annotated[str, typer.Argument(metavar="MODULE:ATTR", help="The bot's router, such as bot:router.")],
    *,
    app_dir: Annotated[str, AppDir] = ".",
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """List a bot's handlers with their kinds, policies, options and what is around them, and its lifespans."""
    compiled = routes_of(bot, app_dir)
    described = [*(handler.describe() for handler in compiled), *(one.describe() for one in compiled.lifespans)]
    if as_json:
        print_json([dict(row) for row in described])
        return
    print_rows([_COLUMNS, *map(_shown, described)])


def _shown(row: Row) -> tuple[str, ...]:
    name = f"{row['name']} {row['option']}" if row.get("option") else str(row["name"])
    defer = "-" if row["kind"] in {"event", "lifespan"} else str(row["defer"])
    bounds = [f"{field} {row[field]}" for field in _BOUNDS if row.get(field) is not None]
    limits = [*_texts(row, "limits"), *bounds]
    options = [*_texts(row, "options"), *(f"{text} (injected)" for text in _texts(row, "injected"))]
    around = [f"{field}: {', '.join(texts)}" for field in (*_AROUND, "provides") if (texts := _texts(row, field))]
    around += [f"refused: {row['refused']}"] if row.get("refused") else []
    return (
        str(row["kind"]),
        name,
        defer,
        ", ".join(limits),
        ", ".join(options),
        "; ".join(around),
        str(row["source"]),
    )


def _texts(row: Row, field: str) -> list[str]:
    value = row.get(field)
    return [str(item) for item in value] if isinstance(value, Iterable) and not isinstance(value, str) else []
