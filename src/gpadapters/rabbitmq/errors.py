"""The one place where the broker's and the client library's errors become gp's.

The client library also throws ``CancelledError`` into whoever waits for an answer when a
connection dies for want of heartbeats. To the waiting code that looks like its own task being
cancelled, so every question to the broker is asked in a task of its own: ``ask``.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from aio_pika.exceptions import (
    CONNECTION_EXCEPTIONS,
    AuthenticationError,
    ChannelClosed,
    ConnectionClosed,
    DeliveryError,
    ProbableAuthenticationError,
    PublishError,
)

from gpcore.errors import PortError, PortRejectedError, PortTimeoutError, PortUnavailableError

T = TypeVar("T")

NO_ROUTE: Final = 312
ACCESS_REFUSED: Final = 403
NOT_FOUND: Final = 404
PRECONDITION_FAILED: Final = 406
_CHANNEL_CODES: Final = {
    "ChannelAccessRefused": ACCESS_REFUSED,
    "ChannelNotFoundEntity": NOT_FOUND,
    "ChannelLockedResource": 405,
    "ChannelPreconditionFailed": PRECONDITION_FAILED,
}


def _credentials(_: BaseException, doing: str) -> PortError:
    return PortUnavailableError(f"{doing}: the broker refused the user name or password")


def _unroutable(_: BaseException, doing: str) -> PortError:
    return PortRejectedError(f"{doing}: no queue takes it", code=NO_ROUTE)


def _refused_by_queue(_: BaseException, doing: str) -> PortError:
    return PortRejectedError(f"{doing}: the queue refused it, it is probably full")


def _channel_closed(error: BaseException, doing: str) -> PortError:
    code = _CHANNEL_CODES.get(type(error).__name__, 0)
    if not code:
        return PortUnavailableError(f"{doing}: the channel was closed")
    return PortRejectedError(f"{doing}: {_reply_text(error)}", code=code)


def _connection_closed(error: BaseException, doing: str) -> PortError:
    return PortUnavailableError(f"{doing}: the broker closed the connection ({_reply_text(error)})")


def _late(_: BaseException, doing: str) -> PortError:
    return PortTimeoutError(f"{doing}: no answer in time")


def _gone(_: BaseException, doing: str) -> PortError:
    # The library's own words for this quote the connection's URL.
    return PortUnavailableError(f"{doing}: the connection or channel is closed")


def _unreachable(error: BaseException, doing: str) -> PortError:
    return PortUnavailableError(f"{doing}: {_reply_text(error)}")


_TABLE: Final[tuple[tuple[type[BaseException], Callable[[BaseException, str], PortError]], ...]] = (
    (PublishError, _unroutable),
    (DeliveryError, _refused_by_queue),
    (ChannelClosed, _channel_closed),
    (AuthenticationError, _credentials),
    (ProbableAuthenticationError, _credentials),
    (ConnectionClosed, _connection_closed),
    (TimeoutError, _late),
    (RuntimeError, _gone),
    *((known, _unreachable) for known in CONNECTION_EXCEPTIONS),
)


def translate(error: BaseException, doing: str) -> PortError:
    """Return gp's error for one of the client library's.

    Args:
        error: An instance of ``CONNECTION_EXCEPTIONS``.
        doing: What was tried, for the message; no URL.
    """
    return next(make for known, make in _TABLE if isinstance(error, known))(error, doing)


async def ask(question: Awaitable[T], *, timeout: float, doing: str, finish: bool = False) -> T:
    """Await one call of the client library.

    Args:
        question: The call. It is cancelled when its time is up.
        timeout: Seconds.
        doing: What is tried, for the error's message; no URL.
        finish: Let the call go on when the caller's own task is cancelled.

    Raises:
        PortTimeoutError: No answer in time.
        PortUnavailableError: The connection or channel is gone.
        PortRejectedError: The broker refused, with its reply code.
        asyncio.CancelledError: Only if the caller's own task was cancelled.
    """
    task = asyncio.ensure_future(question)
    task.add_done_callback(_mark_as_seen)
    try:
        await asyncio.wait((task,), timeout=timeout)
    except asyncio.CancelledError:
        if not finish:
            task.cancel()
        raise
    if not task.done():
        task.cancel()
        raise PortTimeoutError(f"{doing}: no answer within {timeout:g} s")
    if task.cancelled():
        raise PortUnavailableError(f"{doing}: the connection was given up")
    error = task.exception()
    if error is None:
        return task.result()
    if isinstance(error, CONNECTION_EXCEPTIONS):
        raise translate(error, doing) from None
    raise error


def _mark_as_seen(task: asyncio.Future[T]) -> None:
    """Keep asyncio from logging the late error of a question whose time was up."""
    if not task.cancelled():
        task.exception()


def _reply_text(error: BaseException) -> str:
    return " ".join(str(part) for part in error.args if isinstance(part, str)) or type(error).__name__
