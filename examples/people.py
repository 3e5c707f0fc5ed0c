"""People who use the bot of ``gp demo``, from outside: publishes its commands and events until it is ended.

``python -m examples.people`` needs ``RABBITMQ_URL`` and ``DISCORD_APPLICATION_ID``. ``PEOPLE_PER_SECOND`` is how much
they do, 5 by default. ``infra/compose.yaml`` runs it beside a worker, so that there is something to see.
"""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator

from gpcore.domain.dispatches import INTERACTION_CREATE
from gpcore.errors import PortError
from gprunner import Settings, synthetic
from gprunner.ingesting import open_ingestor
from gprunner.synthetic import Origin, Raw

_NAMES = ("alice", "bob", "chi", "dana", "eve", "fred", "gita", "hugo")
_LATELY_MS = 1_790_000_000_000
_JOINS = 0.2
"""Which part of what happens is somebody joining; the rest are commands."""

_CHANCE = random.Random()  # noqa: S311 - an example's choices


async def people(settings: Settings, per_second: float, stop: asyncio.Event) -> None:
    """Publish until ``stop`` is set; a broker that is away for a while costs what is done meanwhile."""
    async with open_ingestor(settings) as ingestor:
        sequence = 0
        async for dispatch, raw in _actions(settings, per_second, stop):
            sequence += 1
            try:
                await ingestor.publish(dispatch, raw, sequence=sequence)
            except PortError as error:
                print(f"not published: {error}", file=sys.stderr)


async def _actions(settings: Settings, per_second: float, stop: asyncio.Event) -> AsyncIterator[tuple[str, Raw]]:
    users = [synthetic.user(synthetic.snowflake(_LATELY_MS, index), name) for index, name in enumerate(_NAMES)]
    while not stop.is_set():
        user = _CHANCE.choice(users)
        now_ms = time.time_ns() // 1_000_000
        origin = Origin(now_ms=now_ms, application_id=settings.discord_application_id or "", user=user)
        event = synthetic.event("GUILD_MEMBER_ADD", user, now_ms=now_ms)
        if event is not None and _CHANCE.random() < _JOINS:
            yield "GUILD_MEMBER_ADD", event
        else:
            yield INTERACTION_CREATE, _CHANCE.choice((_ping, _check))(origin)
        try:
            await asyncio.wait_for(stop.wait(), 1 / per_second)
        except TimeoutError:
            continue


def _ping(origin: Origin) -> Raw:
    return synthetic.command(["ping"], [], origin)


def _check(origin: Origin) -> Raw:
    address = _CHANCE.choice(("0x0abc", "0x0def", "0y0bad"))
    return synthetic.command(["wallet", "check"], [synthetic.option("address", address)], origin)


async def main() -> None:
    """Run until SIGTERM or SIGINT."""
    settings = Settings.load(need=("RABBITMQ_URL", "DISCORD_APPLICATION_ID"))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await people(settings, float(os.environ.get("PEOPLE_PER_SECOND", "5")), stop)


if __name__ == "__main__":
    asyncio.run(main())
