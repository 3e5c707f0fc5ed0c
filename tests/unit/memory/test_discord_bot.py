import pytest

from gpadapters.memory.discord_bot import (
    InMemoryChannels,
    InMemoryCommandRegistry,
    InMemoryMembers,
    InMemoryMessages,
)
from gpcore.domain.messages import OutgoingMessage
from gpcore.errors import PortThrottledError, PortTimeoutError
from tests.contracts.channels import ChannelsContract
from tests.contracts.command_registry import CommandRegistryContract
from tests.contracts.members import GUILD, MEMBER, ROLE, MembersContract
from tests.contracts.messages import CHANNEL, ChannelWorld, MessagesContract
from tests.settable_clock import SettableClock


class TestInMemoryMembers(MembersContract):
    @pytest.fixture
    def members(self) -> InMemoryMembers:
        members = InMemoryMembers()
        members.join(GUILD, MEMBER)
        return members


class MemoryChannelWorld(ChannelWorld):
    def __init__(self) -> None:
        self.messages = self.kept = InMemoryMessages(SettableClock())

    def contents(self, channel_id: str) -> list[str]:
        return [message.content or "" for (channel, _), message in self.kept.sent.items() if channel == channel_id]


class TestInMemoryMessages(MessagesContract):
    @pytest.fixture
    def world(self) -> MemoryChannelWorld:
        return MemoryChannelWorld()


class TestInMemoryChannels(ChannelsContract):
    @pytest.fixture
    def channels(self) -> InMemoryChannels:
        return InMemoryChannels(SettableClock())

    @pytest.fixture
    def message_id(self) -> str:
        return "1574393956270211197"


class TestInMemoryCommandRegistry(CommandRegistryContract):
    @pytest.fixture
    def registry(self) -> InMemoryCommandRegistry:
        return InMemoryCommandRegistry()


async def test_a_member_keeps_the_reasons_and_fails_on_demand() -> None:
    members = InMemoryMembers()
    members.join(GUILD, MEMBER)
    members.failures.add(PortThrottledError("wait", retry_after=2.0))

    with pytest.raises(PortThrottledError):
        await members.add_role(GUILD, MEMBER, ROLE, reason="first")
    assert members.roles_of(GUILD, MEMBER) == frozenset()
    await members.add_role(GUILD, MEMBER, ROLE, reason="second")

    assert members.roles_of(GUILD, MEMBER) == frozenset({ROLE})
    assert members.reasons == ["second"]


async def test_a_lost_answer_leaves_the_message_sent() -> None:
    messages = InMemoryMessages(SettableClock())
    messages.failures.add(PortTimeoutError("slow"), after_effect=True)

    with pytest.raises(PortTimeoutError):
        await messages.send(CHANNEL, OutgoingMessage(content="hello"), nonce="n")
    await messages.send(CHANNEL, OutgoingMessage(content="hello"), nonce="n")

    assert len(messages.sent) == 1
