import pytest

from gpadapters.memory.discord import InMemoryDiscord, InMemoryFirstResponder, InMemoryFollowups
from gpcore.domain.messages import Callback, CallbackType, OutgoingMessage
from gpcore.errors import AlreadyAcknowledgedError, PortTimeoutError, PortUnavailableError
from tests.contracts.discord_world import Given, InteractionWorld
from tests.contracts.first_responder import HELLO, FirstResponderContract
from tests.contracts.followups import FollowupsContract
from tests.settable_clock import SettableClock


class MemoryWorld(InteractionWorld):
    def __init__(self) -> None:
        self.clock = SettableClock()
        self.discord = InMemoryDiscord(self.clock)
        self.responder = InMemoryFirstResponder(self.discord)
        self.followups = InMemoryFollowups(self.discord)

    def know(self, given: Given, *, kind: int) -> None:
        # It takes every interaction that is young enough.
        pass

    def requests(self) -> int:
        return len(self.discord.calls)

    def shown(self, given: Given) -> list[str]:
        answered = self.discord.answered(given.token)
        return [message.content or "" for message in answered.messages.values()] if answered is not None else []


@pytest.fixture
def world() -> MemoryWorld:
    return MemoryWorld()


class TestInMemoryFirstResponder(FirstResponderContract):
    pass


class TestInMemoryFollowups(FollowupsContract):
    pass


async def test_a_failure_before_the_effect_leaves_the_interaction_unanswered(world: MemoryWorld) -> None:
    given = world.interaction()
    world.discord.failures.add(PortUnavailableError("down"))

    with pytest.raises(PortUnavailableError):
        await world.responder.respond(given.id, given.token, HELLO, timeout=1.0)
    await world.responder.respond(given.id, given.token, HELLO, timeout=1.0)

    assert [call.operation for call in world.discord.calls] == ["respond", "respond"]


async def test_a_failure_after_the_effect_is_a_lost_answer(world: MemoryWorld) -> None:
    given = world.interaction()
    world.discord.failures.add(PortTimeoutError("slow"), after_effect=True)

    with pytest.raises(PortTimeoutError):
        await world.responder.respond(given.id, given.token, HELLO, timeout=1.0)
    with pytest.raises(AlreadyAcknowledgedError):
        await world.responder.respond(given.id, given.token, HELLO, timeout=1.0)


async def test_every_call_is_kept_for_assertions(world: MemoryWorld) -> None:
    given = world.interaction()
    later = Callback(type=CallbackType.DEFERRED_MESSAGE, ephemeral=True)
    await world.responder.respond(given.id, given.token, later, timeout=1.0)
    await world.followups.edit(given.token, OutgoingMessage(content="done"))

    first, second = world.discord.calls

    assert (first.interaction_id, first.callback) == (given.id, later)
    assert (second.operation, second.interaction_id, second.message_id) == ("edit", given.id, "@original")
    assert given.token.reveal() not in repr(world.discord.calls)
