"""hikari as a source of raw dispatches: no entities, no cache, no requests for members."""

import json
from contextvars import ContextVar
from typing import Any, Final

import hikari
from hikari.api import CacheComponents
from hikari.impl import CacheSettings

from examples.ingestor.ingest import Forwarder

INTENTS: Final = hikari.Intents.GUILDS | hikari.Intents.GUILD_MEMBERS
"""Interactions need none. ``GUILD_MEMBERS`` is privileged; leave out what no handler of yours needs."""

_CONNECTION: Final = frozenset({"READY", "RESUMED"})
"""The connection's own business, and ``READY`` names its session."""

_DISPATCH: Final = 0
_SEQUENCE: Final[ContextVar[int]] = ContextVar("sequence", default=0)


def loads(text: str | bytes) -> Any:  # noqa: ANN401 - whatever JSON can say
    """Decode JSON, and note the gateway's sequence, which hikari's events leave out.

    hikari decodes a frame and starts its listeners without a pause in between, and a task starts
    with a copy of the context that it is made in: so every listener reads the sequence of its own
    frame, whatever arrives before it runs.
    """
    frame = json.loads(text)
    if isinstance(frame, dict) and frame.get("op") == _DISPATCH:
        _SEQUENCE.set(frame["s"])
    return frame


def gateway_to(forwarder: Forwarder, *, token: str, api_url: str) -> hikari.GatewayBot:
    """Return a gateway connection, not started, whose dispatches go to the forwarder.

    Args:
        forwarder: Takes them.
        token: The bot's.
        api_url: Discord's REST API, which tells the gateway's address and the number of shards.
    """
    bot = hikari.GatewayBot(
        token,
        intents=INTENTS,
        loads=loads,
        rest_url=api_url,
        cache_settings=CacheSettings(components=CacheComponents.NONE),
        auto_chunk_members=False,
        banner=None,
        logs=None,
        suppress_optimization_warning=True,
    )

    @bot.listen(hikari.ShardPayloadEvent)
    async def forward(event: hikari.ShardPayloadEvent) -> None:
        if event.name not in _CONNECTION:
            forwarder.take(event.name, event.payload, shard_id=event.shard.id, sequence=_SEQUENCE.get())

    return bot
