import pytest

from gpcore.errors import PortRejectedError
from gpcore.ports.channels import Channels
from tests.contracts.discord_world import NOT_SNOWFLAKES

CHANNEL = "849256214691971078"
USER = "430305391411331087"
OTHER = "430305391411331999"


class ChannelsContract:
    """Subclasses give the fixture ``channels``."""

    async def test_a_channel_can_be_read(self, channels: Channels) -> None:
        assert (await channels.fetch(CHANNEL)).id == CHANNEL

    async def test_a_user_has_one_direct_message_channel(self, channels: Channels) -> None:
        first = await channels.open_dm(USER)
        again = await channels.open_dm(USER)
        other = await channels.open_dm(OTHER)

        assert first.id == again.id
        assert other.id != first.id

    @pytest.mark.parametrize("bad", NOT_SNOWFLAKES)
    async def test_ids_are_checked_before_any_request(self, channels: Channels, bad: str) -> None:
        with pytest.raises(PortRejectedError):
            await channels.fetch(bad)
        with pytest.raises(PortRejectedError):
            await channels.open_dm(bad)
