"""What a member may do."""

import pytest

from gpcore import Member, Permission, User

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
