"""What counts as a difference between declared and registered commands, and what does not."""

from typing import Any

import pytest

from gpcore.domain.command_differences import Change, compare, for_guild, overwrite
from gpcore.domain.interactions import CommandType

PING: dict[str, Any] = {"type": 1, "name": "ping", "description": "Answer."}
CHECK: dict[str, Any] = {
    "type": 1,
    "name": "check",
    "description": "Check.",
    "options": [
        {"type": 3, "name": "address", "description": "Which", "required": True},
        {"type": 3, "name": "chain", "description": "Where", "choices": [{"name": "Main", "value": "main"}]},
    ],
}
REPORT: dict[str, Any] = {"type": 2, "name": "Report"}
LAUNCH: dict[str, Any] = {"type": 4, "name": "launch", "description": "Go."}


def as_registered(command: dict[str, Any], **changes: object) -> dict[str, Any]:
    """Return a command as Discord gives it back."""
    return {
        "id": "1214875120435331090",
        "application_id": "1214497633075331073",
        "version": "1",
        "description": "",
        "name_localizations": None,
        "description_localizations": None,
        "default_member_permissions": None,
        "dm_permission": True,
        "nsfw": False,
        "contexts": None,
        "integration_types": [0],
        **command,
        **changes,
    }


def details(declared: dict[str, Any], registered: dict[str, Any]) -> tuple[str, ...]:
    [difference] = compare([declared], [registered])
    assert difference.change is (Change.UPDATE if difference.details else Change.NOTHING)
    return difference.details


@pytest.mark.parametrize("command", [PING, CHECK, REPORT, LAUNCH])
def test_what_discord_adds_by_itself_is_no_difference(command: dict[str, Any]) -> None:
    assert details(command, as_registered(command)) == ()


@pytest.mark.parametrize(
    ("declared", "registered"),
    [
        ({}, {"contexts": [0, 1, 2]}),
        ({}, {"integration_types": [1, 0]}),
        ({"nsfw": False}, {}),
        ({"contexts": [0, 1]}, {"contexts": [1, 0]}),
        ({"name_localizations": {}}, {"name_localizations": None}),
        ({}, {"options": []}),
        ({}, {"handler": None}),
    ],
)
def test_a_default_that_is_said_is_no_difference(declared: dict[str, Any], registered: dict[str, Any]) -> None:
    assert details(PING | declared, as_registered(PING, **registered)) == ()


@pytest.mark.parametrize(
    ("declared", "registered", "detail"),
    [
        ({"description": "New."}, {}, "description: 'Answer.' → 'New.'"),
        ({"nsfw": True}, {}, "nsfw: None → True"),
        ({"default_member_permissions": "0"}, {}, "default_member_permissions: None → '0'"),
        ({}, {"default_member_permissions": "8"}, "default_member_permissions: '8' → None"),
        ({"contexts": [0]}, {}, "contexts: None → [0]"),
        ({}, {"contexts": [0]}, "contexts: [0] → None"),
        ({"integration_types": [1]}, {}, "integration_types: [0] → [1]"),
        ({"name_localizations": {"de": "x"}}, {}, "name_localizations: None → {'de': 'x'}"),
    ],
)
def test_a_field_that_means_something_else_is_named(
    declared: dict[str, Any], registered: dict[str, Any], detail: str
) -> None:
    assert details(PING | declared, as_registered(PING, **registered)) == (detail,)


def changed(index: int, **changes: object) -> dict[str, Any]:
    """Return CHECK with one of its options changed."""
    options = [dict(option) for option in CHECK["options"]]
    options[index] |= changes
    return CHECK | {"options": options}


@pytest.mark.parametrize(
    ("declared", "detail"),
    [
        (changed(0, required=False), "options.address.required: True → None"),
        (changed(0, min_length=3), "options.address.min_length: None → 3"),
        (changed(0, min_length=0), "options.address.min_length: None → 0"),
        (changed(0, channel_types=[5, 0]), "options.address.channel_types: None → (0, 5)"),
        (changed(0, type=4), "options.address.type: 3 → 4"),
        (changed(1, choices=[{"name": "Main", "value": "m"}]), "options.chain.choices.Main.value: 'main' → 'm'"),
        (changed(1, choices=[]), "options.chain.choices.Main: removed"),
        (CHECK | {"options": CHECK["options"][:1]}, "options.chain: removed"),
        (CHECK | {"options": CHECK["options"][::-1]}, "options: address, chain → chain, address"),
        (
            CHECK | {"options": [*CHECK["options"], {"type": 5, "name": "all", "description": "All"}]},
            "options.all: added",
        ),
    ],
)
def test_options_are_compared_by_name(declared: dict[str, Any], detail: str) -> None:
    assert details(declared, as_registered(CHECK)) == (detail,)


def test_commands_are_created_updated_deleted_or_left() -> None:
    found = compare(
        [PING, CHECK | {"description": "New."}, REPORT], [as_registered(CHECK), as_registered(PING), LAUNCH]
    )
    found += compare([], [as_registered(REPORT)])

    assert [(one.type, one.name, one.change) for one in found] == [
        (CommandType.CHAT_INPUT, "ping", Change.NOTHING),
        (CommandType.CHAT_INPUT, "check", Change.UPDATE),
        (CommandType.USER, "Report", Change.CREATE),
        (CommandType.ENTRY_POINT, "launch", Change.NOTHING),
        (CommandType.USER, "Report", Change.DELETE),
    ]


def test_names_are_apart_by_kind_of_command() -> None:
    [user, message] = compare([REPORT], [as_registered({"type": 3, "name": "Report"})])

    assert (user.change, message.change) == (Change.CREATE, Change.DELETE)


def test_an_overwrite_keeps_an_entry_point_that_nobody_declares() -> None:
    registered = [as_registered(LAUNCH), as_registered(CHECK)]

    assert overwrite([PING], registered, guild=False) == (PING, registered[0])
    assert overwrite([PING, LAUNCH], registered, guild=False) == (PING, LAUNCH)
    assert overwrite([PING], [], guild=True) == (PING,)


def test_a_guild_knows_neither_contexts_nor_entry_points() -> None:
    assert for_guild([PING | {"contexts": [0], "integration_types": [0]}, LAUNCH]) == (PING,)
