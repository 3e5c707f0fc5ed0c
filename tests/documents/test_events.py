"""docs/events.md"""

import pytest

from gpcore import Dispatch, EventContext, MemberJoin, Reject, RetryLater, Router
from gpcore.domain.dispatches import dispatch_of
from gpcore.domain.events import EVENT_CLASSES
from gpcore.domain.retrying import EVENT_DELAYS, rung_name
from gpcore.errors import PortRejectedError, PortThrottledError
from gprunner.testing import TestClient
from tests.documents.pages import DOCS, router_of, table

PAGE, BLOCK = "events.md", '"member.join"'
NEWCOMERS, NEWS = "849256214691971079", "849256214691971080"
ROLE = {"guild_id": "849255963033731074", "role": {"name": "Keepers"}}


def test_the_table_lists_every_typed_event() -> None:
    _, *rows = table(PAGE, "name")
    typed = {row[0].strip("`"): row for row in rows[:-1]}

    assert {name: row[1].strip("`") for name, row in typed.items()} == {
        name: kind.__name__ for name, kind in EVENT_CLASSES.items()
    }
    for name, row in typed.items():
        assert f"`{dispatch_of(name)}`" in row[2]


def test_the_ladder_is_as_written() -> None:
    written = ", ".join(rung_name(delay).replace("s", " s").replace("m", " min") for delay in EVENT_DELAYS)

    assert f"runs again after {written};" in (DOCS / PAGE).read_text()


async def test_newcomers_get_their_role_and_news_are_told_once() -> None:
    async with TestClient(router_of(PAGE, BLOCK)) as client:
        eve = client.new.user("eve")
        await client.acting(user=eve).event("member.join")
        assert client.roles_of(eve) == {NEWCOMERS}

        told = await client.dispatch("GUILD_ROLE_CREATE", ROLE)
        await client.redeliver(told)
        assert [shown.content for shown in client.messages_in(NEWS)] == ["New role: Keepers"]
        assert told.outcomes == ("handled", "duplicate")


async def test_a_throttled_event_comes_again_when_discord_says() -> None:
    async with TestClient(router_of(PAGE, BLOCK)) as client:
        client.discord_answers(PortThrottledError("slow down", retry_after=20))
        told = await client.dispatch("GUILD_ROLE_CREATE", ROLE)
        await client.advance(19)
        early = list(told.outcomes)
        await client.advance(30)

    assert (early, list(told.outcomes)) == (["retried"], ["retried", "handled"])


async def test_what_waits_for_the_state_runs_when_it_is_back() -> None:
    async with TestClient(router_of(PAGE, BLOCK)) as client:
        with client.state_down():
            waiting = await client.start.event("member.join")
            running = await client.dispatch("GUILD_ROLE_CREATE", ROLE)
            await client.advance(60)
            assert (waiting.outcome, running.outcome) == ("pending", "handled")
        await client.advance(30)
        assert waiting.outcome == "handled"


@pytest.mark.parametrize(
    ("error", "outcomes", "letters"),
    [
        (RetryLater(), (*["retried"] * 5, "dead_lettered"), ("attempts",)),
        (LookupError("nothing"), (*["retried"] * 5, "dead_lettered"), ("attempts",)),
        (Reject("no_such_plan"), ("dead_lettered",), ("no_such_plan",)),
        (PortRejectedError("Missing Permissions", code=50013), ("dead_lettered",), ("permanent",)),
    ],
)
async def test_an_event_that_fails_ends_as_the_table_says(
    error: Exception, outcomes: tuple[str, ...], letters: tuple[str, ...]
) -> None:
    router, fences = Router(), list[int]()

    @router.event("member.join")
    async def fail(ctx: EventContext[MemberJoin]) -> None:
        fences.append(ctx.fence)
        raise error

    async with TestClient(router) as client:
        result = await client.event("member.join")
        await client.advance(900)

        assert result.outcomes == outcomes
        assert client.dead_letters == letters
    assert fences == sorted(set(fences))
    assert 0 not in fences


async def test_an_event_that_runs_unguarded_has_no_fence() -> None:
    router, fences = Router(), list[int]()

    @router.event("GUILD_ROLE_CREATE")
    async def note(ctx: EventContext[Dispatch]) -> None:
        fences.append(ctx.fence)

    async with TestClient(router) as client:
        with client.state_down():
            await client.dispatch("GUILD_ROLE_CREATE", ROLE)

    assert fences == [0]
