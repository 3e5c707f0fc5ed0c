import pytest

from gpcore.errors import PortRejectedError
from gpcore.ports.members import Members
from tests.contracts.discord_world import NOT_SNOWFLAKES

GUILD = "849255963033731074"
MEMBER = "430305391411331087"
STRANGER = "430305391411331999"
ROLE = "849256214691971079"


class MembersContract:
    """Subclasses give the fixture ``members``, in whose guild ``MEMBER`` is and ``STRANGER`` is not."""

    async def test_a_given_role_is_there(self, members: Members) -> None:
        await members.add_role(GUILD, MEMBER, ROLE, reason="Welcome – Grüße")

        member = await members.fetch(GUILD, MEMBER)
        assert (member.id, member.user.id, member.roles) == (MEMBER, MEMBER, (ROLE,))

    async def test_every_method_is_idempotent(self, members: Members) -> None:
        await members.add_role(GUILD, MEMBER, ROLE)
        await members.add_role(GUILD, MEMBER, ROLE)
        assert (await members.fetch(GUILD, MEMBER)).roles == (ROLE,)

        await members.remove_role(GUILD, MEMBER, ROLE)
        await members.remove_role(GUILD, MEMBER, ROLE)
        assert (await members.fetch(GUILD, MEMBER)).roles == ()

    async def test_who_is_no_member_gets_no_role_and_cannot_be_read(self, members: Members) -> None:
        with pytest.raises(PortRejectedError) as adding:
            await members.add_role(GUILD, STRANGER, ROLE)
        with pytest.raises(PortRejectedError) as reading:
            await members.fetch(GUILD, STRANGER)

        assert (adding.value.code, reading.value.code) == (10007, 10007)

    async def test_taking_a_role_from_somebody_who_has_left_is_harmless(self, members: Members) -> None:
        await members.remove_role(GUILD, STRANGER, ROLE)

    @pytest.mark.parametrize("bad", NOT_SNOWFLAKES)
    async def test_ids_are_checked_before_they_become_part_of_a_path(self, members: Members, bad: str) -> None:
        for guild_id, user_id, role_id in ((bad, MEMBER, ROLE), (GUILD, bad, ROLE), (GUILD, MEMBER, bad)):
            with pytest.raises(PortRejectedError):
                await members.add_role(guild_id, user_id, role_id)
