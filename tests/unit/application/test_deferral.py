"""The automatic defer races the handler's own answer: there is never more than one first answer."""

import asyncio
from collections.abc import Callable

import pytest

from gpadapters.memory.clock import Alarm, VirtualClock
from gpadapters.memory.discord import InMemoryFirstResponder
from gpcore import CommandContext, ComponentContext, Defer, Router
from gpcore.application.deferral import AutomaticDefer
from gpcore.domain.claims import LEASE_US, Progress, Verdict
from gpcore.domain.settling import Ack
from gpcore.domain.wire_message import Lane
from tests.unit.application.aftermath import interaction_id
from tests.unit.application.deliveries import RecordedDelivery
from tests.unit.application.exchanges import an_exchange
from tests.unit.application.pacing import Pace, PacedResponder
from tests.unit.application.worlds import Process, World


class HastyClock(VirtualClock):
    """Lets alarms go off in the next turn of the event loop."""

    def call_after(self, seconds: float, action: Callable[[], None]) -> Alarm:
        asyncio.get_running_loop().call_soon(action)
        return super().call_after(seconds, lambda: None)


def a_process(world: World, router: Router, *paces: Pace) -> Process:
    return Process(world, router, responder=PacedResponder(InMemoryFirstResponder(world.discord), world.clock, paces))


def replying_after(world: World, seconds: float) -> Router:
    router = Router()

    @router.command("work", defer=Defer.auto(after=1))
    async def work(ctx: CommandContext) -> str:
        await world.clock.sleep(seconds)
        return "done"

    return router


@pytest.mark.parametrize("seconds", [0.0, 0.99, 1.0, 1.01, 1.25, 1.5, 1.51])
async def test_a_reply_during_the_defer_waits_and_becomes_an_edit(world: World, seconds: float) -> None:
    """The defer is under way from 1.0 to 1.5 s."""
    process = a_process(world, replying_after(world, seconds), Pace(there=0.25, back=0.25))
    message = world.command("work")

    assert await process.handle(message, seconds=3) == Ack("handled")

    assert world.calls() in (["message"], ["deferred_message", "edit"])
    assert world.texts(message) == ["done"]


async def test_a_reply_under_way_keeps_the_defer_from_being_sent(world: World) -> None:
    process = a_process(world, replying_after(world, 0.8), Pace(there=0.25, back=0.25))
    message = world.command("work")

    assert await process.handle(message, seconds=3) == Ack("handled")
    assert world.calls() == ["message"]


@pytest.mark.parametrize("seconds", [0.9, 1.0, 1.1, 1.6])
async def test_a_component_that_says_nothing_while_it_is_deferred_did_well(world: World, seconds: float) -> None:
    router = Router()

    @router.component("press", defer=Defer.auto(after=1))
    async def press(ctx: ComponentContext) -> None:
        await world.clock.sleep(seconds)

    process = a_process(world, router, Pace(there=0.25, back=0.25))

    assert await process.handle(world.component("press"), seconds=3) == Ack("handled")
    assert world.calls() == ["deferred_update"]


@pytest.mark.parametrize("seconds", [0.9, 1.0, 1.1, 1.6])
async def test_a_handler_that_defers_while_gp_does_is_content(world: World, seconds: float) -> None:
    router = Router()

    @router.command("work", defer=Defer.auto(after=1))
    async def work(ctx: CommandContext) -> str:
        await world.clock.sleep(seconds)
        await ctx.defer()
        return "done"

    process = a_process(world, router, Pace(there=0.25, back=0.25))
    message = world.command("work")

    assert await process.handle(message, seconds=3) == Ack("handled")
    assert world.texts(message) == ["done"]


async def test_a_defer_under_way_is_not_torn_when_the_handler_fails(world: World) -> None:
    router = Router()

    @router.command("work", defer=Defer.auto(after=1))
    async def work(ctx: CommandContext) -> None:
        await world.clock.sleep(1.1)
        raise ZeroDivisionError

    process = a_process(world, router, Pace(there=0.25, back=0.25))
    message = world.command("work")

    assert await process.handle(message, seconds=3) == Ack("failed")
    assert world.calls() == ["deferred_message", "edit"]


@pytest.mark.parametrize("how", ["slots close", "cancelled"])
async def test_a_defer_under_way_is_finished_before_the_id_is_given_up(world: World, how: str) -> None:
    """Else the next worker could not know that the user looks at "thinking"."""
    process = a_process(world, replying_after(world, 60), Pace(there=0.25, back=0.25))
    for _ in range(5):
        await process.slots.acquire()
    message = world.command("work")
    task = asyncio.ensure_future(process.interactions.handle(RecordedDelivery(message, lane=Lane.INTERACTIONS)))
    await world.clock.advance(1.1)

    if how == "cancelled":
        task.cancel()
    else:
        process.slots.close()
    await world.clock.advance(1)

    assert task.done()
    again = await world.claims.claim(interaction_id(message), owner="next", lease_us=LEASE_US, max_attempts=9)
    assert (again.verdict, again.progress, again.attempts) == (Verdict.CLAIMED, Progress.DEFERRED, 1)


async def test_nothing_is_left_running_when_the_delivery_is_cancelled(world: World) -> None:
    process = a_process(world, replying_after(world, 60), Pace(there=0.25, back=0.25))
    before = asyncio.all_tasks()
    delivery = RecordedDelivery(world.command("work"), lane=Lane.INTERACTIONS)
    task = asyncio.ensure_future(process.interactions.handle(delivery))
    await world.clock.advance(0.5)

    task.cancel()
    await world.clock.advance(5)

    assert task.cancelled()
    assert asyncio.all_tasks() == before
    assert world.calls() == []


async def test_a_mistake_in_the_defer_itself_is_not_swallowed(world: World) -> None:
    class Broken(InMemoryFirstResponder):
        async def respond(self, *args: object, **kwargs: object) -> None:
            raise ZeroDivisionError

    process = Process(world, replying_after(world, 2), responder=Broken(world.discord))

    with pytest.raises(ZeroDivisionError):
        await process.handle(world.command("work"), seconds=3)


async def test_a_defer_that_has_not_begun_when_the_body_ends_is_not_made(world: World) -> None:
    conversation = await an_exchange(world).begin()

    async with AutomaticDefer(conversation, at_ms=world.now_ms, ephemeral=False, clock=HastyClock()):
        await asyncio.sleep(0)

    await asyncio.sleep(0)
    assert world.calls() == []
