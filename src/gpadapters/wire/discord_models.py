"""What Discord's own objects must hold so that gp can route them; the rest stays as it came.

One model per dispatch that gp reads by field. Any other dispatch is not looked into.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, NotRequired

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from gpadapters.wire.scalars import (
    CommandName,
    CustomId,
    DispatchName,
    InteractionToken,
    Sequence,
    ShardId,
    Snowflake,
)


class GatewayFrame(TypedDict):
    """A dispatch as the gateway sends it; an ingestor may have left ``op`` and ``s`` out."""

    t: DispatchName
    op: NotRequired[Literal[0]]
    s: NotRequired[Sequence | None]
    d: dict[str, object]
    shardId: NotRequired[ShardId | None]


class Wrapper(TypedDict):
    """A frame inside another object."""

    payload: dict[str, object]
    shardId: NotRequired[ShardId | None]


class Person(TypedDict):
    """A user as far as routing needs it."""

    id: Snowflake


class InvokingMember(TypedDict):
    """The member who used an interaction."""

    user: NotRequired[Person]


class InteractionObject(TypedDict):
    """An interaction of any kind."""

    id: Snowflake
    token: InteractionToken
    type: int
    application_id: NotRequired[Snowflake | None]
    guild_id: NotRequired[Snowflake | None]
    channel_id: NotRequired[Snowflake | None]
    member: NotRequired[InvokingMember | None]
    user: NotRequired[Person | None]


class CommandDetails(TypedDict):
    """``data`` of a command or an autocomplete."""

    name: CommandName


class CommandInteraction(InteractionObject):
    """Discord's types 2 and 4."""

    data: CommandDetails


class ComponentDetails(TypedDict):
    """``data`` of a component or a modal."""

    custom_id: CustomId


class ComponentInteraction(InteractionObject):
    """Discord's types 3 and 5."""

    data: ComponentDetails


class MemberObject(TypedDict):
    """A member who joined, changed or left."""

    guild_id: Snowflake
    user: Person


class GuildObject(TypedDict):
    """A guild that came or went."""

    id: Snowflake


class MessageObject(TypedDict):
    """A message in a guild or a direct message."""

    id: Snowflake
    channel_id: Snowflake
    guild_id: NotRequired[Snowflake | None]
    author: Person


FRAME: Final = TypeAdapter(GatewayFrame)
WRAPPER: Final = TypeAdapter(Wrapper)
INTERACTION: Final = TypeAdapter(InteractionObject)

INTERACTIONS: Final[Mapping[int, TypeAdapter[Any]]] = MappingProxyType(
    {
        2: TypeAdapter(CommandInteraction),
        3: TypeAdapter(ComponentInteraction),
        4: TypeAdapter(CommandInteraction),
        5: TypeAdapter(ComponentInteraction),
    }
)
"""By interaction type; every other type is an ``INTERACTION``."""

_MEMBER: Final = TypeAdapter(MemberObject)
_GUILD: Final = TypeAdapter(GuildObject)

EVENTS: Final[Mapping[str, TypeAdapter[Any]]] = MappingProxyType(
    {
        "member.join": _MEMBER,
        "member.update": _MEMBER,
        "member.leave": _MEMBER,
        "guild.join": _GUILD,
        "guild.available": _GUILD,
        "guild.leave": _GUILD,
        "guild.outage": _GUILD,
        "message.create": TypeAdapter(MessageObject),
    }
)
"""By event type; any other event is not looked into."""
