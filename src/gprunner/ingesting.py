"""Publishing gateway dispatches, for ingestors written in Python."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from gpcore.application.routes import Routes
from gpcore.ports.publisher import Publisher
from gprunner.encoding import encode
from gprunner.lifecycle import opened
from gprunner.settings import Settings
from gprunner.system import System

_NEEDED: Final = ("RABBITMQ_URL",)


class Ingestor:
    """Publishes what a gateway connection receives."""

    def __init__(self, publisher: Publisher, wire_format: str) -> None:
        self._publisher: Final = publisher
        self._wire_format: Final = wire_format

    async def publish(self, dispatch: str, raw: Mapping[str, Any], *, shard_id: int = 0, sequence: int) -> None:
        """Publish one dispatch; when it returns, the broker has it.

        Args:
            dispatch: Discord's name, such as ``INTERACTION_CREATE``.
            raw: Discord's ``d`` object, untouched.
            shard_id: The shard that received it.
            sequence: The gateway's ``s``. Event ids are derived from it: without it, the second of
                two equal objects within a day (a member who leaves twice) would be taken for the first.

        Raises:
            PortRejectedError: No queue takes this dispatch; ``gp topology apply --app`` binds
                what a bot's handlers need, and anything else need not be published.
            PortUnavailableError: The broker cannot be reached or did not confirm in time.
        """
        now_ms = time.time_ns() // 1_000_000
        publication = encode(
            self._wire_format, dispatch, dict(raw), now_ms=now_ms, shard_id=shard_id, sequence=sequence
        )
        await self._publisher.publish(publication.message, routing_key=publication.routing_key)


@asynccontextmanager
async def open_ingestor(settings: Settings | None = None, *, wire_format: str = "frame") -> AsyncIterator[Ingestor]:
    """Give an ingestor; it connects with its first dispatch and reconnects by itself.

    Args:
        settings: Of which ``RABBITMQ_URL`` and ``GP_PREFIX`` count; from the environment by default.
        wire_format: ``frame``, ``v2`` or ``v1``.

    Raises:
        ConfigurationError: No broker is configured.
    """
    chosen = Settings.load(need=_NEEDED) if settings is None else settings
    async with opened(System(chosen, Routes()), connections=("broker",)) as system:
        yield Ingestor(system.publisher, wire_format)
