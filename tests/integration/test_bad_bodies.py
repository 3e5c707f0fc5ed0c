"""Malformed and hostile bodies through the whole worker on real servers, at the moment they were made for."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest
from pamqp.commands import Basic
from pamqp.common import FieldTable

from examples.gallery import router
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.redis.client import RedisClient
from gpadapters.simulator.server import SimulatedDiscord
from gpadapters.system.clock import SystemClock
from gpcore.domain import metrics
from gpcore.domain.keys import claim_key
from gpcore.domain.wire_message import Lane
from gpcore.ports.clock import Clock
from gpcore.ports.telemetry import Telemetry
from gprunner.settings import Settings
from gprunner.worker import Worker
from tests.builders import BAD_BODIES, NOW_MS, a_fixture
from tests.eventually import eventually
from tests.servers.rabbitmq_sandbox import Sandbox
from tests.servers.redis import a_client
from tests.unit.wire.test_bad_bodies import IGNORED, PROPERTIES, REASONS

pytestmark = pytest.mark.integration

APPLICATION_ID: Final = "1214497633075331073"
INTERACTION_ID: Final = "1574394111514120223"
GOOD_TOKEN: Final = a_fixture("01-command-no-options")["d"]["token"]
FOREIGN_TOKEN: Final = "90-token-belongs-to-other-interaction.json"
EVENT_BODIES: Final = frozenset({"81-userId-unknown-literal.json"})

# What is decoded, then judged by its age, its queue or what came before it: the outcome that is counted.
OUTCOMES: Final = {
    "31-duplicate-keys.json": "handled",
    "39-proto-pollution-keys.json": "handled",
    "46-missing-guildId.json": "handled",
    "47-missing-shardId.json": "handled",
    "52-eventType-unknown.json": "unknown_event_type",
    "56-eventType-uppercase-spaces.json": "unregistered",
    "63-timestamp-far-future.json": "handled",
    "80-guildId-null.json": "handled",
    FOREIGN_TOKEN: "expired",
    "92-interaction-age-16min.json": "token_expired",
    "93-interaction-from-2015.json": "token_expired",
    "94-interaction-1s-in-future.json": "handled",
    "98-redelivered-duplicate.json": "handled",
    "A1-raw-gateway-frame.json": "handled",
    "A5-member-event-on-interaction-queue.json": "wrong_queue",
    "A8-autocomplete-without-options.json": "unregistered",
}
DEAD: Final = REASONS | {
    "96-interaction-year-2154.json": "future_interaction",
    "A7-x-death-count-exceeded.json": "max_deliveries",
}
HEADERS: Final[dict[str, FieldTable]] = {"A7-x-death-count-exceeded.json": {"x-delivery-count": 21}}


class FrozenClock(SystemClock):
    """Waits as usual, but it is always the moment for which the bodies were made."""

    def now_us(self) -> int:
        return NOW_MS * 1000


class Bench:
    """A worker over real servers, one body at a time."""

    def __init__(
        self,
        rabbit: Sandbox,
        redis: RedisClient,
        prefix: str,
        telemetry: InMemoryTelemetry,
        discord: SimulatedDiscord,
    ) -> None:
        self._rabbit = rabbit
        self._discord = discord
        self._redis = redis
        self._prefix = prefix
        self.telemetry = telemetry

    async def put(self, name: str) -> None:
        """Publish a body straight into its queue and wait until it is settled; what came before is forgotten."""
        self._discord.reset()
        if name == FOREIGN_TOKEN:
            self._discord.register_interaction(INTERACTION_ID, GOOD_TOKEN)
        await self._redis.execute("DEL", self._prefix + claim_key(INTERACTION_ID))
        settled = self.settled()
        lane = Lane.EVENTS if name in EVENT_BODIES else Lane.INTERACTIONS
        unusual = PROPERTIES.get(name, {})
        properties = Basic.Properties(
            delivery_mode=2,
            headers=HEADERS.get(name),
            content_type=unusual.get("content_type", "application/json"),
            content_encoding=unusual.get("content_encoding"),
        )
        await self._rabbit.publish_raw(self._rabbit.names.queue(lane), (BAD_BODIES / name).read_bytes(), properties)
        await eventually(lambda: self.settled() == settled + 1)

    def settled(self) -> int:
        return sum(count for series, count in self.telemetry.counts.items() if series[0] == metrics.DELIVERIES.name)

    async def dead_letter(self) -> tuple[dict[str, object], bytes] | None:
        """Take the dead letter of an interaction, if there is one."""
        taken = await self._rabbit.take(self._rabbit.names.dead_letter_queue(Lane.INTERACTIONS))
        return None if taken is None else (dict(taken.header.properties.headers or {}), taken.body)


@asynccontextmanager
async def a_bench(rabbit: Sandbox, redis_url: str, prefix: str) -> AsyncIterator[Bench]:
    telemetry = InMemoryTelemetry()
    client = a_client(redis_url)
    async with SimulatedDiscord(now=lambda: NOW_MS / 1000) as discord:
        settings = Settings.load(
            rabbitmq_url=rabbit.url,
            redis_url=redis_url,
            discord_application_id=APPLICATION_ID,
            discord_api_url=discord.url,
            gp_prefix=rabbit.names.prefix,
            gp_state_prefix=prefix,
            gp_topology="apply",
            port=0,
        )
        worker = Worker(router, settings, overrides={Clock: FrozenClock(), Telemetry: telemetry}, drain_seconds=5.0)
        async with worker:
            yield Bench(rabbit, client, prefix, telemetry, discord)
    await client.close()


async def test_every_body_gets_its_disposition_and_reason(
    rabbit: Sandbox, redis_url: str, redis_prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert sorted(OUTCOMES | DEAD | IGNORED) == sorted(path.name for path in BAD_BODIES.iterdir())
    found: dict[str, object] = {}
    async with a_bench(rabbit, redis_url, redis_prefix) as bench:
        for name in sorted(OUTCOMES | DEAD | IGNORED):
            before = dict(bench.telemetry.counts)
            await bench.put(name)
            letter = await bench.dead_letter()
            if letter is not None:
                headers, body = letter
                found[name] = headers["gp-reason"]
                assert token_of(name) not in body.decode()
            else:
                found[name] = outcome(before, dict(bench.telemetry.counts))
    assert found == OUTCOMES | DEAD | IGNORED
    for name in found:
        assert token_of(name) not in caplog.text


def outcome(before: dict[tuple[str, ...], int], after: dict[tuple[str, ...], int]) -> str:
    changed = [
        series for series, count in after.items()
        if series[0] == metrics.DELIVERIES.name and count != before.get(series, 0)
    ]  # fmt: skip
    assert len(changed) == 1, changed
    return changed[0][-1]


def token_of(name: str) -> str:
    """Return the body's interaction token, or something that is never there."""
    try:
        body = json.loads((BAD_BODIES / name).read_bytes())
    except (ValueError, RecursionError):
        return "aW50ZXJhY3Rpb24"
    token = body.get("interactionToken") if isinstance(body, dict) else None
    return token if isinstance(token, str) and len(token) > 20 else "aW50ZXJhY3Rpb24"
