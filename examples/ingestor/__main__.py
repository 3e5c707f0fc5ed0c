"""``python -m examples.ingestor``: from Discord's gateway to RabbitMQ, until SIGTERM or Ctrl-C."""

import asyncio
import signal
import sys
from typing import Final

from examples.ingestor.gateway import gateway_to
from examples.ingestor.ingest import forwarding
from gpadapters.system.clock import SystemClock
from gpcore.errors import ConfigurationError
from gprunner.cli.running import set_up_logging
from gprunner.ingesting import open_ingestor
from gprunner.settings import Settings

_MISCONFIGURED: Final = 2


async def ingest(settings: Settings) -> None:
    """Publish what the gateway sends; when cancelled, close it first and then publish what waits.

    Raises:
        ConfigurationError: A variable is missing.
        hikari.HikariError: Discord refuses the token or the intents.
    """
    if settings.discord_bot_token is None:
        raise ConfigurationError("DISCORD_BOT_TOKEN: is not set; give the bot's token from Discord's developer portal")
    token = settings.discord_bot_token.get_secret_value()
    async with open_ingestor(settings) as ingestor, forwarding(ingestor, SystemClock()) as forwarder:
        gateway = gateway_to(forwarder, token=token, api_url=settings.discord_api_url)
        try:
            await gateway.start(check_for_updates=False)
            await gateway.join()
        finally:
            if gateway.is_alive:
                await gateway.close()


async def _until_told_to_stop(settings: Settings) -> None:
    work = asyncio.create_task(ingest(settings))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    await asyncio.wait((work,))
    if not work.cancelled():
        work.result()


def main() -> int:
    """Run the ingestor; returns the exit code."""
    try:
        settings = Settings.load(need=("RABBITMQ_URL",))
        set_up_logging(settings)
        asyncio.run(_until_told_to_stop(settings))
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return _MISCONFIGURED
    return 0


if __name__ == "__main__":
    sys.exit(main())
