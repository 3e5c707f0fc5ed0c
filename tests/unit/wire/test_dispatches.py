import pytest

from gpcore.domain.dispatches import dispatch_of, event_type_of, interaction_event_type, routing_facts
from gpcore.domain.priorities import original_priority_of, priority_of
from tests.builders import NOW_MS

GUILD = "849255963033731074"
CHANNEL = "849256214691971078"
ALICE = "430305391411331087"


@pytest.mark.parametrize(
    ("raw", "event_type"),
    [
        ({"type": 1}, "interaction.ping"),
        ({"type": 2, "data": {"name": "wallet"}}, "interaction.command.wallet"),
        ({"type": 2, "data": {"name": "wallet", "type": 1}}, "interaction.command.wallet"),
        ({"type": 2, "data": {"name": "View Wallet", "type": 2}}, "interaction.command.View Wallet"),
        ({"type": 2, "data": {"name": "launch", "type": 4}}, "interaction.command.launch"),
        ({"type": 2, "data": {"name": "future", "type": 5}}, "interaction.unknown"),
        ({"type": 2, "data": {"name": "future", "type": [1]}}, "interaction.unknown"),
        ({"type": 2, "data": {}}, "interaction.unknown"),
        ({"type": 2}, "interaction.unknown"),
        ({"type": 3}, "interaction.button"),
        ({"type": 4}, "interaction.autocomplete"),
        ({"type": 5}, "interaction.modal"),
        ({"type": 6}, "interaction.unknown"),
        ({"type": 0}, "interaction.unknown"),
        ({"type": True}, "interaction.unknown"),
        ({}, "interaction.unknown"),
    ],
)
def test_an_interaction_is_named_by_its_type(raw: dict[str, object], event_type: str) -> None:
    assert interaction_event_type(raw) == event_type


@pytest.mark.parametrize(
    ("dispatch", "event_type"),
    [
        ("GUILD_MEMBER_ADD", "member.join"),
        ("GUILD_MEMBER_UPDATE", "member.update"),
        ("GUILD_MEMBER_REMOVE", "member.leave"),
        ("MESSAGE_CREATE", "message.create"),
        ("GUILD_DELETE", "guild.leave"),
        ("GUILD_CREATE", "guild.available"),
        ("INTERACTION_CREATE", "interaction.unknown"),
        ("GUILD_ROLE_CREATE", "GUILD_ROLE_CREATE"),
    ],
)
def test_a_dispatch_is_named_by_gp_or_keeps_its_name(dispatch: str, event_type: str) -> None:
    assert event_type_of(dispatch, {}, received_at_ms=NOW_MS) == event_type


@pytest.mark.parametrize("dispatch", ["GUILD_CREATE", "GUILD_DELETE"])
def test_an_unavailable_guild_is_an_outage(dispatch: str) -> None:
    assert event_type_of(dispatch, {"unavailable": True}, received_at_ms=NOW_MS) == "guild.outage"
    assert event_type_of(dispatch, {"unavailable": "yes"}, received_at_ms=NOW_MS) != "guild.outage"


@pytest.mark.parametrize(
    ("joined_at", "event_type"),
    [
        ("2026-11-23T12:00:07.405000+00:00", "guild.join"),
        ("2026-11-23T11:59:07.405000+00:00", "guild.join"),
        ("2026-11-23T11:59:07.404000+00:00", "guild.available"),
        ("2026-11-23T12:00:12.405000+00:00", "guild.join"),
        ("2026-11-23T12:00:12.406000+00:00", "guild.available"),
        ("2026-11-23T13:00:00.000000+01:00", "guild.join"),
        ("2026-11-23T12:00:00", "guild.join"),
        ("0001-01-01T00:00:00+14:00", "guild.available"),
        ("9999-12-31T23:59:59-14:00", "guild.available"),
        ("just now", "guild.available"),
        (1_795_435_207, "guild.available"),
        (None, "guild.available"),
    ],
)
def test_a_guild_counts_as_joined_for_sixty_seconds(joined_at: object, event_type: str) -> None:
    assert event_type_of("GUILD_CREATE", {"joined_at": joined_at}, received_at_ms=NOW_MS) == event_type


@pytest.mark.parametrize(
    ("event_type", "dispatch"),
    [
        ("interaction.command.wallet", "INTERACTION_CREATE"),
        ("member.join", "GUILD_MEMBER_ADD"),
        ("guild.join", "GUILD_CREATE"),
        ("guild.available", "GUILD_CREATE"),
        ("guild.leave", "GUILD_DELETE"),
        ("guild.outage", "GUILD_DELETE"),
        ("GUILD_ROLE_CREATE", "GUILD_ROLE_CREATE"),
        ("poll.closed", None),
    ],
)
def test_the_dispatch_behind_an_event_type(event_type: str, dispatch: str | None) -> None:
    assert dispatch_of(event_type) == dispatch


@pytest.mark.parametrize(
    ("dispatch", "raw", "whom"),
    [
        ("INTERACTION_CREATE", {"guild_id": GUILD, "channel_id": CHANNEL, "member": {"user": {"id": ALICE}}},
         (GUILD, CHANNEL, ALICE)),
        ("INTERACTION_CREATE", {"channel_id": CHANNEL, "user": {"id": ALICE}}, (None, CHANNEL, ALICE)),
        ("INTERACTION_CREATE", {"member": {"user": {"id": "me"}}, "user": {"id": ALICE}}, (None, None, ALICE)),
        ("MESSAGE_CREATE", {"member": {"nick": "A"}, "author": {"id": ALICE}}, (None, None, ALICE)),
        ("TYPING_START", {"user_id": ALICE}, (None, None, ALICE)),
        ("GUILD_UPDATE", {"id": GUILD}, (GUILD, None, None)),
        ("CHANNEL_CREATE", {"id": CHANNEL, "guild_id": GUILD}, (GUILD, CHANNEL, None)),
        ("THREAD_UPDATE", {"id": CHANNEL}, (None, CHANNEL, None)),
        ("CHANNEL_PINS_UPDATE", {"channel_id": CHANNEL, "id": GUILD}, (None, CHANNEL, None)),
        ("MESSAGE_DELETE", {"id": CHANNEL}, (None, None, None)),
        (None, {"id": GUILD}, (None, None, None)),
        ("X", {"guild_id": int(GUILD), "channel_id": None, "user_id": "0"}, (None, None, None)),
    ],
)  # fmt: skip
def test_whom_a_dispatch_is_about(
    dispatch: str | None, raw: dict[str, object], whom: tuple[str | None, str | None, str | None]
) -> None:
    facts = routing_facts(dispatch, raw)
    assert (facts.guild_id, facts.channel_id, facts.user_id) == whom


@pytest.mark.parametrize(
    ("event_type", "own", "original"),
    [
        ("interaction.autocomplete", 10, 6),
        ("interaction.button", 9, 8),
        ("interaction.modal", 9, 8),
        ("interaction.command.wallet", 8, 10),
        ("interaction.command.a.b", 8, 10),
        ("member.join", 5, 5),
        ("guild.outage", 4, 4),
        ("message.create", 1, 1),
        ("interaction.unknown", 1, 1),
        ("GUILD_ROLE_CREATE", 1, 1),
    ],
)
def test_priorities(event_type: str, own: int, original: int) -> None:
    assert (priority_of(event_type), original_priority_of(event_type)) == (own, original)
