"""An interaction whose worker is killed before its first answer is answered by another one in time."""

import asyncio

import pytest

from gpadapters.memory.claim_store import InMemoryClaimStore
from gpcore import CommandContext, Defer, Router
from gpcore.domain.claims import FIRST_ANSWER_LEASE_US, LEASE_US, MAX_ATTEMPTS, Progress, Ticket, Verdict
from gpcore.domain.settling import Ack, Disposition, Retry
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import PortTimeoutError
from tests.unit.application.aftermath import answer_at_discord, interaction_id, leave_claim
from tests.unit.application.counting_bot import CountingBot
from tests.unit.application.deliveries import RecordedDelivery
from tests.unit.application.worlds import Process, World


def a_bot(world: World, seconds: float, starts: list[str], name: str, defer: Defer | None = None) -> Router:
    router = Router()

    @router.command("work", defer=defer or Defer.auto())
    async def work(ctx: CommandContext) -> str:
        starts.append(name)
        await world.clock.sleep(seconds)
        return name

    return router


def handed_to(process: Process, message: WireMessage) -> asyncio.Future[Disposition]:
    delivery = RecordedDelivery(message, lane=Lane.INTERACTIONS, redelivered=True)
    return asyncio.ensure_future(process.interactions.handle(delivery))


async def lease_left(world: World, message: WireMessage) -> float:
    """Return the seconds that another owner would have to wait."""
    result = await world.claims.claim(interaction_id(message), owner="asks", lease_us=1, max_attempts=MAX_ATTEMPTS)
    assert result.verdict is Verdict.BUSY
    return result.retry_after_us / 1e6


@pytest.mark.parametrize("name", ["auto", "always", "never"])
@pytest.mark.parametrize("killed_after", [0.0, 0.4, 0.9, 1.4])
async def test_the_next_worker_answers_in_time_whenever_the_first_one_was_killed(
    world: World, bot: CountingBot, process: Process, name: str, killed_after: float
) -> None:
    message = world.command(name)
    await world.clock.advance(killed_after)
    await leave_claim(world, message, Progress.NONE, lease_us=FIRST_ANSWER_LEASE_US)

    assert await process.handle(message, redelivered=True, seconds=1.1) == Ack("handled")
    assert world.texts(message) == ["done"]
    assert bot.starts == [name]


async def test_a_defer_that_was_on_its_way_is_made_sure_of_in_time(world: World, process: Process) -> None:
    message = world.command("always")
    await leave_claim(world, message, Progress.DEFERRING, lease_us=FIRST_ANSWER_LEASE_US)

    assert await process.handle(message, redelivered=True, seconds=1.1) == Ack("handled")
    assert world.texts(message) == ["done"]


async def test_a_worker_that_lives_keeps_what_it_has_not_answered_yet(world: World) -> None:
    starts: list[str] = []
    first = Process(world, a_bot(world, 2.2, starts, "first", Defer.never()))
    second = Process(world, a_bot(world, 0, starts, "second", Defer.never()))
    keeper = asyncio.ensure_future(first.claims.keep())
    message = world.command("work")
    one, other = handed_to(first, message), handed_to(second, message)

    await world.clock.advance(3)

    assert one.result() == Ack("handled")
    assert starts == ["first"]
    assert world.texts(message) == ["first"]
    # It stopped to wait when nothing could be answered any more, or found it done.
    waited = other.result()
    assert waited == Ack("duplicate") or (isinstance(waited, Retry) and not waited.counts)
    keeper.cancel()


async def test_whoever_waits_stops_when_the_other_one_has_answered(world: World) -> None:
    starts: list[str] = []
    first = Process(world, a_bot(world, 5, starts, "first", Defer.always()))
    second = Process(world, a_bot(world, 5, starts, "second", Defer.always()))
    message = world.command("work")
    one = handed_to(first, message)
    await world.clock.advance(0.1)
    other = handed_to(second, message)

    await world.clock.advance(0)

    busy = other.result()
    assert isinstance(busy, Retry)
    assert (busy.outcome, busy.counts) == ("busy", False)
    await world.clock.advance(5)
    assert one.result() == Ack("handled")


@pytest.mark.parametrize("defer", [Defer.always(), Defer.auto(0.5)])
async def test_the_lease_is_long_once_there_is_a_first_answer(world: World, defer: Defer) -> None:
    process = Process(world, a_bot(world, 60, [], "done", defer))
    message = world.command("work")
    task = handed_to(process, message)

    await world.clock.advance(0.6)

    assert await lease_left(world, message) > 29
    task.cancel()
    await asyncio.wait([task])


async def test_the_lease_is_long_again_for_whoever_resumes(world: World) -> None:
    process = Process(world, a_bot(world, 60, [], "done", Defer.always()))
    message = world.command("work")
    await answer_at_discord(world, message)
    await leave_claim(world, message, Progress.DEFERRED, lease_us=1)
    await world.clock.advance(0.1)
    task = handed_to(process, message)

    await world.clock.advance(0.1)

    assert await lease_left(world, message) > 29
    task.cancel()
    await asyncio.wait([task])


async def test_a_lease_that_cannot_be_made_long_is_extended_as_a_short_one(world: World) -> None:
    class NotesFail(InMemoryClaimStore):
        async def note(self, ticket: Ticket, progress: Progress, *, ephemeral: bool = False, lease_us: int = 0) -> bool:
            raise PortTimeoutError("slow")

    world.claims = NotesFail(world.clock)
    process = Process(world, a_bot(world, 60, [], "done", Defer.always()))
    keeper = asyncio.ensure_future(process.claims.keep())
    message = world.command("work")
    task = handed_to(process, message)

    await world.clock.advance(10)

    assert 0 < await lease_left(world, message) <= FIRST_ANSWER_LEASE_US / 1e6
    keeper.cancel()
    task.cancel()
    await asyncio.wait([task])


async def test_a_note_after_the_end_keeps_nothing_alive(world: World) -> None:
    process = Process(world, Router())
    claims = process.claims
    hold = claims.hold(await claims.claim(Lane.INTERACTIONS, "1"), Lane.INTERACTIONS)
    keeper = asyncio.ensure_future(claims.keep())

    await hold.release()
    await hold.note(Progress.ANSWERED)
    again = claims.hold(await claims.claim(Lane.INTERACTIONS, "1"), Lane.INTERACTIONS)
    await world.clock.advance(LEASE_US / 1e6)

    assert again is not hold
    assert (await claims.claim(Lane.INTERACTIONS, "1")).verdict is Verdict.BUSY, "the new one is kept"
    keeper.cancel()
