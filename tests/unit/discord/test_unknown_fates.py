"""Answers whose fate is unknown, from the state machine of replies down to Discord: never lost, never twice."""

import pytest

from gpadapters.memory.claim_store import InMemoryClaimStore
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.simulator.faults import FaultKind, InjectedFault
from gpcore.application.claiming import Claims
from gpcore.application.conversation import Conversation
from gpcore.domain.deadlines import Deadlines
from gpcore.domain.interactions import Interaction, InteractionKind
from gpcore.domain.messages import OutgoingMessage
from gpcore.domain.replies import Action
from gpcore.domain.wire_message import Lane
from gpcore.errors import AlreadyAcknowledgedError, InteractionExpiredError, PortThrottledError, PortUnavailableError
from tests.contracts.discord_world import Given
from tests.unit.discord.http_world import HttpWorld

HELLO = OutgoingMessage(content="hello")
MORE = OutgoingMessage(content="more")


async def a_conversation(world: HttpWorld, given: Given) -> Conversation:
    claims = Claims(InMemoryClaimStore(world.clock), world.clock, InMemoryTelemetry())
    return Conversation(
        Interaction(id=given.id, token=given.token, kind=InteractionKind.COMMAND),
        Deadlines.of(given.id, world.clock.now_us() // 1000),
        responder=world.responder,
        followups=world.followups,
        clock=world.clock,
        telemetry=InMemoryTelemetry(),
        hold=claims.hold(await claims.claim(Lane.INTERACTIONS, given.id), Lane.INTERACTIONS),
    )


@pytest.fixture
def asked(world: HttpWorld) -> Given:
    return world.interaction()


@pytest.fixture
async def conversation(world: HttpWorld, asked: Given) -> Conversation:
    return await a_conversation(world, asked)


@pytest.mark.parametrize(
    ("kind", "statuses"),
    [("disconnect_after", [0, 400]), ("error_after", [502, 400]), ("disconnect", [0, 204]), ("error", [502, 204])],
)
async def test_a_first_answer_is_made_once_whether_it_had_arrived_or_not(
    world: HttpWorld, asked: Given, conversation: Conversation, kind: FaultKind, statuses: list[int]
) -> None:
    world.simulator.inject(InjectedFault(kind=kind, status=502))

    await conversation.say(Action.REPLY, HELLO)

    assert world.shown(asked) == ["hello"]
    assert world.statuses() == statuses


async def test_a_first_answer_is_tried_twice_at_most(
    world: HttpWorld, asked: Given, conversation: Conversation
) -> None:
    world.simulator.inject(InjectedFault(kind="error", status=503, times=None))

    with pytest.raises(PortUnavailableError):
        await conversation.say(Action.REPLY, HELLO)

    assert world.statuses() == [503, 503]


async def test_a_first_answer_is_repeated_after_a_wait_within_its_time(
    world: HttpWorld, asked: Given, conversation: Conversation
) -> None:
    world.simulator.inject(InjectedFault(kind="429_shared", seconds=1.0))

    await conversation.say(Action.REPLY, HELLO)

    assert (world.statuses(), world.clock.monotonic()) == ([429, 204], 1.0)


async def test_a_first_answer_does_not_wait_longer_than_its_time(
    world: HttpWorld, asked: Given, conversation: Conversation
) -> None:
    world.simulator.inject(InjectedFault(kind="429_shared", seconds=4.0))

    with pytest.raises(PortThrottledError):
        await conversation.say(Action.REPLY, HELLO)

    assert (world.statuses(), world.clock.monotonic()) == ([429], 0.0)


async def test_an_answer_that_somebody_else_made_is_no_success(
    world: HttpWorld, asked: Given, conversation: Conversation
) -> None:
    await (await a_conversation(world, asked)).say(Action.REPLY, HELLO)

    with pytest.raises(AlreadyAcknowledgedError):
        await conversation.say(Action.REPLY, MORE)

    assert world.shown(asked) == ["hello"]


async def test_an_answer_that_comes_too_late_is_not_tried_again(
    world: HttpWorld, asked: Given, conversation: Conversation
) -> None:
    world.simulator.inject(InjectedFault(kind="error", status=404, code=10062, message="Unknown interaction"))

    with pytest.raises(InteractionExpiredError):
        await conversation.say(Action.REPLY, HELLO)

    assert world.requests() == 1


@pytest.mark.parametrize("kind", ["disconnect_after", "error_after"])
async def test_what_follows_a_defer_is_an_edit_that_may_be_repeated(
    world: HttpWorld, asked: Given, conversation: Conversation, kind: FaultKind
) -> None:
    await conversation.defer()
    world.simulator.inject(InjectedFault(kind=kind))

    await conversation.say(Action.REPLY, HELLO)

    assert world.shown(asked) == ["hello"]
    assert [request.method for request in world.simulator.requests] == ["POST", "PATCH", "PATCH"]


@pytest.mark.parametrize("kind", ["disconnect_after", "error_after"])
async def test_a_follow_up_is_never_sent_twice(
    world: HttpWorld, asked: Given, conversation: Conversation, kind: FaultKind
) -> None:
    await conversation.say(Action.REPLY, HELLO)
    world.simulator.inject(InjectedFault(kind=kind))

    with pytest.raises(PortUnavailableError):
        await conversation.say(Action.FOLLOWUP, MORE)

    assert world.shown(asked) == ["hello", "more"]
