"""``gp top`` against endpoints that behave, and some that do not."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from rich.console import Console

from gpadapters.observability.merging import merged
from gpadapters.observability.prometheus import PrometheusTelemetry
from gpadapters.observability.reading import read_exposition
from gpcore.domain.metrics import DEAD_LETTERS, FIRST_ANSWER
from gprunner.top.looking import Look, Looker
from gprunner.top.picture import Picture

Serve = Callable[[Callable[[], web.Response]], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    runners: list[web.AppRunner] = []

    async def begin(answer: Callable[[], web.Response]) -> str:
        async def metrics(_: web.Request) -> web.Response:
            return answer()

        app = web.Application()
        app.router.add_get("/metrics", metrics)
        runner = web.AppRunner(app)
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"127.0.0.1:{runner.addresses[0][1]}"

    yield begin
    for runner in runners:
        await runner.cleanup()


def a_worker() -> PrometheusTelemetry:
    telemetry = PrometheusTelemetry(version="1.2.3")
    telemetry.observe(FIRST_ANSWER, 0.2, "command", "message")
    return telemetry


def drawn(look: Look, width: int) -> list[str]:
    console = Console(width=width, height=20, color_system=None)
    with console.capture() as captured:
        console.print(Picture(look))
    return captured.get().splitlines()


async def test_the_second_look_tells_what_happened_since_the_first(serve: Serve) -> None:
    telemetry = a_worker()
    address = await serve(lambda: web.Response(body=telemetry.render()[0]))
    looker = Looker([address, f"http://{address}/metrics"], read_exposition)
    [first] = (await looker.look()).workers
    telemetry.observe(FIRST_ANSWER, 0.2, "command", "message")
    telemetry.count(DEAD_LETTERS, "events", "attempts")
    [second] = (await looker.look()).workers

    assert (first.answers, first.seconds, first.dead) == (1, 0.0, 0)
    assert (second.answers, second.dead) == (1, 1)
    assert second.seconds > 0


async def test_a_parent_shows_each_of_its_workers(serve: Serve) -> None:
    texts = {name: a_worker().render()[0].decode() for name in ("1", "2")}
    address = await serve(lambda: web.Response(body=merged(texts, restarts={"1": 0, "2": 0})[0]))
    look = await Looker([address], read_exposition).look()

    assert [one.name for one in look.workers] == [f"{address} 1", f"{address} 2"]
    assert look.everybody.answers == 2
    assert any(line.startswith("all 2") for line in drawn(look, 100))


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (web.Response(status=404), "/metrics answers 404"),
        (web.Response(text="<html>"), "answers with something that is no metrics"),
        (web.Response(text="other_metric 1\n"), "answers with metrics that are not gp's"),
    ],
)
async def test_what_is_no_worker_says_so(serve: Serve, answer: web.Response, fault: str) -> None:
    look = await Looker([await serve(lambda: answer)], read_exposition).look()

    assert [one.fault for one in look.workers] == [fault]
    assert not look.seen


async def test_a_worker_that_cannot_be_reached_keeps_its_line_beside_the_others(serve: Serve) -> None:
    telemetry = a_worker()
    address = await serve(lambda: web.Response(body=telemetry.render()[0]))
    look = await Looker([address, "127.0.0.1:9"], read_exposition).look()

    assert look.seen
    assert drawn(look, 100)[-1] == "127.0.0.1:9: not reachable: connection refused"


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120, 200])
async def test_no_figure_is_cut_off_whatever_the_width(serve: Serve, width: int) -> None:
    telemetry = a_worker()
    address = await serve(lambda: web.Response(body=telemetry.render()[0]))
    lines = drawn(await Looker([address], read_exposition).look(), width)

    assert all(len(line) <= width for line in lines)
    assert not any("…" in line for line in lines)
    assert any("version" in line for line in lines) == (width >= 200)


async def test_the_figures_are_plain_json(serve: Serve) -> None:
    telemetry = a_worker()
    address = await serve(lambda: web.Response(body=telemetry.render()[0]))
    look = await Looker([address], read_exposition).look()

    assert json.loads(json.dumps(look.everybody.as_json()))["answers"] == 1
