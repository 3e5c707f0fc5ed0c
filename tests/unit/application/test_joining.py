import asyncio
from collections.abc import Awaitable, Callable

import pytest

from gpcore.application.joining import InFlight
from gpcore.domain.settling import Ack, DeadLetter, Disposition, GiveBack, Retry


class Work:
    """Work that a test ends."""

    def __init__(self) -> None:
        self.starts = 0
        self.over: asyncio.Future[Disposition] = asyncio.get_running_loop().create_future()

    def __call__(self) -> Awaitable[Disposition]:
        return self._run()

    async def _run(self) -> Disposition:
        self.starts += 1
        return await self.over


def never() -> Callable[[], Awaitable[Disposition]]:
    async def run() -> Disposition:
        raise AssertionError("it must not start")

    return run


async def turn() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Ack("handled"), Ack("joined")),
        (Retry("retried", 5.0), Retry("retried", 5.0)),
        (DeadLetter("attempts"), DeadLetter("attempts")),
        (GiveBack("drained"), GiveBack("drained")),
    ],
)
async def test_a_second_copy_shares_the_outcome_and_repeats_what_may_be_lost(
    first: Disposition, second: Disposition
) -> None:
    in_flight, work = InFlight(), Work()
    tasks = [asyncio.ensure_future(in_flight.run("1", work)), asyncio.ensure_future(in_flight.run("1", never()))]
    await turn()

    work.over.set_result(first)

    assert await asyncio.gather(*tasks) == [first, second]
    assert work.starts == 1


async def test_different_ids_run_side_by_side() -> None:
    in_flight, works = InFlight(), [Work(), Work()]
    tasks = [asyncio.ensure_future(in_flight.run(str(number), work)) for number, work in enumerate(works)]
    await turn()

    assert [work.starts for work in works] == [1, 1]
    for work in works:
        work.over.set_result(Ack("handled"))
    await asyncio.gather(*tasks)


async def test_an_id_runs_again_once_it_is_over() -> None:
    in_flight = InFlight()
    for _ in range(2):
        work = Work()
        work.over.set_result(Ack("handled"))
        assert await in_flight.run("1", work) == Ack("handled")


@pytest.mark.parametrize("how", ["cancelled", "failed"])
async def test_a_second_copy_runs_itself_when_the_first_came_to_nothing(how: str) -> None:
    in_flight, first, second = InFlight(), Work(), Work()
    tasks = [asyncio.ensure_future(in_flight.run("1", work)) for work in (first, second, second)]
    await turn()

    if how == "cancelled":
        tasks[0].cancel()
    else:
        first.over.set_exception(ZeroDivisionError())
    await turn()
    assert second.starts == 1
    second.over.set_result(Ack("handled"))

    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError if how == "cancelled" else ZeroDivisionError)
    assert results[1:] == [Ack("handled"), Ack("joined")]
