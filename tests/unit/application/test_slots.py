import asyncio

import pytest

from gpcore.application.slots import Slots, SlotsClosedError


async def turn() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def hold(slots: Slots, entered: list[int], number: int, go: asyncio.Event) -> None:
    async with slots.slot():
        entered.append(number)
        await go.wait()


async def test_slots_are_handed_out_first_come_first_served() -> None:
    slots, go, entered = Slots(2), asyncio.Event(), list[int]()
    tasks = [asyncio.ensure_future(hold(slots, entered, number, go)) for number in range(5)]
    await turn()
    assert (entered, slots.waiting) == ([0, 1], 3)

    go.set()
    await asyncio.gather(*tasks)

    assert (entered, slots.waiting) == ([0, 1, 2, 3, 4], 0)


async def test_the_newest_may_go_first() -> None:
    slots, go, entered = Slots(1, newest_first=True), asyncio.Event(), list[int]()
    tasks = [asyncio.ensure_future(hold(slots, entered, number, go)) for number in range(4)]
    await turn()
    go.set()
    await asyncio.gather(*tasks)

    assert entered == [0, 3, 2, 1]


async def test_a_slot_comes_back_when_its_holder_fails() -> None:
    slots = Slots(1)
    with pytest.raises(ZeroDivisionError):
        async with slots.slot():
            raise ZeroDivisionError

    async with slots.slot():
        assert slots.waiting == 0


async def test_closing_refuses_who_waits_and_who_comes_and_lets_holders_finish() -> None:
    slots, go, entered = Slots(1), asyncio.Event(), list[int]()
    holder, waiter = (asyncio.ensure_future(hold(slots, entered, number, go)) for number in range(2))
    await turn()

    slots.close()
    await turn()

    assert slots.closed
    with pytest.raises(SlotsClosedError):
        waiter.result()
    with pytest.raises(SlotsClosedError):
        await slots.acquire()
    go.set()
    await holder
    assert entered == [0]


async def test_who_gives_up_waiting_leaves_the_line() -> None:
    slots, go, entered = Slots(1), asyncio.Event(), list[int]()
    tasks = [asyncio.ensure_future(hold(slots, entered, number, go)) for number in range(3)]
    await turn()

    tasks[1].cancel()
    await turn()
    assert slots.waiting == 1
    go.set()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert entered == [0, 2]


async def test_a_slot_that_was_just_handed_to_someone_who_gave_up_is_passed_on() -> None:
    slots, go, entered = Slots(1), asyncio.Event(), list[int]()
    await slots.acquire()
    tasks = [asyncio.ensure_future(hold(slots, entered, number, go)) for number in range(2)]
    await turn()

    slots.release()
    tasks[0].cancel()
    await turn()

    assert entered == [1]
    go.set()
    await tasks[1]


async def test_a_cancelled_waiter_is_passed_over_before_it_could_leave() -> None:
    slots, go, entered = Slots(1), asyncio.Event(), list[int]()
    await slots.acquire()
    tasks = [asyncio.ensure_future(hold(slots, entered, number, go)) for number in range(2)]
    await turn()

    tasks[0].cancel()
    slots.release()
    await turn()

    assert entered == [1]
    go.set()
    await tasks[1]


async def test_a_waiter_cancelled_as_the_slots_close_is_cancelled() -> None:
    slots, go = Slots(1), asyncio.Event()
    await slots.acquire()
    tasks = [asyncio.ensure_future(hold(slots, [], number, go)) for number in range(2)]
    await turn()

    tasks[0].cancel()
    slots.close()
    tasks[1].cancel()
    await turn()

    assert [task.cancelled() for task in tasks] == [True, True]
    assert slots.waiting == 0
