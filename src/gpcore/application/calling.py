"""Running a handler within its time, and measuring it."""

from collections.abc import Awaitable

from gpcore.application.boundary import Raised, Returned, contain_within
from gpcore.application.handlers import CompiledHandler
from gpcore.domain import metrics
from gpcore.ports.clock import Clock
from gpcore.ports.telemetry import Telemetry


async def call(
    handler: CompiledHandler, work: Awaitable[object], *, default_timeout: float, clock: Clock, telemetry: Telemetry
) -> Returned[object] | Raised:
    """Await a handler's work, cancelling it when its time is over, and return how it ended.

    Args:
        handler: Whose work it is; its own time-out goes first.
        work: The handler's coroutine.
        default_timeout: Seconds for a handler that names none.
        clock: Bounds and measures the time.
        telemetry: Takes the duration, with the name of the error if there was one.
    """
    started = clock.monotonic()
    ended = await contain_within(work, seconds=handler.policy.timeout or default_timeout, clock=clock)
    outcome = "returned" if isinstance(ended, Returned) else type(ended.error).__name__
    telemetry.observe(metrics.HANDLER_DURATION, clock.monotonic() - started, handler.label, outcome)
    return ended
