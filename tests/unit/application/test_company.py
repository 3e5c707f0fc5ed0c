"""Any number together, or one alone."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from gpcore.application.company import Company


class Guests:
    """Tasks that come, are inside until told to leave, and go."""

    def __init__(self) -> None:
        self.company = Company()
        self.inside: list[int] = []
        self.doors: list[asyncio.Event] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def come(self, *, alone: bool) -> int:
        number = len(self.tasks)
        self.doors.append(asyncio.Event())
        self.tasks.append(asyncio.create_task(self._stay(number, alone=alone)))
        await self.turn()
        return number

    async def leave(self, number: int) -> None:
        self.doors[number].set()
        await self.turn()

    async def cancel(self, number: int) -> None:
        self.tasks[number].cancel()
        await self.turn()

    async def turn(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    async def _stay(self, number: int, *, alone: bool) -> None:
        async with self.company.alone() if alone else self.company.together():
            self.inside.append(number)
            try:
                await self.doors[number].wait()
            finally:
                self.inside.remove(number)

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        for task in self.tasks:
            with suppress(asyncio.CancelledError):
                await task


async def test_who_wants_to_be_alone_waits_and_later_ones_wait_behind() -> None:
    guests = Guests()
    first, alone, later = [await guests.come(alone=alone) for alone in (False, True, False)]
    assert guests.inside == [first]
    await guests.leave(first)
    assert guests.inside == [alone]
    await guests.leave(alone)
    assert guests.inside == [later]
    await guests.end()


async def test_one_that_gives_up_waiting_blocks_nobody() -> None:
    guests = Guests()
    first, alone, later = [await guests.come(alone=alone) for alone in (False, True, False)]
    await guests.cancel(alone)
    assert guests.inside == [first, later]
    await guests.end()


async def test_one_that_is_cancelled_as_it_is_let_in_leaves_again() -> None:
    guests = Guests()
    alone, other = await guests.come(alone=True), await guests.come(alone=True)
    guests.doors[alone].set()
    await asyncio.sleep(0)
    guests.tasks[other].cancel()
    await guests.turn()
    third = await guests.come(alone=False)
    assert guests.inside == [third]
    await guests.end()


@given(st.lists(st.tuples(st.sampled_from(["together", "alone", "leave", "cancel"]), st.integers(0, 9)), max_size=30))
async def test_nobody_is_ever_beside_one_who_is_alone_and_all_get_in_in_the_end(
    steps: Sequence[tuple[str, int]],
) -> None:
    guests = Guests()
    alone: set[int] = set()
    gone: set[int] = set()
    for step, which in steps:
        if step in {"together", "alone"}:
            number = await guests.come(alone=step == "alone")
            alone |= {number} if step == "alone" else set()
        elif step == "leave" and guests.inside:
            gone.add(guests.inside[0])
            await guests.leave(guests.inside[0])
        elif step == "cancel" and which < len(guests.tasks):
            gone.add(which)
            await guests.cancel(which)
        assert len(guests.inside) <= 1 or not alone & set(guests.inside)
    came = set(range(len(guests.tasks)))
    while guests.inside:
        gone.add(guests.inside[0])
        await guests.leave(guests.inside[0])
    assert gone == came, "somebody was never let in"
    await guests.end()
