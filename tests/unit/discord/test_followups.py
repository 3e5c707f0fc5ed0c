import asyncio

import pytest

from gpadapters.simulator.faults import FaultKind, InjectedFault
from gpcore.domain.messages import Callback, CallbackType, OutgoingMessage
from gpcore.errors import PortThrottledError, PortUnavailableError
from tests.contracts.discord_world import Given
from tests.contracts.first_responder import HELLO
from tests.contracts.followups import FollowupsContract
from tests.unit.discord.http_world import HttpWorld

CHANGED = OutgoingMessage(content="changed")


@pytest.fixture
async def answered(world: HttpWorld) -> Given:
    given = world.interaction()
    await world.responder.respond(given.id, given.token, HELLO, timeout=2.0)
    return given


class TestHttpFollowups(FollowupsContract):
    pass


@pytest.mark.parametrize("kind", ["error", "error_after", "disconnect", "disconnect_after"])
async def test_an_edit_whose_effect_is_unknown_is_repeated_once(
    world: HttpWorld, answered: Given, kind: FaultKind
) -> None:
    world.simulator.inject(InjectedFault(kind=kind, status=502))

    await world.followups.edit(answered.token, CHANGED)

    assert world.shown(answered) == ["changed"]
    assert world.requests() == 3


async def test_an_edit_is_not_repeated_for_ever(world: HttpWorld, answered: Given) -> None:
    world.simulator.inject(InjectedFault(kind="error", status=503, times=None))

    with pytest.raises(PortUnavailableError):
        await world.followups.edit(answered.token, CHANGED)

    assert world.requests() == 3


@pytest.mark.parametrize("kind", ["error_after", "disconnect_after"])
async def test_a_follow_up_whose_effect_is_unknown_is_never_repeated(
    world: HttpWorld, answered: Given, kind: FaultKind
) -> None:
    world.simulator.inject(InjectedFault(kind=kind, status=500))

    with pytest.raises(PortUnavailableError):
        await world.followups.create(answered.token, CHANGED)

    assert world.shown(answered) == ["hello", "changed"]


@pytest.mark.parametrize("kind", ["429_user", "429_shared"])
async def test_a_short_rate_limit_is_waited_for(world: HttpWorld, answered: Given, kind: FaultKind) -> None:
    world.simulator.inject(InjectedFault(kind=kind, seconds=1.5))
    began = world.clock.monotonic()

    await world.followups.create(answered.token, CHANGED)

    assert world.shown(answered) == ["hello", "changed"]
    assert world.clock.monotonic() - began == pytest.approx(1.5, abs=0.01)


async def test_a_long_rate_limit_is_raised_without_waiting(world: HttpWorld, answered: Given) -> None:
    world.simulator.inject(InjectedFault(kind="429_shared", seconds=287.0))

    with pytest.raises(PortThrottledError) as caught:
        await world.followups.create(answered.token, CHANGED)

    assert caught.value.retry_after == 287.0
    assert world.clock.monotonic() == 0.0
    with pytest.raises(PortThrottledError):
        await world.followups.create(answered.token, CHANGED)
    assert world.requests() == 2


async def test_waiting_for_limits_ends_after_the_longest_wait(world: HttpWorld, answered: Given) -> None:
    world.simulator.inject(InjectedFault(kind="429_user", seconds=2.0, times=None))

    with pytest.raises(PortThrottledError):
        await world.followups.create(answered.token, CHANGED)

    assert world.clock.monotonic() <= 5.0


async def test_an_interaction_is_paced_so_that_discord_never_refuses(world: HttpWorld, answered: Given) -> None:
    for number in range(12):
        await world.followups.create(answered.token, OutgoingMessage(content=str(number)))

    assert 429 not in world.statuses()
    assert len(world.shown(answered)) == 13
    assert world.clock.monotonic() == pytest.approx(4.0, abs=0.1)


async def test_one_interaction_does_not_wait_for_another(world: HttpWorld, answered: Given) -> None:
    world.simulator.inject(InjectedFault(kind="429_user", seconds=60.0, interaction_id=answered.id))
    with pytest.raises(PortThrottledError):
        await world.followups.edit(answered.token, CHANGED)
    other = world.interaction()
    await world.responder.respond(other.id, other.token, HELLO, timeout=2.0)

    await world.followups.edit(other.token, CHANGED)

    assert world.shown(other) == ["changed"]


async def test_edits_at_once_all_arrive(world: HttpWorld) -> None:
    many = [world.interaction() for _ in range(50)]
    later = Callback(type=CallbackType.DEFERRED_MESSAGE)
    await asyncio.gather(*(world.responder.respond(one.id, one.token, later, timeout=20.0) for one in many))

    await asyncio.gather(*(world.followups.edit(one.token, CHANGED) for one in many))

    assert all(world.shown(one) == ["changed"] for one in many)
    assert world.requests() == 100


async def test_a_global_limit_told_to_one_interaction_holds_all_of_this_process(
    world: HttpWorld, answered: Given
) -> None:
    world.simulator.inject(InjectedFault(kind="429_global", seconds=30.0))
    with pytest.raises(PortThrottledError):
        await world.followups.create(answered.token, CHANGED)
    other = world.interaction()

    with pytest.raises(PortThrottledError) as caught:
        await world.followups.create(other.token, CHANGED)

    assert caught.value.retry_after == 30.0
