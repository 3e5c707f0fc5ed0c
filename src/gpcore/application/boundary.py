"""The one place where any exception is caught."""

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

    A cancellation is not contained.
    """
    try:
        return Returned(await work)
    except Exception as error:  # noqa: BLE001 - a bot's code may raise anything; the outcome is decided by the caller
        return Raised(error)


async def contain_within(work: Awaitable[Value], *, seconds: float, clock: Clock) -> Returned[Value] | Raised:
    """Do as ``contain`` does, but cancel the work after ``seconds`` and return a ``HandlerTimeoutError``."""
    try:
        async with clock.deadline(seconds):
            return await contain(work)
    except TimeoutError:
        return Raised(HandlerTimeoutError(f"ran longer than {seconds:g} s"))
