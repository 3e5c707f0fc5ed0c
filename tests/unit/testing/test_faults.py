"""What goes wrong around a bot: state, Discord, the broker, a worker."""

import asyncio

import pytest

from gpcore import CommandContext, Defer, Router
from gpcore.errors import (
    AlreadyAcknowledgedError,
    PortRejectedError,
    PortThrottledError,
    PortTimeoutError,
    PortUnavailableError,
    ReplyStateError,
    UserError,
)
from gprunner.testing import KitError, TestClient
from tests.unit.testing.kit_bot import ROLE


async def test_a_failing_handler_is_told_about(client: TestClient) -> None:
    result = await client.command("fail")

    assert result.outcome == "failed"
    assert isinstance(result.error, LookupError)
    assert (result.reply.content, result.reply.ephemeral) == ("Something went wrong. Please try again later.", True)


async def test_a_handler_that_fails_after_its_answer_says_so_besides(client: TestClient) -> None:
    result = await client.command("fail", late=True)

    assert (result.reply.content, len(result.followups)) == ("so far so good", 1)


async def test_what_a_handler_raises_on_purpose_is_kept(client: TestClient) -> None:
    told = await client.command("tell")
    rejected = await client.command("reject")

    assert (told.outcome, told.reply.content) == ("user_error", "That is wrong.")
    assert isinstance(told.error, UserError)
    assert (rejected.outcome, client.dead_letters) == ("dead_lettered", ("poisoned",))


async def test_discord_refuses_what_it_would_refuse(client: TestClient) -> None:
    illegal = await client.command("illegal")
    empty = await client.command("empty")

    assert isinstance(illegal.error, ReplyStateError)
    assert isinstance(empty.error, PortRejectedError)
    assert empty.error.code == 50006


async def test_commands_run_unguarded_while_state_is_down(client: TestClient) -> None:
    with client.state_down():
        assert (await client.command("ping")).reply.content == "pong"
        assert isinstance((await client.command("recall")).error, PortUnavailableError)
    assert (await client.command("recall")).reply.content == "nothing"


async def test_nothing_is_answered_while_discord_is_down(client: TestClient) -> None:
    with client.discord_down():
        result = await client.command("ping")
        event = await client.event("member.join")

    assert (result.outcome, result.answer) == ("failed", None)
    assert event.outcome == "retried"
    await client.advance(2)
    assert event.outcome == "handled"


async def test_discord_can_answer_with_errors(client: TestClient) -> None:
    client.discord_answers(PortThrottledError("slow down", retry_after=0.5))
    before = client.now
    throttled = await client.command("ping")
    assert (throttled.reply.content, (client.now - before).total_seconds()) == ("pong", 0.5)

    client.discord_answers(PortTimeoutError("lost"), after_effect=True)
    lost = await client.command("ping")
    assert (lost.outcome, lost.reply.content) == ("handled", "pong")
    assert lost.transcript[0] == "first_responder.respond message 'pong' -> PortTimeoutError: lost"

    client.discord_answers(PortRejectedError("no", code=50013), PortRejectedError("no", code=50013))
    assert (await client.command("ping")).outcome == "failed"


async def test_a_redelivered_message_is_answered_once(client: TestClient) -> None:
    result = await client.command("ping")
    again = await client.redeliver(result)

    assert again is result
    assert result.outcomes == ("handled", "duplicate")
    assert len(result.transcript) == 1


async def test_without_state_discord_itself_refuses_the_second_answer(client: TestClient) -> None:
    with client.state_down():
        result = await client.command("ping")
        await result.redelivered()

    assert result.outcomes == ("handled", "already_answered")
    assert isinstance(result.error, AlreadyAcknowledgedError) or result.error is None


async def test_a_retry_that_cannot_be_published_goes_back_to_the_queue(client: TestClient) -> None:
    with client.broker_down():
        result = await client.start.command("again")
        await client.advance(1.5)
    await client.advance(10)

    assert result.outcomes[0] == "publish_failed"
    assert result.reply.content == "at last"


async def test_a_second_worker_takes_its_turn(client: TestClient) -> None:
    other = await client.second_worker()

    assert [(await client.command("ping")).outcome for _ in range(4)] == ["handled"] * 4
    await other.stop()
    assert (await client.command("ping")).outcome == "handled"
    assert client.workers[1] is other


async def test_another_worker_finishes_what_a_killed_one_began() -> None:
    router = Router()
    began: list[str] = []
    go = asyncio.Event()

    @router.command("work", defer=Defer.always())
    async def work(ctx: CommandContext) -> str:
        """Be slow the first time."""
        began.append("once")
        if len(began) == 1:
            try:
                await go.wait()
            finally:
                # Whatever a dead worker still says reaches nobody.
                with pytest.raises(PortUnavailableError):
                    await ctx.reply("from the grave")
        return "finished"

    async with TestClient(router) as client:
        result = await client.start.command("work")
        await client.advance(0)
        assert (result.deferred, result.outcome) == (True, "pending")
        other = await client.second_worker()
        dead = await client.crash()
        assert (dead.alive, other.alive) == (False, True)
        await client.advance(120)

    assert result.reply.content == "finished"
    assert result.outcomes[-1] == "handled"
    assert began == ["once", "once"]


async def test_with_no_worker_alive_nothing_settles(client: TestClient) -> None:
    await client.crash()

    with pytest.raises(KitError, match="no worker is alive"):
        await client.crash()
    with pytest.raises(KitError, match="/ping was not settled; no handler is running: does a worker live"):
        await client.command("ping")


async def test_a_command_waits_in_the_queue_for_a_worker(client: TestClient) -> None:
    await client.crash()
    result = await client.start.command("ping")
    await client.second_worker()

    assert (await result.settled()).reply.content == "pong"


async def test_what_the_bot_does_with_its_token_is_kept(client: TestClient) -> None:
    bob = client.new.member("bob", roles=["849256214691971081"])
    await client.command("promote", who=bob)

    assert [call.operation for call in client.bot_calls] == ["members.add_role", "messages.send", "messages.edit"]
    assert client.bot_calls[0].arguments == {
        "guild_id": client.guild_id,
        "user_id": bob.id,
        "role_id": ROLE,
        "reason": "earned",
    }
    assert client.roles_of(bob) == {ROLE, "849256214691971081"}
    assert client.roles_of(client.new.user("nobody")) == frozenset()
