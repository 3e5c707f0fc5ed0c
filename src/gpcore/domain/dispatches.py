"""What a gateway dispatch is in gp's words, and whom it is about.

A dispatch carries Discord's name and Discord's object, but not what was known before. Two of the
answers here are therefore heuristics: whether the bot joined a guild, and nothing older than the
object itself. Publishers and the frame decoder share them, so both name a dispatch alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from gpcore.domain.ids import is_snowflake
from gpcore.domain.reading import Object, integer, nested, text

INTERACTION_CREATE: Final = "INTERACTION_CREATE"
COMMAND_PREFIX: Final = "interaction.command."

JOIN_WINDOW: Final = timedelta(seconds=60)
"""A guild whose ``joined_at`` lies no further back than this was joined, not merely loaded."""

JOIN_CLOCK_SKEW: Final = timedelta(seconds=5)
"""How far ``joined_at`` may lie ahead of the receiver's clock."""

_EVENT_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "GUILD_MEMBER_ADD": "member.join",
        "GUILD_MEMBER_UPDATE": "member.update",
        "GUILD_MEMBER_REMOVE": "member.leave",
        "MESSAGE_CREATE": "message.create",
    }
)

_DISPATCHES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{event_type: dispatch for dispatch, event_type in _EVENT_TYPES.items()},
        "guild.join": "GUILD_CREATE",
        "guild.available": "GUILD_CREATE",
        "guild.leave": "GUILD_DELETE",
        "guild.outage": "GUILD_DELETE",
    }
)

_INTERACTION_TYPES: Final[Mapping[int, str]] = MappingProxyType(
    {
        1: "interaction.ping",
        3: "interaction.button",
        4: "interaction.autocomplete",
        5: "interaction.modal",
    }
)
_COMMAND: Final = 2
_COMMAND_TYPES: Final = frozenset({1, 2, 3, 4})

_GUILD_ITSELF: Final = frozenset({"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"})
_CHANNEL_ITSELF: Final = ("CHANNEL_", "THREAD_")
_UNIX_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingFacts:
    """Whom a dispatch is about: snowflakes, or ``None`` where it does not say."""

    guild_id: str | None
    channel_id: str | None
    user_id: str | None


def event_type_of(dispatch: str, raw: Object, *, received_at_ms: int) -> str:
    """Return gp's event type of a dispatch; Discord's own name for one that gp does not model.

    Args:
        dispatch: Discord's name, such as ``GUILD_MEMBER_ADD``.
        raw: Discord's ``d`` object.
        received_at_ms: Unix ms of the first receipt. A guild whose ``joined_at`` lies at most
            60 s before it (or 5 s after it) was joined; any other has become available.
    """
    if dispatch == INTERACTION_CREATE:
        return interaction_event_type(raw)
    if dispatch in {"GUILD_CREATE", "GUILD_DELETE"}:
        if raw.get("unavailable") is True:
            return "guild.outage"
        if dispatch == "GUILD_DELETE":
            return "guild.leave"
        return "guild.join" if _joined_just_now(raw, received_at_ms) else "guild.available"
    return _EVENT_TYPES.get(dispatch, dispatch)


def interaction_event_type(raw: Object) -> str:
    """Return the event type of an interaction object; ``interaction.unknown`` for future kinds."""
    kind = integer(raw, "type")
    if kind != _COMMAND:
        return _INTERACTION_TYPES.get(kind or 0, "interaction.unknown")
    data = nested(raw, "data")
    name = None if data is None else text(data, "name")
    if data is None or name is None:
        return "interaction.unknown"
    if "type" in data and integer(data, "type") not in _COMMAND_TYPES:
        return "interaction.unknown"
    return COMMAND_PREFIX + name


def dispatch_of(event_type: str) -> str | None:
    """Return Discord's name behind an event type, or ``None`` where the type does not tell.

    An outage that begins is a ``GUILD_DELETE``; one that the bot connects into has the same shape.
    """
    if event_type.startswith("interaction."):
        return INTERACTION_CREATE
    return _DISPATCHES.get(event_type, event_type if event_type.isupper() else None)


def routing_facts(dispatch: str | None, raw: Object) -> RoutingFacts:
    """Return the ids that a dispatch's object names; anything that is no snowflake reads as absent."""
    guild_id = _snowflake(raw, "guild_id")
    if guild_id is None and dispatch in _GUILD_ITSELF:
        guild_id = _snowflake(raw, "id")
    channel_id = _snowflake(raw, "channel_id")
    if channel_id is None and dispatch is not None and dispatch.startswith(_CHANNEL_ITSELF):
        channel_id = _snowflake(raw, "id")
    return RoutingFacts(guild_id=guild_id, channel_id=channel_id, user_id=_user_id(raw))


def _user_id(raw: Object) -> str | None:
    """Return the acting user: ``member.user`` in a guild, ``user`` elsewhere, ``author`` of a message."""
    member = nested(raw, "member")
    for source, name in ((member, "user"), (raw, "user"), (raw, "author")):
        person = None if source is None else nested(source, name)
        user_id = None if person is None else _snowflake(person, "id")
        if user_id is not None:
            return user_id
    return _snowflake(raw, "user_id")


def _snowflake(source: Object, name: str) -> str | None:
    value = source.get(name)
    return value if isinstance(value, str) and is_snowflake(value) else None


def _joined_just_now(raw: Object, received_at_ms: int) -> bool:
    joined_at = text(raw, "joined_at")
    if joined_at is None:
        return False
    try:
        joined = datetime.fromisoformat(joined_at)
    except ValueError:
        return False
    if joined.tzinfo is None:
        joined = joined.replace(tzinfo=UTC)
    since_joining = timedelta(milliseconds=received_at_ms) - (joined - _UNIX_EPOCH)
    return -JOIN_CLOCK_SKEW <= since_joining <= JOIN_WINDOW
