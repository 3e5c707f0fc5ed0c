from abc import ABC, abstractmethod

import pytest

from gpcore.domain.messages import OutgoingMessage
from gpcore.errors import PortRejectedError
from gpcore.ports.messages import Messages
from tests.contracts.discord_world import NOT_SNOWFLAKES

CHANNEL = "849256214691971078"
UNKNOWN = "1574393956270211197"


class ChannelWorld(ABC):
    """A Discord with channels."""

    messages: Messages

    @abstractmethod
    def contents(self, channel_id: str) -> list[str]:
        """Contents of the channel's messages, oldest first."""


class MessagesContract:
    """Subclasses give the fixture ``world``."""

    async def test_a_sent_message_is_in_its_channel(self, world: ChannelWorld) -> None:
        sent = await world.messages.send(CHANNEL, OutgoingMessage(content="hello"))

        assert sent.channel_id == CHANNEL
        assert world.contents(CHANNEL) == ["hello"]

    async def test_the_same_nonce_makes_one_message(self, world: ChannelWorld) -> None:
        first = await world.messages.send(CHANNEL, OutgoingMessage(content="hello"), nonce="n-1")
        again = await world.messages.send(CHANNEL, OutgoingMessage(content="hello"), nonce="n-1")
        await world.messages.send(CHANNEL, OutgoingMessage(content="other"), nonce="n-2")

        assert first == again
        assert world.contents(CHANNEL) == ["hello", "other"]

    @pytest.mark.parametrize("length", [25, 26, 300])
    async def test_a_nonce_may_be_long_and_differ_at_its_end(self, world: ChannelWorld, length: int) -> None:
        for last in ("a", "b", "a"):
            await world.messages.send(CHANNEL, OutgoingMessage(content=last), nonce="n" * (length - 1) + last)

        assert world.contents(CHANNEL) == ["a", "b"]

    async def test_a_message_can_be_edited(self, world: ChannelWorld) -> None:
        sent = await world.messages.send(CHANNEL, OutgoingMessage(content="hello"))

        await world.messages.edit(CHANNEL, sent.id, OutgoingMessage(content="changed"))

        assert world.contents(CHANNEL) == ["changed"]

    async def test_a_message_that_is_gone_counts_as_deleted(self, world: ChannelWorld) -> None:
        sent = await world.messages.send(CHANNEL, OutgoingMessage(content="hello"))

        await world.messages.delete(CHANNEL, sent.id, reason="spam")
        await world.messages.delete(CHANNEL, sent.id)

        assert world.contents(CHANNEL) == []

    async def test_editing_a_message_that_does_not_exist_is_refused(self, world: ChannelWorld) -> None:
        with pytest.raises(PortRejectedError) as caught:
            await world.messages.edit(CHANNEL, UNKNOWN, OutgoingMessage(content="x"))

        assert caught.value.code == 10008

    async def test_an_ephemeral_message_is_refused(self, world: ChannelWorld) -> None:
        with pytest.raises(PortRejectedError):
            await world.messages.send(CHANNEL, OutgoingMessage(content="hello", ephemeral=True))

        assert world.contents(CHANNEL) == []

    @pytest.mark.parametrize("bad", NOT_SNOWFLAKES)
    async def test_ids_are_checked_before_they_become_part_of_a_path(self, world: ChannelWorld, bad: str) -> None:
        with pytest.raises(PortRejectedError):
            await world.messages.send(bad, OutgoingMessage(content="x"))
        with pytest.raises(PortRejectedError):
            await world.messages.delete(CHANNEL, bad)
