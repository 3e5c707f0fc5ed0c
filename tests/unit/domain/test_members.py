"""What a member may do."""

import pytest

from gpadapters.wire.permission_names import permission_names
from gpcore import Member, Permission, User
from gpcore.domain.permissions import permissions_named

BOTH = Permission.KICK_MEMBERS | Permission.BAN_MEMBERS
UNKNOWN_BIT = 1 << 60


@pytest.mark.parametrize(
    ("has", "asked", "may"),
    [
        (None, Permission.KICK_MEMBERS, False),
        (0, Permission.KICK_MEMBERS, False),
        (Permission.BAN_MEMBERS | UNKNOWN_BIT, Permission.BAN_MEMBERS, True),
        (Permission.BAN_MEMBERS, Permission.KICK_MEMBERS, False),
        (Permission.BAN_MEMBERS, BOTH, False),
        (BOTH, BOTH, True),
        (Permission.ADMINISTRATOR, BOTH, True),
    ],
)
def test_a_member_may_what_all_of_the_permissions_allow(has: int | None, asked: Permission, may: bool) -> None:
    assert Member(id="1", user=User(id="1"), permissions=has).may(asked) is may


def test_permissions_are_known_by_the_names_that_v1_gives_them() -> None:
    named = permission_names(str((1 << 64) - 1))

    assert len(named) > 40
    assert [permissions_named([name]) for name in named] == [Permission(1 << bit) for bit in range(len(named))]
    assert permissions_named(named).bit_count() == len(named)


@pytest.mark.parametrize(
    ("names", "permissions"),
    [
        ([], Permission(0)),
        (["SendTTSMessages", "UseVAD"], Permission.SEND_TTS_MESSAGES | Permission.USE_VAD),
        (["ManageEmojisAndStickers", "PinMessages"], Permission.MANAGE_GUILD_EXPRESSIONS | Permission.PIN_MESSAGES),
        (["OfTheFuture", "BAN_MEMBERS", "Stream"], Permission.STREAM),
    ],
)
def test_names_that_nobody_knows_are_left_out(names: list[str], permissions: Permission) -> None:
    assert permissions_named(names) == permissions
