"""docs/structure.md"""

import asyncio
from types import ModuleType
from typing import Any

import pytest

from gpcore import RoutingError
from gprunner.testing import TestClient
from tests.documents.pages import block_with, router_of, run

PAGE = "structure.md"


def page(text: str) -> ModuleType:
    return run(block_with(PAGE, text), PAGE)


async def test_an_included_router_has_its_prefix_and_what_surrounds_it() -> None:
    async with TestClient(router_of(PAGE, "class Prices")) as client:
        price = await client.command("price show", coin="honey")
        closed = await client.command("price show", coin="honey", channel=client.new.channel("april"))

    assert (price.reply.content, closed.reply.content) == ("honey: 3.5", "Closed today.")


async def test_what_is_provided_is_filled_in() -> None:
    snippet, begun = page("class Transaction"), list[Any]()
    original = snippet.Transaction.__init__

    def noticing(self: object, pool: object) -> None:
        original(self, pool)
        begun.append(self)

    snippet.Transaction.__init__ = noticing
    async with TestClient(snippet.router) as client:
        noted = await client.acting(locale="de").command("note", text="milk")
        await client.command("note", text="bread")

    assert noted.reply.content == "Noted for a reader of de."
    assert [one.notes for one in begun] == [["milk", "committed"], ["bread", "committed"]]
    assert len({id(one.pool) for one in begun}) == 1


def test_what_nothing_provides_is_told_when_the_bot_is_loaded() -> None:
    with pytest.raises(RoutingError, match=r"structure\.md:\d+: command 'show' parameter 'source'.* Prices"):
        page("class Prices").prices.compile()


async def test_a_container_puts_the_bot_together() -> None:
    snippet = page("DeclarativeContainer")
    async with TestClient(snippet.router) as client:
        assert (await client.command("jars")).reply.content == "7 jars of honey."
    async with TestClient(snippet.make_router(snippet.Container(config={"jars": 1}))) as client:
        assert (await client.command("jars")).reply.content == "1 jars of honey."


async def test_a_worker_runs_inside_another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    from gprunner import Settings, Worker

    stopped: list[Worker] = []

    class Embedded(Worker):
        def __init__(self, router: object, settings: Settings) -> None:
            super().__init__(router_of(PAGE, "class Prices"), Settings.load(need=(), port=0), embedded=True)
            asyncio.get_running_loop().call_soon(self.stop)
            stopped.append(self)

    snippet = page("async def main(router")
    monkeypatch.setattr(snippet, "Worker", Embedded)
    monkeypatch.setattr(snippet, "Settings", type("Given", (), {"load": staticmethod(lambda: None)}))

    await asyncio.wait_for(snippet.main(router_of(PAGE, "class Prices")), 30)

    assert len(stopped) == 1
