"""The example's road from hikari's events to the broker."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

import hikari
import pytest
from hikari.impl import GatewayShardImpl, HTTPSettings, ProxySettings

from examples.ingestor.gateway import INTENTS, gateway_to, loads
from examples.ingestor.ingest import DRAIN_SECONDS, INTERACTION_SECONDS, LONGEST_PAUSE, Dispatch, Forwarder, forwarding
from gpadapters.memory.broker import InMemoryBroker
from gpadapters.memory.broker_layout import BrokerLayout
from gpadapters.memory.clock import VirtualClock
from gpadapters.memory.publisher import InMemoryPublisher
from gpadapters.wire.json_codec import JsonCodec
from gpcore.domain.envelope import Envelope
from gpcore.domain.wire_message import Lane
from gprunner.ingesting import Ingestor
from tests.builders import NOW_MS, Json, a_fixture, a_message, fixture_names

# Of the shape of a token, with an application's id in its first part.
TOKEN: Final = "MTIxNDQ5NzYzMzA3NTMzMTA3Mw.invented.invented"
SHARD: Final = 3
HANDLED: Final = ("GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_CREATE", "GUILD_DELETE")
FRAMES: Final = {name: frame for name in fixture_names() if "op" in (frame := a_fixture(name))}
COMMAND: Final = "01-command-no-options"
JOIN: Final = "25-guild-member-add"


def numbered(fixture: str, number: int) -> Json:
    """A frame that can be told from others by its sequence and its object's ``number``."""
    frame = FRAMES[fixture]
    return frame | {"s": number, "d": frame["d"] | {"number": number}}


@dataclass
class Road:
    """A gateway connection that never connects, the example behind it, and a broker."""

    clock: VirtualClock
    broker: InMemoryBroker
    forwarder: Forwarder
    bot: hikari.GatewayBot
    shard: GatewayShardImpl

    def receive(self, frame: Json) -> asyncio.Future[Json]:
        """Do what hikari's shard does with a frame; the future ends with the listener."""
        content = loads(json.dumps(frame))
        event = self.bot.event_factory.deserialize_shard_payload_event(self.shard, content["d"], name=content["t"])
        return self.bot.event_manager.dispatch(event, return_tasks=True)

    async def receive_each(self, *frames: Json, every: float = 0.0) -> None:
        for frame in frames:
            await self.receive(frame)
            await self.clock.advance(every)

    def decoded(self, lane: Lane) -> Sequence[Envelope]:
        """What arrived, decoded, in order."""
        messages = self.broker.messages(self.broker.layout.queue(lane))
        return [JsonCodec().decode(message, received_at_ms=NOW_MS) for message in messages]

    def numbers(self, lane: Lane) -> list[int]:
        """The numbers of what arrived, sorted: senders run side by side."""
        objects: list[Json] = [envelope.raw for envelope in self.decoded(lane)]
        return sorted(raw["number"] for raw in objects)


@pytest.fixture
async def road() -> AsyncIterator[Road]:
    clock = VirtualClock()
    layout = BrokerLayout(prefix="t", dispatch_names=HANDLED, message_events=True)
    broker = InMemoryBroker(clock, layout)
    async with forwarding(Ingestor(InMemoryPublisher(broker), "frame"), clock, capacity=40) as forwarder:
        bot = gateway_to(forwarder, token=TOKEN, api_url="http://127.0.0.1:1")
        yield Road(clock, broker, forwarder, bot, a_shard(bot))
        broker.start()
        await clock.advance(LONGEST_PAUSE)
    await broker.close()


def a_shard(bot: hikari.GatewayBot) -> GatewayShardImpl:
    return GatewayShardImpl(
        shard_id=SHARD,
        shard_count=8,
        intents=INTENTS,
        http_settings=HTTPSettings(),
        proxy_settings=ProxySettings(),
        event_manager=bot.event_manager,
        event_factory=bot.event_factory,
        token=TOKEN,
        url="ws://127.0.0.1:1",
    )


@pytest.mark.parametrize("name", sorted(FRAMES))
async def test_every_recorded_frame_arrives_as_it_was_sent_and_with_its_shard(road: Road, name: str) -> None:
    await road.receive_each(FRAMES[name])
    lane = Lane.INTERACTIONS if FRAMES[name]["t"] == "INTERACTION_CREATE" else Lane.EVENTS
    recorded = a_message(FRAMES[name] | {"shardId": SHARD})
    assert road.decoded(lane) == [JsonCodec().decode(recorded, received_at_ms=NOW_MS)]
    assert not road.forwarder.dropped


async def test_the_same_object_twice_in_a_row_is_two_events(road: Road) -> None:
    first, second = (road.receive(FRAMES[JOIN] | {"s": sequence}) for sequence in (8, 9))
    await asyncio.gather(first, second)
    await road.clock.advance(0)
    ids = {envelope.event_id for envelope in road.decoded(Lane.EVENTS)}
    expected = [a_message(FRAMES[JOIN] | {"s": sequence, "shardId": SHARD}) for sequence in (8, 9)]
    assert ids == {JsonCodec().decode(message, received_at_ms=NOW_MS).event_id for message in expected}
    assert len(ids) == 2


