"""A bot's lifespans in a real worker, embedded in this process."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from gpadapters.memory.broker import InMemoryBroker
from gpcore import EventContext, LifespanError, MemberJoin, Router
from gpcore.ports.publisher import Publisher
from gprunner.encoding import encode
from gprunner.settings import Settings
from gprunner.worker import Worker
from tests.builders import a_fixture
from tests.eventually import eventually

REFUSING = True


class Pool:
    """What handlers use until the last one has ended."""

    is_open = True


class Welcoming:
    """A bot with one handler that waits until it is told to go on."""

    def __init__(self) -> None:
        self.router = Router()
        self.journal: list[str] = []
        self.go_on = asyncio.Event()
        self.router.lifespan(self.pool)
        self.router.event("member.join")(self.welcome)

    async def pool(self) -> AsyncIterator[Pool]:
        self.journal.append("opens")
        pool = Pool()
        yield pool
        pool.is_open = False
        self.journal.append("closes")

    async def welcome(self, ctx: EventContext[MemberJoin], pool: Pool) -> None:
        self.journal.append("starts")
        await self.go_on.wait()
        self.journal.append(f"ends with an open pool: {pool.is_open}")


async def publish(publisher: Publisher) -> None:
    now_ms = time.time_ns() // 1_000_000
    publication = encode(
        "frame", "GUILD_MEMBER_ADD", cast("dict[str, Any]", a_fixture("25-guild-member-add")["d"]), now_ms=now_ms
    )
    await publisher.publish(publication.message, routing_key=publication.routing_key)


async def test_it_opens_before_anything_is_consumed_and_closes_after_the_drain() -> None:
    bot = Welcoming()
    async with Worker(bot.router, Settings.load(need=(), port=0), embedded=True, drain_seconds=10) as worker:
        assert bot.journal == ["opens"]
        await publish(worker.system.publisher)
        await eventually(lambda: "starts" in bot.journal)
        asyncio.get_running_loop().call_soon(bot.go_on.set)

    assert bot.journal == ["opens", "starts", "ends with an open pool: True", "closes"]


async def test_a_worker_whose_lifespan_fails_never_consumes() -> None:
    bot = Welcoming()

    @bot.router.lifespan
    async def cache() -> AsyncIterator[None]:
        if REFUSING:
            raise ConnectionRefusedError
        yield

    worker = Worker(bot.router, Settings.load(need=(), port=0), embedded=True, drain_seconds=10)
    with pytest.raises(LifespanError, match="lifespan 'cache' did not start: ConnectionRefusedError"):
        async with worker:
            raise AssertionError("it must not start")

    assert bot.journal == ["opens", "closes"]
    assert [runner.source.state() for runner in worker.system.worker.lanes] == ["connecting", "connecting"]


def test_the_broker_is_the_memory_one() -> None:
    """Guards the tests above: nothing outside this process is asked."""
    worker = Worker(Router(), Settings.load(need=()), embedded=True)
    assert isinstance(worker.system._adapters.broker(), InMemoryBroker)
