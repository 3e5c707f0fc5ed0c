"""What a bot opens before it works is there in its tests too."""

from collections.abc import AsyncIterator

import pytest

from gpcore import CommandContext, Defer, LifespanError, Router
from gprunner.testing import TestClient


class Pool:
    """Something to open and close."""

    def __init__(self) -> None:
        self.events: list[str] = []


def a_bot(pool: Pool, *, fails: bool = False) -> Router:
    router = Router()

    @router.lifespan
    async def opened() -> AsyncIterator[Pool]:
        if fails:
            raise OSError("no route")
        pool.events.append("open")
        yield pool
        pool.events.append("closed")

    @router.command("count", defer=Defer.never())
    async def counting(ctx: CommandContext, found: Pool) -> str:
        """Count."""
        found.events.append("used")
        return str(len(found.events))

    return router


async def test_a_lifespan_is_open_while_the_client_is() -> None:
    pool = Pool()

    async with TestClient(a_bot(pool)) as client:
        assert (await client.command("count")).reply.text == "2"

    assert pool.events == ["open", "used", "closed"]


async def test_each_worker_opens_its_own() -> None:
    pool = Pool()

    async with TestClient(a_bot(pool)) as client:
        await client.second_worker()
        await client.crash()
        await client.command("count")

    assert pool.events == ["open", "open", "closed", "used", "closed"]


async def test_a_lifespan_that_fails_fails_the_test_and_leaves_nothing_behind() -> None:
    with pytest.raises(LifespanError, match="did not start: OSError"):
        async with TestClient(a_bot(Pool(), fails=True)):
            pytest.fail("it was entered all the same")

    async with TestClient(a_bot(Pool())) as client:
        assert (await client.command("count")).replied
