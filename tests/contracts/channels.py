import pytest

from gpcore.errors import PortRejectedError
from gpcore.ports.channels import Channels
from tests.contracts.discord_world import NOT_SNOWFLAKES

CHANNEL = "849256214691971078"
USER = "430305391411331087"
OTHER = "430305391411331999"


class ChannelsContract:
    """Subclasses give the fixtures ``channels`` and ``message_id``, a message of ``CHANNEL`` without a thread."""

    async def test_a_channel_can_be_read(self, channels: Channels) -> None:
        assert (await channels.fetch(CHANNEL)).id == CHANNEL

    async def test_a_user_has_one_direct_message_channel(self, channels: Channels) -> None:
        first = await channels.open_dm(USER)
        again = await channels.open_dm(USER)
        other = await channels.open_dm(OTHER)

        assert first.id == again.id
        assert other.id != first.id

    @pytest.mark.parametrize(("private", "kind"), [(False, 11), (True, 12)])
    async def test_a_thread_can_be_started_and_read(self, channels: Channels, private: bool, kind: int) -> None:
        thread = await channels.start_thread(CHANNEL, "more – of it", private=private, reason="why")

        assert (thread.name, thread.type) == ("more – of it", kind)
        assert await channels.fetch(thread.id) == thread

    async def test_a_message_has_one_thread(self, channels: Channels, message_id: str) -> None:
        thread = await channels.start_thread(CHANNEL, "more", message_id=message_id)

        assert (thread.id, thread.type) == (message_id, 11)
        with pytest.raises(PortRejectedError) as caught:
            await channels.start_thread(CHANNEL, "again", message_id=message_id)
        assert caught.value.code == 160004

    async def test_a_thread_at_a_message_is_never_private(self, channels: Channels, message_id: str) -> None:
        with pytest.raises(PortRejectedError):
            await channels.start_thread(CHANNEL, "more", message_id=message_id, private=True)

    @pytest.mark.parametrize("name", ["", "x" * 101])
    async def test_a_thread_needs_a_name_of_a_fair_length(self, channels: Channels, name: str) -> None:
        with pytest.raises(PortRejectedError) as caught:
            await channels.start_thread(CHANNEL, name)

        assert caught.value.code == 50035

    @pytest.mark.parametrize("bad", NOT_SNOWFLAKES)
    async def test_ids_are_checked_before_any_request(self, channels: Channels, bad: str) -> None:
        with pytest.raises(PortRejectedError):
            await channels.fetch(bad)
        with pytest.raises(PortRejectedError):
            await channels.open_dm(bad)
        for channel_id, message_id in ((bad, CHANNEL), (CHANNEL, bad)):
            with pytest.raises(PortRejectedError):
                await channels.start_thread(channel_id, "more", message_id=message_id)
