"""``gp config show``."""

from typing import Annotated
from urllib.parse import urlsplit

import typer
from pydantic import SecretStr

from gprunner.cli.running import AsJson, print_json, print_rows
from gprunner.settings import Settings

app = typer.Typer(help="The effective settings.", no_args_is_help=True)


@app.callback()
def root() -> None:
    """The effective settings."""


@app.command("show")
def show(*, as_json: Annotated[bool, AsJson] = False) -> None:
    """Print every setting as it is in effect, secrets masked."""
    settings = Settings.load(need=())
    shown = {name.upper(): _shown(getattr(settings, name)) for name in type(settings).model_fields}
    if as_json:
        print_json(shown)
    else:
        print_rows([(name, "-" if value is None else str(value)) for name, value in shown.items()])


def _shown(value: object) -> object:
    if isinstance(value, SecretStr):
        return _masked(value.get_secret_value())
    return list(value) if isinstance(value, tuple) else value


def _masked(secret: str) -> str:
    """Keep of a URL what helps to recognise it; of anything else nothing."""
    if "://" not in secret:
        return "***"
    parts = urlsplit(secret)
    host = f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
    credentials = "***@" if parts.username or parts.password else ""
    return f"{parts.scheme}://{credentials}{host}{parts.path}"
