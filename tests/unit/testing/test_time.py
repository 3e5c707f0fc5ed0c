"""Time passes only in the bot, and only as far as the bot waits for it."""

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import uvloop

from gpcore import CommandContext, Defer, Router
from gpcore.domain import metrics
from gprunner.testing import KitError, TestClient
from tests.unit.testing.kit_bot import make_router


async def test_a_slow_handler_is_deferred_as_in_production(client: TestClient) -> None:
    before = client.now
    quick = await client.command("sleep", seconds=0.9)
    slow = await client.command("sleep", seconds=14.0)

    assert (quick.deferred, slow.deferred) == (False, True)
    assert slow.reply.content == "slept"
    assert client.now - before == timedelta(seconds=14.9)


async def test_a_handler_that_runs_too_long_is_cancelled(client: TestClient) -> None:
    late = await client.command("sleep", seconds=16.0)

    assert (late.outcome, late.error) == ("timeout", None)


async def test_a_handlers_own_timeout_is_virtual(client: TestClient) -> None:
    assert (await client.command("bounded")).reply.content == "gave up"


async def test_everybody_elses_timers_are_real(client: TestClient) -> None:
    started = time.monotonic()
    await asyncio.sleep(0.01)

    assert time.monotonic() - started >= 0.01
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await asyncio.Event().wait()


async def test_time_stands_still_while_a_thread_works() -> None:
    router = Router()
    go = threading.Event()

    @router.command("work", defer=Defer.auto(after=1.0))
    async def work(ctx: CommandContext) -> str:
        """Wait for the test in a thread."""
        await asyncio.to_thread(go.wait)
        return "done"

    async with TestClient(router) as client:
        before = client.now
        asyncio.get_running_loop().call_later(0.02, go.set)
        result = await client.command("work")

    assert (result.reply.content, result.deferred, client.now) == ("done", False, before)


async def test_a_handler_can_be_looked_at_while_it_works(client: TestClient) -> None:
    result = await client.start.command("sleep", seconds=2.0)

    await client.advance(0)
    assert (result.outcome, result.answer, result.replied) == ("pending", None, False)
    with pytest.raises(KitError, match=r"there is no reply: .*pending; no answer>; it goes on: await client\.advance"):
        _ = result.reply
    await client.advance(1)
    assert (result.deferred, result.outcome, str(result._sender.shown(result._story.original))) == (  # type: ignore[arg-type]
        True,
        "pending",
        "(thinking)",
    )
    await client.advance(1)
    assert (result.outcome, result.reply.content) == ("handled", "slept")
    assert await result.settled() is result


async def test_a_cooldown_ends_with_time(client: TestClient) -> None:
    assert await client.cooldown("cool") == 0
    await client.command("cool")
    assert await client.cooldown("cool") == 30
    refused = await client.command("cool")
    assert (refused.outcome, refused.reply.ephemeral) == ("refused", True)
    other = client.acting(user=client.new.member("bob"))
    assert await other.cooldown("cool") == 0
    await client.advance(31)
    assert (await client.command("cool")).outcome == "handled"
    assert await client.cooldown("ping") == 0
    with pytest.raises(KitError, match="did you mean 'cool'"):
        await client.cooldown("col")


async def test_a_session_ends_with_time(client: TestClient) -> None:
    await client.command("remember", what="milk")
    bob = client.acting(user=client.new.user("bob"))
    await bob.sessions.create("note", {"what": "eggs"}, ttl=60)

    assert (await client.command("recall")).reply.content == "milk"
    assert (await bob.command("recall")).reply.content == "eggs"
    assert await client.sessions.get("note") == {"what": "milk"}
    await client.advance(61)
    assert (await client.command("recall")).reply.content == "nothing"


async def test_a_retry_comes_with_time(client: TestClient) -> None:
    result = await client.command("again")

    assert (result.outcome, result.deferred, result.replied) == ("retried", True, False)
    await client.advance(1)
    assert (result.outcomes, result.reply.content) == (("retried", "handled"), "at last")


async def test_the_same_calls_take_the_same_ids_and_times() -> None:
    async def play() -> list[str]:
        async with TestClient(make_router()) as client:
            await client.command("sleep", seconds=3)
            await (await client.command("panel")).click("Next")
            bob = client.new.user("bob")
            return [
                *client.transcript,
                bob.id,
                str(client.now),
                *(story.key for story in client._stage.journal.stories),
            ]

    assert await play() == await play()


async def test_the_loop_is_as_before_when_the_last_client_is_left() -> None:
    loop = asyncio.get_running_loop()
    async with TestClient(make_router()) as first:
        async with TestClient(make_router()) as second:
            await first.advance(10)
            assert (first.now - second.now) == timedelta(seconds=10)
            assert (await second.command("sleep", seconds=1)).reply.content == "slept"
        assert (await first.command("sleep", seconds=1)).reply.content == "slept"
        assert "call_at" in vars(loop)

    assert not {"time", "call_at", "call_later", "run_in_executor"} & set(vars(loop))


async def test_what_never_settles_is_told_with_what_still_runs() -> None:
    router = Router()
    never = asyncio.Event()

    @router.command("wait", timeout=840)
    async def wait(ctx: CommandContext) -> None:
        """Wait for ever, against cancellation."""
        while not never.is_set():
            try:
                await never.wait()
            except asyncio.CancelledError:
                continue

    async with TestClient(router) as client:
        with pytest.raises(KitError, match=r"/wait was not settled; still running: command:wait"):
            await client.command("wait")
        never.set()


async def test_something_outside_is_waited_for_in_real_time_if_asked_for() -> None:
    router = Router()
    outside = asyncio.Event()

    @router.command("outside", defer=Defer.auto(after=1.0))
    async def ask_outside(ctx: CommandContext) -> str:
        """Wait for something that the client cannot see."""
        await outside.wait()
        return "here"

    async with TestClient(router, outside_seconds=30) as client:
        asyncio.get_running_loop().call_later(0.02, outside.set)
        assert not (await client.command("outside")).deferred


@pytest.mark.parametrize("new_loop", [asyncio.SelectorEventLoop, uvloop.new_event_loop])
def test_every_kind_of_loop_lends_its_timers(new_loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    async def play() -> tuple[bool, str]:
        async with TestClient(make_router()) as client:
            slow = await client.command("sleep", seconds=14.0)
        return slow.deferred, slow.reply.content

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(play()) == (True, "slept")


async def test_what_the_workers_count_can_be_read(client: TestClient) -> None:
    await client.command("ping")

    assert client.telemetry.counted(metrics.DELIVERIES, "interactions", "handled") == 1
    assert client.telemetry.counted(metrics.DELIVERIES, "events") == 0


async def test_a_client_must_be_entered() -> None:
    with pytest.raises(KitError, match="was the client entered"):
        await TestClient(make_router()).command("ping")


async def test_people_may_do_things_at_once(client: TestClient) -> None:
    results = await asyncio.gather(*(client.command("sleep", seconds=seconds) for seconds in (3.0, 0.5, 2.0)))

    assert [(result.outcome, result.deferred) for result in results] == [
        ("handled", True),
        ("handled", False),
        ("handled", True),
    ]
