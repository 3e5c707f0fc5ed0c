"""Calling what a bot wrote: its handlers, and what it put around them.

Everything here is bounded in time and may raise anything; how it ended is returned, never raised.
"""

import functools
from collections.abc import Awaitable, Callable
from typing import Final

from gpcore.application.boundary import Raised, Returned, contain_within
from gpcore.application.handlers import Callee, CompiledHandler, HandlerKind
from gpcore.application.middleware import through
from gpcore.application.supplying import Resources, Supply, supplied
from gpcore.domain import metrics
from gpcore.domain.refusals import Refusal
from gpcore.ports.clock import Clock
from gpcore.ports.telemetry import Telemetry
from gpcore.ports.tracer import NO_TRACER, Tracer
from gpcore.ports.work_in_hand import tell

SUGGESTING_SECONDS: Final = 2.5
"""How long an autocomplete may run at most that does not say so itself: after that nobody sees its suggestions, and
its slot is wanted."""

Ended = Returned[object] | Raised


class Calls:
    """Runs the functions of a bot.

    Args:
        resources: What its lifespans yielded.
        default_timeout: Seconds for a handler that names none.
        clock: Bounds and measures the time.
        telemetry: Takes durations.
        tracer: Follows handlers.
    """

    def __init__(
        self,
        resources: Resources,
        *,
        default_timeout: float,
        clock: Clock,
        telemetry: Telemetry,
        tracer: Tracer = NO_TRACER,
    ) -> None:
        self._resources: Final = resources
        self._default_timeout: Final = default_timeout
        self._clock: Final = clock
        self._telemetry: Final = telemetry
        self._tracer: Final = tracer

    async def handler(self, handler: CompiledHandler, context: object, *args: object, **kwargs: object) -> Ended:
        """Run a handler inside its middleware and measure it."""
        tell(handler=handler.label)
        started = self._clock.monotonic()
        with self._tracer.span(f"handle {handler.label}", attributes={"gp.handler": handler.label}) as span:
            ended = await self._within(handler, self._surrounded(handler, context, args, kwargs))
            outcome = "returned" if isinstance(ended, Returned) else type(ended.error).__name__
            span.note("gp.outcome", outcome)
        self._telemetry.observe(metrics.HANDLER_DURATION, self._clock.monotonic() - started, handler.label, outcome)
        return ended

    async def _surrounded(
        self, handler: CompiledHandler, context: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> object:
        """Run a handler with what it is given and has around it; most are given nothing and have nothing."""
        function = handler.registration.function
        if not handler.injected and not handler.around.middleware:
            return await function(context, *args, **kwargs)
        return await self._with_supply(handler, context, functools.partial(function, context, *args, **kwargs))

    async def _with_supply(
        self, handler: CompiledHandler, context: object, function: Callable[..., Awaitable[object]]
    ) -> object:
        async def work(supply: Supply) -> object:
            async def run() -> object:
                return await function(**await supply.arguments(handler.injected))

            return await through(handler.around.middleware, context, supply, run)

        return await supplied(self._resources, context, work)

    async def refusing_check(self, handler: CompiledHandler, context: object) -> Returned[bool] | Raised:
        """Tell whether one of the handler's checks refuses; the first one that does ends it."""
        for check in handler.checks:
            asked = await self._call(handler, check, context)
            if isinstance(asked, Raised):
                return asked
            if not asked.value:
                return Returned(value=True)
        return Returned(value=False)

    async def error_handler(self, handler: CompiledHandler, context: object, error: Exception) -> Ended | None:
        """Run the error handler for an error; ``None`` if there is none."""
        callee = handler.around.catching(error)
        return None if callee is None else await self._call(handler, callee, context, error)

    async def refused_handler(self, handler: CompiledHandler, context: object, refusal: Refusal) -> Ended | None:
        """Run the bot's own answer to a refusal; ``None`` if it has none."""
        callee = handler.around.refused
        return None if callee is None else await self._call(handler, callee, context, refusal)

    async def _call(self, handler: CompiledHandler, callee: Callee, *args: object) -> Ended:
        async def work(supply: Supply) -> object:
            return await callee.function(*args, **await supply.arguments(callee.injected))

        return await self._within(handler, supplied(self._resources, args[0], work))

    async def _within(self, handler: CompiledHandler, work: Awaitable[object]) -> Ended:
        return await contain_within(work, seconds=self._seconds_for(handler), clock=self._clock)

    def _seconds_for(self, handler: CompiledHandler) -> float:
        if handler.policy.timeout is not None:
            return handler.policy.timeout
        if handler.kind is HandlerKind.AUTOCOMPLETE:
            return min(SUGGESTING_SECONDS, self._default_timeout)
        return self._default_timeout
