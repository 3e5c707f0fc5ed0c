"""Messages that the client library cannot decode are parked; their neighbours are consumed."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from pamqp import encode
from pamqp.commands import Basic
from typing_extensions import override

from gpcore.domain.headers import unreadable_properties
from gpcore.domain.wire_message import Lane
from tests.contracts.broker_world import Inbox
from tests.eventually import eventually
from tests.servers.rabbitmq_sandbox import Sandbox

pytestmark = pytest.mark.integration

SECONDS = 1_795_435_207


class RawProperties(Basic.Properties):
    """Properties of which some are sent as the bytes given, whatever they mean."""

    raw: Mapping[str, bytes] = {}

    @override
    def encode_property(self, name: str, value: object) -> bytes:
        return self.raw[name] if name in self.raw else super().encode_property(name, value)  # type: ignore[arg-type]  # passed on


@dataclass(frozen=True)
class Hostile:
    name: str
    raw: bytes
    lost: str | None


def a_timestamp(name: str, value: int, *, lost: bool = True) -> Hostile:
    return Hostile(f"timestamp in {name}", value.to_bytes(8, "big"), "timestamp" if lost else None)


TIMESTAMPS = [
    a_timestamp("seconds", SECONDS, lost=False),
    a_timestamp("milliseconds", SECONDS * 10**3, lost=False),
    a_timestamp("microseconds", SECONDS * 10**6),
    a_timestamp("nanoseconds", SECONDS * 10**9),
    a_timestamp("2^63", 2**63),
    a_timestamp("2^64-1", 2**64 - 1),
    a_timestamp("zero", 0, lost=False),
]


def with_raw(name: str, raw: bytes, **properties: str) -> RawProperties:
    made = RawProperties(message_id="id", headers={"shardId": 3})
    setattr(made, name, properties.get(name, "x"))
    made.raw = {name: raw}
    return made


@pytest.mark.parametrize("lane", list(Lane))
@pytest.mark.parametrize("hostile", TIMESTAMPS, ids=lambda hostile: hostile.name)
async def test_a_hostile_timestamp_harms_neither_the_message_nor_its_neighbours(
    declared_rabbit: Sandbox, hostile: Hostile, lane: Lane
) -> None:
    queue = declared_rabbit.names.queue(lane)
    await declared_rabbit.publish_raw(queue, b"before", Basic.Properties(message_id="1"))
    await declared_rabbit.publish_raw(queue, b"hostile", with_raw("timestamp", hostile.raw))
    await declared_rabbit.publish_raw(queue, b"after", Basic.Properties(message_id="3"))
    inbox = Inbox()
    await declared_rabbit.source(lane).start(inbox)
    await eventually(lambda: len(inbox) == 3)
    assert inbox.bodies == [b"before", b"hostile", b"after"]
    message = inbox.deliveries[1].message
    assert unreadable_properties(message.headers) == hostile.lost
    assert message.headers["shardId"] == 3
    assert message.message_id == "id"
    assert all([await delivery.ack() for delivery in inbox.deliveries])


BAD_TEXT = b"\x03\xff\xfe\xfd"
BAD_KEY_TABLE = b"\x00\x00\x00\x04\x02\xff\xfeV"
NANOSECOND_TABLE = b"\x00\x00\x00\x0b\x01tT" + (SECONDS * 10**9).to_bytes(8, "big")


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("message_id", BAD_TEXT),
        ("content_type", BAD_TEXT),
        ("content_encoding", BAD_TEXT),
        ("app_id", BAD_TEXT),
        ("reply_to", BAD_TEXT),
        ("headers", NANOSECOND_TABLE),
        ("headers", BAD_KEY_TABLE),
    ],
)
async def test_properties_that_are_no_text_are_left_out_and_named(
    declared_rabbit: Sandbox, name: str, raw: bytes
) -> None:
    queue = declared_rabbit.names.queue(Lane.INTERACTIONS)
    properties = with_raw(name, raw)
    await declared_rabbit.publish_raw(queue, b"hostile", properties)
    await declared_rabbit.publish_raw(queue, b"after", Basic.Properties(message_id="3"))
    inbox = Inbox()
    await declared_rabbit.source(Lane.INTERACTIONS).start(inbox)
    await eventually(lambda: len(inbox) == 2)
    assert inbox.bodies == [b"hostile", b"after"]
    assert unreadable_properties(inbox.deliveries[0].message.headers) == name


async def test_any_priority_is_taken_as_one_up_to_ten(declared_rabbit: Sandbox) -> None:
    queue = declared_rabbit.names.queue(Lane.INTERACTIONS)
    await declared_rabbit.publish_raw(queue, b"odd", Basic.Properties(priority=255))
    inbox = Inbox()
    await declared_rabbit.source(Lane.INTERACTIONS).start(inbox)
    await eventually(lambda: inbox)
    assert inbox.deliveries[0].message.priority == 10


async def test_a_routing_key_that_is_no_text_harms_nobody(
    declared_rabbit: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    routing_key = "interaction.\udcff\udcfe"
    monkeypatch.setattr(encode, "short_string", _as_bytes)
    monkeypatch.setitem(encode.METHODS, "shortstr", _as_bytes)
    channel = await declared_rabbit.wire()
    for key, body in ((routing_key, b"hostile"), ("interaction.button", b"after")):
        await channel.basic_publish(
            body, exchange=declared_rabbit.names.events_exchange, routing_key=key, mandatory=True
        )
    await channel.close()
    inbox = Inbox()
    await declared_rabbit.source(Lane.INTERACTIONS).start(inbox)
    await eventually(lambda: len(inbox) == 2)
    assert inbox.bodies == [b"hostile", b"after"]


def _as_bytes(value: str) -> bytes:
    encoded = value.encode("utf-8", "surrogateescape")
    return bytes([len(encoded)]) + encoded
