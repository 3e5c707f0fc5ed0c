"""``gp publish command | component | event``: a message that nobody sent, with a fresh id."""

import json
import time
from typing import Annotated, Any, Final

import typer

from gpcore.errors import ConfigurationError
from gprunner import synthetic
from gprunner.cli.running import run_async, set_up_logging
from gprunner.settings import Settings

app = typer.Typer(help="Publish a synthetic interaction or event, as an ingestor would.", no_args_is_help=True)

_NEEDED: Final = ("RABBITMQ_URL", "DISCORD_APPLICATION_ID")
_SOMEBODY: Final = synthetic.user("430305391411331087", "alice.example")
Format = Annotated[str, typer.Option("--format", help="Wire format: v1, v2 or frame.")]


@app.command("command")
def command(
    name: Annotated[str, typer.Argument(help='Command, group and subcommand: "wallet check".')],
    option: Annotated[
        list[str] | None, typer.Option("--option", "-o", metavar="NAME=VALUE", help="An option; VALUE may be JSON.")
    ] = None,
    wire_format: Format = "v2",
) -> None:
    """Publish a chat-input command."""
    settings = Settings.load(need=_NEEDED)
    raw = synthetic.command(name.split(), [_option(one) for one in option or []], _origin(settings))
    _publish(settings, "INTERACTION_CREATE", raw, wire_format)


@app.command("component")
def component(
    custom_id: Annotated[str, typer.Argument(help="The button's custom id.")], wire_format: Format = "v2"
) -> None:
    """Publish a pressed button."""
    settings = Settings.load(need=_NEEDED)
    raw = synthetic.button(custom_id, _origin(settings))
    _publish(settings, "INTERACTION_CREATE", raw, wire_format)


@app.command("event")
def event(
    dispatch: Annotated[str, typer.Argument(help="Discord's name, such as GUILD_MEMBER_ADD.")],
    data: Annotated[str, typer.Option(help="Discord's object as JSON; a member join by default.")] = "",
    wire_format: Format = "v2",
) -> None:
    """Publish a gateway event."""
    settings = Settings.load(need=("RABBITMQ_URL",))
    joined_at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
    raw = _json(data) if data else synthetic.member_join(user=_SOMEBODY, joined_at=joined_at)
    if not isinstance(raw, dict):
        raise ConfigurationError("--data: give a JSON object")
    _publish(settings, dispatch, raw, wire_format)


def _publish(settings: Settings, dispatch: str, raw: dict[str, Any], wire_format: str) -> None:
    set_up_logging(settings)
    typer.echo(run_async(_send(settings, dispatch, raw, wire_format)))


async def _send(settings: Settings, dispatch: str, raw: dict[str, Any], wire_format: str) -> str:
    from gpcore.application.routes import Routes
    from gprunner.encoding import encode
    from gprunner.lifecycle import opened
    from gprunner.system import System

    publication = encode(wire_format, dispatch, raw, now_ms=_now_ms())
    async with opened(System(settings, Routes()), connections=("broker",)) as system:
        await system.publisher.publish(publication.message, routing_key=publication.routing_key)
    return publication.message.message_id or str(raw.get("id", ""))


def _origin(settings: Settings) -> synthetic.Origin:
    application_id = settings.discord_application_id or ""
    return synthetic.Origin(now_ms=_now_ms(), application_id=application_id, user=_SOMEBODY)


def _option(text: str) -> synthetic.Raw:
    name, separator, value = text.partition("=")
    if not separator:
        raise ConfigurationError(f"--option {text!r}: write NAME=VALUE")
    parsed = _json(value)
    return synthetic.option(name, parsed if isinstance(parsed, (str, int, float, bool)) else value)


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
