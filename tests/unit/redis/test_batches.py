"""Commands that leave together."""

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from gpadapters.redis.batches import Batch


class Watched(Batch):
    """Can be watched; a batch itself has no room for that."""

    __slots__ = ("__weakref__",)


@pytest.fixture(autouse=True)
def collector_at_rest() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


async def test_a_batch_that_was_answered_is_freed_at_once() -> None:
    batch = Watched(asyncio.get_running_loop(), 10, lambda _: None)
    reply = batch.add(b"PING")
    (call,) = batch.leave()
    watch = weakref.ref(batch)
    call.answer("PONG")
    del batch, call

    assert await reply == "PONG"
    assert watch() is None


async def test_a_batch_whose_callers_all_gave_up_is_freed_at_once() -> None:
    batch = Watched(asyncio.get_running_loop(), 10, lambda _: None)
    batch.add(b"PING", first=b"ASKING").cancel()
    watch = weakref.ref(batch)
    assert batch.leave() == []
    del batch

    await asyncio.sleep(0)
    assert watch() is None
