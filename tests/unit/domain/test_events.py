"""Events as typed values, from all three shapes."""

from typing import Any

import pytest

from gpadapters.wire.json_codec import JsonCodec
from gpcore.domain.envelope import Envelope
from gpcore.domain.events import (
    EVENT_CLASSES,
    Dispatch,
    Event,
    GuildAvailable,
    GuildJoin,
    GuildLeave,
    GuildOutage,
    MemberJoin,
    MemberLeave,
    MemberUpdate,
    MessageCreate,
    event_from,
)
from tests.builders import NOW_MS, WireFormat, an_event_message

GUILD = "849255963033731074"


def read(fixture: str, wire_format: WireFormat, **changes: Any) -> Event:  # noqa: ANN401 - fields of JSON
    message = an_event_message(fixture, wire_format=wire_format, **changes)
    return event_from(JsonCodec().decode(message, received_at_ms=NOW_MS))


def an_envelope(event_type: str, **changes: Any) -> Envelope:  # noqa: ANN401 - fields of an envelope
    return Envelope(event_id="1", event_type=event_type, published_at_ms=0, wire_format="v2", **changes)


@pytest.mark.parametrize("wire_format", ["v1", "v2", "frame"])
@pytest.mark.parametrize(
    ("fixture", "expected"),
    [
        ("25-guild-member-add", MemberJoin),
        ("26-guild-member-update-roles", MemberUpdate),
        ("32-guild-delete-kick", GuildLeave),
        ("34-message-create", MessageCreate),
    ],
)
def test_every_shape_makes_the_same_kind_of_event(fixture: str, wire_format: WireFormat, expected: type[Event]) -> None:
    event = read(fixture, wire_format)

    assert type(event) is expected
    assert getattr(event, "guild_id", None) == GUILD or expected is GuildLeave


@pytest.mark.parametrize("wire_format", ["v1", "v2", "frame"])
def test_a_join_says_who_and_when(wire_format: WireFormat) -> None:
    event = read("25-guild-member-add", wire_format)

    assert isinstance(event, MemberJoin)
    assert event.user.id == event.user_id == "1055998240358531089"
    assert event.user.username is not None
    assert event.joined_at is not None
    assert event.pending is not None


def test_discords_pending_wins_even_if_it_is_false() -> None:
    event = event_from(an_envelope("member.join", data={"pending": True}, raw={"pending": False, "user": {"id": "7"}}))

    assert isinstance(event, MemberJoin)
    assert event.pending is False


def test_v1_knows_what_changed_and_discord_does_not_say() -> None:
    old, new = (
        read("26-guild-member-update-roles", "v1", data={**UPDATE, "addedRoles": ["1"], "removedRoles": ["2"]}),
        read("26-guild-member-update-roles", "v2"),
    )

    assert isinstance(old, MemberUpdate)
    assert isinstance(new, MemberUpdate)
    assert (old.roles, old.added_roles, old.removed_roles) == (("1", "3"), ("1",), ("2",))
    assert (old.nick, old.old_nick) == ("new", "old")
    assert new.roles
    assert (new.added_roles, new.removed_roles, new.old_nick) == (None, None, None)


@pytest.mark.parametrize("wire_format", ["v1", "v2", "frame"])
def test_a_members_roles_are_the_same_from_everywhere(wire_format: WireFormat) -> None:
    event = read("26-guild-member-update-roles", wire_format)

    assert isinstance(event, MemberUpdate)
    assert sorted(event.roles) == ["861033568665731085", "926625772339331086"]


UPDATE: dict[str, Any] = {
    "userId": "1055998240358531089",
    "username": "bob",
    "oldNickname": "old",
    "newNickname": "new",
    "currentRoles": ["1", "3"],
}


def test_a_leave_names_who_left() -> None:
    event = event_from(an_envelope("member.leave", guild_id=GUILD, user_id="7", raw={"user": {"id": "7"}}))

    assert isinstance(event, MemberLeave)
    assert (event.guild_id, event.user_id, event.user.id) == (GUILD, "7", "7")


@pytest.mark.parametrize(
    ("event_type", "expected"),
    [
        ("guild.join", GuildJoin),
        ("guild.available", GuildAvailable),
        ("guild.leave", GuildLeave),
        ("guild.outage", GuildOutage),
    ],
)
def test_guild_events_keep_discords_object(event_type: str, expected: type[Event]) -> None:
    event = event_from(an_envelope(event_type, guild_id=GUILD, raw={"name": "Arrakis"}))

    assert type(event) is expected
    assert getattr(event, "guild_id", None) == GUILD
    assert getattr(event, "raw", None) == {"name": "Arrakis"}


@pytest.mark.parametrize(
    ("fixture", "by_bot"),
    [("34-message-create", False), ("35-message-create-bot-author", True), ("36-message-create-webhook", True)],
)
def test_a_message_says_whether_a_bot_wrote_it(fixture: str, by_bot: bool) -> None:
    event = read(fixture, "frame")

    assert isinstance(event, MessageCreate)
    assert event.by_bot is by_bot
    assert event.message_id is not None
    assert event.channel_id is not None
    assert event.author_id is not None


def test_v1_leaves_a_messages_content_out() -> None:
    event = read("34-message-create", "v1")

    assert isinstance(event, MessageCreate)
    assert (event.content, event.by_bot) == (None, None)
    assert event.message_id is not None


@pytest.mark.parametrize(
    ("dispatch", "raw", "expected"),
    [
        ("GUILD_ROLE_CREATE", {"a": 1}, Dispatch(name="GUILD_ROLE_CREATE", data={"a": 1}, guild_id=GUILD)),
        (None, None, Dispatch(name="weather.rain", data={"b": 2}, guild_id=GUILD)),
    ],
)
def test_what_is_not_modelled_stays_as_it_came(
    dispatch: str | None, raw: dict[str, object] | None, expected: Dispatch
) -> None:
    envelope = an_envelope("weather.rain", dispatch=dispatch, raw=raw, data={"b": 2}, guild_id=GUILD)

    assert event_from(envelope) == expected


def test_what_a_publisher_lost_reads_as_absent_and_never_raises() -> None:
    for event_type, kind in EVENT_CLASSES.items():
        for raw in (None, {}, {"user": 7, "author": [], "roles": "no", "pending": "yes"}):
            assert type(event_from(an_envelope(event_type, raw=raw))) is kind
