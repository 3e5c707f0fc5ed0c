"""Middleware: a bot's own code around its handlers."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Protocol

from gpcore.application.handlers import Callee
from gpcore.application.supplying import Supply


class CallNext(Protocol):
    """What a middleware calls to go on."""

    def __call__(self) -> Awaitable[Any]:
        """Run the next middleware, or the handler, and return what it returned.

        Raises:
            RuntimeError: It was called before: a handler runs once.
        """
        ...


class Middleware(Protocol):
    """``async def middleware(ctx, call_next)``, put around handlers with ``router.use``.

    It sees what ``call_next()`` returns and every exception on its way, ``UserError`` and the like
    among them; it may answer by itself, return something else, raise something else, or not go on
    at all. More parameters are injected.

    It can break none of gp's guarantees: it runs inside the handler's time, after checks, limits
    and the defer of ``Defer.always()``; its answers go through the same state machine; and the handler
    runs at most once. What it does not let pass has not happened for gp: an exception that it
    swallows makes the handler one that returned.
    """

    def __call__(self, ctx: Any, call_next: CallNext, /, *args: Any, **kwargs: Any) -> Awaitable[Any]:  # noqa: ANN401 - any context, and whatever is injected
        """Do something around ``await call_next()``."""
        ...


class _Once:
    """Goes on once."""

    def __init__(self, go_on: Callable[[], Awaitable[object]]) -> None:
        self._go_on: Final = go_on
        self._called = False

    async def __call__(self) -> object:
        if self._called:
            raise RuntimeError("call_next was called before: a handler runs once")
        self._called = True
        return await self._go_on()


async def through(
    middleware: Sequence[Callee], context: object, supply: Supply, handler: Callable[[], Awaitable[object]]
) -> object:
    """Run the handler inside its middleware, the first outermost, and return what comes out."""
    if not middleware:
        return await handler()
    first, *others = middleware
    call_next = _Once(lambda: through(others, context, supply, handler))
    return await first.function(context, call_next, **await supply.arguments(first.injected))
