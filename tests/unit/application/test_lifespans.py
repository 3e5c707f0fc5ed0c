"""What a bot opens before its worker consumes, and closes after the drain."""

import logging
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

import pytest

from gpcore import CommandContext, EventContext, LifespanError, MemberJoin, Router
from gpcore.application.lifespans import started
from gpcore.application.supplying import Resources
from gpcore.domain.settling import Ack
from tests.unit.application.worlds import Process, World

REFUSING = True


@dataclass(frozen=True)
class Pool:
    url: str


@dataclass(frozen=True)
class Client:
    pool: Pool


@dataclass(frozen=True)
class Settings:
    url: str = "postgres://u:hunter2@db"


def a_bot(journal: list[str]) -> Router:
    """A pool, and a client over it."""
    router = Router()
    router.provide(Settings())

    @router.lifespan
    async def pool(settings: Settings) -> AsyncIterator[Pool]:
        journal.append("pool opens")
        yield Pool(settings.url)
        journal.append("pool closes")

    @router.lifespan
    async def client(pool: Pool) -> AsyncGenerator[Client, None]:
        journal.append("client opens")
        yield Client(pool)
        journal.append("client closes")

    @router.command("work")
    async def work(ctx: CommandContext, client: Client, pool: Pool) -> str:
        journal.append("work")
        assert client.pool is pool
        return "done"

    return router


async def test_lifespans_start_in_order_and_end_in_the_opposite_one(world: World) -> None:
    journal: list[str] = []
    process = Process(world, a_bot(journal))

    async with started(process.routes.lifespans, process.resources):
        assert await process.handle(world.command("work")) == Ack("handled")

    assert journal == ["pool opens", "client opens", "work", "client closes", "pool closes"]


async def test_an_outer_routers_lifespan_starts_before_an_included_ones(world: World) -> None:
    journal: list[str] = []
    outer = Router()
    outer.include(a_bot(journal))
    outer.include(a_bot([]), prefix="other")

    @outer.lifespan
    async def log() -> AsyncIterator[None]:
        journal.append("log opens")
        yield
        journal.append("log closes")

    process = Process(world, outer)
    async with started(process.routes.lifespans, process.resources):
        pass

    assert (journal[0], journal[-1]) == ("log opens", "log closes")


async def test_one_that_is_included_twice_starts_once(world: World) -> None:
    journal: list[str] = []
    inner, outer = a_bot(journal), Router()
    outer.include(inner)
    outer.include(inner, prefix="again")
    process = Process(world, outer)

    async with started(process.routes.lifespans, process.resources):
        await process.handle(world.command("work"))
        await process.handle(world.command("again work"))

    assert journal.count("pool opens") == 1
    assert journal.count("work") == 2


async def test_a_lifespan_may_yield_several_things(world: World) -> None:
    router, seen = Router(), list[object]()

    @router.lifespan
    async def both() -> AsyncIterator[tuple[Pool, Client]]:
        pool = Pool("here")
        yield pool, Client(pool)

    @router.event("member.join")
    async def join(ctx: EventContext[MemberJoin], client: Client, pool: Pool) -> None:
        seen.append((client, pool))

    process = Process(world, router)
    async with started(process.routes.lifespans, process.resources):
        assert await process.process(world.event()) == Ack("handled")

    assert seen == [(Client(Pool("here")), Pool("here"))]


async def test_one_that_does_not_yield_what_it_says_does_not_start() -> None:
    router = Router()

    @router.lifespan
    async def both() -> AsyncIterator[tuple[Pool, Client]]:
        yield Pool("alone")  # type: ignore[misc]  # the mistake

    with pytest.raises(LifespanError, match=r"lifespan 'both' did not start: TypeError"):
        async with started(router.compile().lifespans, Resources()):
            raise AssertionError("it must not start")


async def test_one_that_fails_ends_those_before_it_and_tells_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    journal: list[str] = []
    router = a_bot(journal)

    @router.lifespan
    async def cache(settings: Settings) -> AsyncIterator[None]:
        if REFUSING:
            raise ConnectionRefusedError(settings.url)
        yield

    with pytest.raises(LifespanError) as raised:
        async with started(router.compile().lifespans, Resources()):
            raise AssertionError("it must not start")

    assert journal == ["pool opens", "client opens", "client closes", "pool closes"]
    assert str(raised.value).startswith("test_lifespans.py:")
    assert str(raised.value).endswith("lifespan 'cache' did not start: ConnectionRefusedError")
    assert "lifespan 'cache' did not start" in caplog.messages


async def test_one_that_fails_to_end_is_logged_and_the_others_end(caplog: pytest.LogCaptureFixture) -> None:
    journal: list[str] = []
    router = a_bot(journal)

    @router.lifespan
    async def cache() -> AsyncIterator[None]:
        yield
        raise ConnectionResetError

    @router.lifespan
    async def twice() -> AsyncIterator[None]:
        yield
        yield

    async with started(router.compile().lifespans, Resources()):
        pass

    assert journal[-2:] == ["client closes", "pool closes"]
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert errors == ["lifespan 'twice' yields twice; it must yield once", "lifespan 'cache' failed while it ended"]


async def test_a_handler_without_its_lifespan_is_told_so(world: World, caplog: pytest.LogCaptureFixture) -> None:
    process = Process(world, a_bot([]))

    assert await process.handle(world.command("work")) == Ack("failed")
    assert "the lifespan that provides Client was not started" in caplog.text


async def test_what_the_body_raises_ends_the_lifespans_too() -> None:
    journal: list[str] = []

    with pytest.raises(ZeroDivisionError):
        async with started(a_bot(journal).compile().lifespans, Resources()):
            raise ZeroDivisionError

    assert journal[-1] == "pool closes"
