"""Settlements leave together, each caller hears what came of its own, and a stuck write gives the channel up."""

import asyncio
import gc

import pytest
from aiormq.abc import ChannelFrame
from pamqp import frame as frames
from pamqp.commands import Basic

from gpadapters.rabbitmq.settlements import Settlements


class Connection:
    def __init__(self, *, room: int) -> None:
        self.write_queue: asyncio.Queue[ChannelFrame] = asyncio.Queue(room)


class Channel:
    """As much of the library's channel as is used; ``writes`` empties its queue as the library's writer would."""

    def __init__(self, *, room: int = 10) -> None:
        self.number = 1
        self.is_closed = False
        self.connection = Connection(room=room)
        self.futures: list[asyncio.Future[None]] = []

    def create_future(self) -> asyncio.Future[None]:
        self.futures.append(asyncio.get_running_loop().create_future())
        return self.futures[-1]

    def writes(self) -> list[list[tuple[int, bool]]]:
        """Return the acknowledgements of each write, and say that they left."""
        written = []
        while not self.connection.write_queue.empty():
            one = self.connection.write_queue.get_nowait()
            one.drain()
            written.append(_acknowledgements(one.payload))
        return written


def _acknowledgements(payload: bytes) -> list[tuple[int, bool]]:
    found = []
    while payload:
        used, _, frame = frames.unmarshal(payload)
        assert isinstance(frame, Basic.Ack | Basic.Nack)
        found.append((frame.delivery_tag or 0, bool(frame.multiple)))
        payload = payload[used:]
    return found


class Stuck:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


def the_settlements(channel: Channel, stuck: Stuck, *, timeout: float = 1) -> Settlements:
    return Settlements(channel, timeout=timeout, on_stuck=stuck)  # type: ignore[arg-type]  # all that is used of one


async def turns(count: int = 4) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_what_is_settled_in_one_turn_leaves_in_one_write() -> None:
    channel = Channel()
    settlements = the_settlements(channel, Stuck())
    callers = asyncio.gather(*(settlements.send(tag, done=True) for tag in (2, 1, 4)))
    await turns()
    assert channel.writes() == [[(2, True), (4, False)]]
    assert await callers == [True, True, True]


async def test_what_comes_while_one_write_is_under_way_leaves_in_the_next() -> None:
    channel = Channel()
    settlements = the_settlements(channel, Stuck())
    first = asyncio.create_task(settlements.send(1, done=True))
    await turns()
    later = asyncio.gather(*(settlements.send(tag, done=True) for tag in (2, 3)))
    await turns()
    assert channel.writes() == [[(1, False)]]
    assert await first
    await turns()
    assert channel.writes() == [[(3, True)]]
    assert await later == [True, True]


async def test_a_closed_channel_tells_nobody() -> None:
    channel, stuck = Channel(), Stuck()
    channel.is_closed = True
    assert not await the_settlements(channel, stuck).send(1, done=False)
    assert stuck.times == 0


async def test_gives_the_channel_up_when_a_write_does_not_leave_in_time() -> None:
    stuck = Stuck()
    assert not await the_settlements(Channel(), stuck, timeout=0.01).send(1, done=True)
    assert stuck.times == 1


async def test_a_settlement_goes_out_although_its_caller_is_cancelled() -> None:
    channel = Channel()
    settlements = the_settlements(channel, Stuck())
    caller = asyncio.create_task(settlements.send(1, done=True))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await turns()
    assert channel.writes() == [[(1, False)]]


async def test_after_a_write_that_failed_nothing_more_leaves() -> None:
    """A later acknowledgement of several would take along what the broker never heard of."""
    channel, stuck = Channel(room=1), Stuck()
    channel.connection.write_queue.put_nowait(ChannelFrame.marshall(1, []))
    settlements = the_settlements(channel, stuck, timeout=0.01)
    given_back = asyncio.create_task(settlements.send(1, done=False))
    await turns()
    while_it_is_under_way = asyncio.create_task(settlements.send(2, done=True))

    assert not await given_back
    assert not await while_it_is_under_way
    channel.connection.write_queue.get_nowait()
    assert not await settlements.send(3, done=True)
    assert channel.writes() == []
    assert stuck.times == 1


async def test_an_error_that_nobody_expected_leaves_nobody_waiting(caplog: pytest.LogCaptureFixture) -> None:
    channel, stuck = Channel(), Stuck()
    settlements = the_settlements(channel, stuck)
    callers = asyncio.gather(*(settlements.send(tag, done=True) for tag in (1, 2)))
    await turns()
    channel.futures[0].set_exception(ZeroDivisionError())

    assert await callers == [False, False]
    assert stuck.times == 1
    # asyncio reports the sender's end once it is collected.
    gc.collect()
    assert "ZeroDivisionError" in caplog.text