async def test_what_no_queue_takes_is_counted_and_told_once(road: Road, caplog: pytest.LogCaptureFixture) -> None:
    unbound: list[Json] = [
        {"op": 0, "t": name, "s": 1, "d": {}} for name in ("TYPING_START", "TYPING_START", "CHANNEL_CREATE")
    ]
    await road.receive_each(*unbound, FRAMES[JOIN])
    assert road.forwarder.dropped == {("refused", "TYPING_START"): 2, ("refused", "CHANNEL_CREATE"): 1}
    lines = [record.getMessage() for record in caplog.records if record.name == "ingestor"]
    assert [line.split()[0] for line in lines] == ["TYPING_START", "CHANNEL_CREATE"]
    assert len(road.decoded(Lane.EVENTS)) == 1


async def test_the_connections_own_dispatches_are_nobodys_business(road: Road) -> None:
    await road.receive_each({"op": 0, "t": "READY", "s": 1, "d": {"session_id": "s"}})
    assert not road.forwarder.dropped


async def test_an_outage_loses_no_event_and_no_interaction_that_can_still_be_answered(road: Road) -> None:
    road.broker.stop()
    interval, last = 0.25, 32
    for number in range(1, last + 1):
        await road.receive_each(numbered(COMMAND, number), numbered(JOIN, number), every=interval / 2)
    road.broker.start()
    await road.clock.advance(LONGEST_PAUSE)

    assert road.numbers(Lane.EVENTS) == list(range(1, last + 1))
    ages = {number: (last + 1 - number) * interval for number in range(1, last + 1)}
    arrived = road.numbers(Lane.INTERACTIONS)
    assert {number for number, age in ages.items() if age < INTERACTION_SECONDS - LONGEST_PAUSE} <= set(arrived)
    assert all(ages[number] < INTERACTION_SECONDS for number in arrived)
    assert road.forwarder.dropped == {("expired", "INTERACTION_CREATE"): last - len(arrived)}


async def test_during_an_outage_listeners_end_at_once(road: Road) -> None:
    road.broker.stop()
    listeners = [road.receive(numbered(JOIN, number)) for number in range(100)]
    async with asyncio.timeout(5):
        await asyncio.gather(*listeners)


async def test_the_oldest_make_room_when_too_many_wait(road: Road) -> None:
    for number in range(100):
        road.forwarder.take("GUILD_MEMBER_ADD", numbered(JOIN, number)["d"], shard_id=SHARD, sequence=number)
    await road.clock.advance(0)
    assert road.numbers(Lane.EVENTS) == list(range(60, 100))
    assert road.forwarder.dropped == {("overflow", "GUILD_MEMBER_ADD"): 60}


async def test_interactions_leave_before_events_that_came_earlier(road: Road) -> None:
    published: list[str] = []

    class Watched(InMemoryPublisher):
        async def publish(self, message: Json, *, routing_key: str) -> None:
            published.append(routing_key)
            await super().publish(message, routing_key=routing_key)

    async with forwarding(Ingestor(Watched(road.broker), "frame"), road.clock) as forwarder:
        for name in (JOIN, JOIN, COMMAND):
            forwarder.take(FRAMES[name]["t"], FRAMES[name]["d"], shard_id=SHARD, sequence=1)
    assert published == ["INTERACTION_CREATE", "GUILD_MEMBER_ADD", "GUILD_MEMBER_ADD"]


@pytest.mark.parametrize("broker_is_up", [True, False])
async def test_the_end_waits_for_what_can_leave_but_not_for_ever(road: Road, broker_is_up: bool) -> None:
    if not broker_is_up:
        road.broker.stop()

    async def run() -> None:
        async with forwarding(Ingestor(InMemoryPublisher(road.broker), "frame"), road.clock) as forwarder:
            for number in range(20):
                forwarder.take("GUILD_MEMBER_ADD", numbered(JOIN, number)["d"], shard_id=SHARD, sequence=number)

    ending = asyncio.create_task(run())
    await road.clock.advance(DRAIN_SECONDS - 0.1)
    assert ending.done() is broker_is_up
    await road.clock.advance(0.2)
    assert ending.done()
    assert len(road.decoded(Lane.EVENTS)) == (20 if broker_is_up else 0)


def test_a_dispatch_in_a_traceback_or_log_shows_no_token() -> None:
    raw = FRAMES[COMMAND]["d"]
    shown = repr(Dispatch(name="INTERACTION_CREATE", raw=raw, shard_id=0, sequence=1, received_at=0.0))
    assert raw["token"] not in shown


def test_intents_are_no_more_than_the_readme_says() -> None:
    privileged = hikari.Intents.ALL_PRIVILEGED & INTENTS
    assert privileged == hikari.Intents.GUILD_MEMBERS
