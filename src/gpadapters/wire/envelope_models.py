"""What the envelopes v1 and v2 must look like, before anything is taken from them.

``null`` reads as absent wherever a field is optional; unknown fields are ignored. The order of the
fields is the order in which their faults are reported.
"""

from typing import Final, Literal, NotRequired

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from gpadapters.wire.scalars import (
    CommandName,
    CustomId,
    EventId,
    EventType,
    InteractionToken,
    ShardCount,
    ShardId,
    Snowflake,
    Texts,
    UnixMs,
    UserIdOrUnknown,
)


class Header(TypedDict):
    """What every envelope has."""

    eventId: EventId
    eventType: EventType
    timestamp: UnixMs
    shardId: NotRequired[ShardId | None]
    guildId: NotRequired[Snowflake | None]
    channelId: NotRequired[Snowflake | None]


class InteractionData(TypedDict):
    """``data`` of an interaction; option types and resolved entities are lost."""

    type: NotRequired[int | None]
    commandName: NotRequired[CommandName | None]
    subcommand: NotRequired[CommandName | None]
    customId: NotRequired[CustomId | None]
    componentType: NotRequired[int | None]
    options: NotRequired[dict[str, object] | None]
    values: NotRequired[Texts | None]
    fields: NotRequired[dict[str, object] | None]
    memberPermissions: NotRequired[Texts | None]


class InteractionEnvelope(Header):
    """An interaction as the original ingestor publishes it."""

    userId: NotRequired[Snowflake | None]
    interactionId: Snowflake
    interactionToken: InteractionToken
    data: NotRequired[InteractionData]
    commandName: NotRequired[CommandName | None]
    subcommand: NotRequired[CommandName | None]
    customId: NotRequired[CustomId | None]
    componentType: NotRequired[int | None]
    selectedValues: NotRequired[Texts | None]


class EventEnvelope(Header):
    """A member, guild or message event as the original ingestor publishes it."""

    userId: NotRequired[UserIdOrUnknown | None]
    data: NotRequired[dict[str, object]]


class RawEnvelope(Header):
    """v2 with ``raw``: the header's ids are only a copy of what ``raw`` says."""

    v: Literal[2]
    userId: NotRequired[UserIdOrUnknown | None]
    interactionId: NotRequired[Snowflake | None]
    interactionToken: NotRequired[InteractionToken | None]
    shardCount: NotRequired[ShardCount | None]
    receivedAt: NotRequired[UnixMs | None]
    traceparent: NotRequired[str | None]
    raw: dict[str, object]


INTERACTION_ENVELOPE: Final = TypeAdapter(InteractionEnvelope)
EVENT_ENVELOPE: Final = TypeAdapter(EventEnvelope)
RAW_ENVELOPE: Final = TypeAdapter(RawEnvelope)
