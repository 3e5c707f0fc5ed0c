"""``python -m examples.ingestor``: from Discord's gateway to RabbitMQ, until SIGTERM or Ctrl-C."""

import asyncio
import signal
import sys
from typing import Final

import hikari
from hikari.applications import get_token_id

from examples.ingestor.gateway import gateway_to
from examples.ingestor.ingest import forwarding
from gpadapters.system.clock import SystemClock
from gpcore.errors import ConfigurationError
from gprunner.cli.running import set_up_logging
from gprunner.ingesting import open_ingestor
from gprunner.settings import Settings

_REFUSED: Final = 1
_MISCONFIGURED: Final = 2


async def ingest(settings: Settings, token: str) -> None:
    """Publish what the gateway sends; when cancelled, close it first and then publish what waits.

    Raises:
        ExceptionGroup: Of ``hikari.HikariError``: Discord refuses the token or the intents.
    """
    async with open_ingestor(settings) as ingestor, forwarding(ingestor, SystemClock()) as forwarder:
        gateway = gateway_to(forwarder, token=token, api_url=settings.discord_api_url)
        try:
            await gateway.start(check_for_updates=False)
            await gateway.join()
        finally:
            if gateway.is_alive:
                await gateway.close()


async def _until_told_to_stop(settings: Settings, token: str) -> None:
    work = asyncio.create_task(ingest(settings, token))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    await asyncio.wait((work,))
    if not work.cancelled():
        work.result()


def _token(settings: Settings) -> str:
    token = "" if settings.discord_bot_token is None else settings.discord_bot_token.get_secret_value()
    try:
        get_token_id(token)
    except ValueError:
        fault = "DISCORD_BOT_TOKEN: must be your bot's token, from Discord's developer portal"
        raise ConfigurationError(fault) from None
    return token


def main() -> int:
    """Run the ingestor; returns the exit code."""
    try:
        settings = Settings.load(need=("RABBITMQ_URL",))
        token = _token(settings)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return _MISCONFIGURED
    set_up_logging(settings)
    code = 0
    try:
        asyncio.run(_until_told_to_stop(settings, token))
    except* hikari.HikariError as refusals:
        code = _REFUSED
        print(*refusals.exceptions, sep="\n", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
