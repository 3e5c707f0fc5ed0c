"""The one place where any exception is caught."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Generic, TypeVar

from gpcore.errors import HandlerTimeoutError
from gpcore.ports.clock import Clock

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Returned(Generic[Value]):
    """It ended normally."""

    value: Value


@dataclass(frozen=True, slots=True)
class Raised:
    """It ended with an exception."""

    error: Exception


async def contain(work: Awaitable[Value]) -> Returned[Value] | Raised:
    """Await work that may raise anything, such as a bot's handler, and return how it ended.

    A cancellation of this task is not contained. One that comes out of something the work awaited
    is the work's own failure: taken for a cancellation, it would send the delivery round and round.
    """
    try:
        return Returned(await work)
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        failure = RuntimeError("something that it awaited was cancelled")
        failure.__cause__ = error
        return Raised(failure)
    except Exception as error:  # noqa: BLE001 - a bot's code may raise anything; the outcome is decided by the caller
        return Raised(error)


async def contain_within(work: Awaitable[Value], *, seconds: float, clock: Clock) -> Returned[Value] | Raised:
    """Do as ``contain`` does, but cancel the work after ``seconds`` and return a ``HandlerTimeoutError``."""
    try:
        async with clock.deadline(seconds):
            return await contain(work)
    except TimeoutError:
        return Raised(HandlerTimeoutError(f"ran longer than {seconds:g} s"))
