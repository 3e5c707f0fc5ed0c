"""A request with everything that holds for all of them: the brake, the error table, the count."""

import asyncio
from dataclasses import replace
from typing import Final

from gpadapters.discord.answers import Answer, Call
from gpadapters.discord.brake import Brake
from gpadapters.discord.egress_watch import EgressWatch
from gpadapters.discord.errors import error_of
from gpadapters.discord.transport import DiscordTransport
from gpcore.domain.metrics import DISCORD_CALLS, DISCORD_DURATION, LIMIT_WAITS
from gpcore.errors import (
    ConfigurationError,
    GpError,
    PortRejectedError,
    PortThrottledError,
    PortTimeoutError,
    PortUnavailableError,
)
from gpcore.ports.telemetry import Telemetry
from gpcore.ports.tracer import NO_TRACER, Tracer

_OUTCOMES: Final[tuple[tuple[type[GpError], str], ...]] = (
    (PortTimeoutError, "timeout"),
    (PortUnavailableError, "unavailable"),
    (PortThrottledError, "throttled"),
    (PortRejectedError, "rejected"),
    (ConfigurationError, "misconfigured"),
)


class DiscordExchange:
    """Makes requests for every port of Discord.

    Args:
        transport: Sends them.
        brake: Stops them before the address is banned.
        telemetry: Counts them.
        watch: Tells the brake of others behind the same address; left out, this process is alone.
        tracer: Follows them.
    """

    def __init__(
        self,
        transport: DiscordTransport,
        brake: Brake,
        telemetry: Telemetry,
        watch: EgressWatch | None = None,
        tracer: Tracer = NO_TRACER,
    ) -> None:
        self._transport = transport
        self._brake = brake
        self._telemetry = telemetry
        self._watch = watch
        self._tracer = tracer

    async def send(self, call: Call, *, timeout: float) -> Answer:
        """Make one request; whatever goes wrong stands in the answer's ``error``.

        Args:
            call: What to send.
            timeout: Seconds.
        """
        refusal = self.refusal(call)
        if refusal is not None:
            return Answer(status=0, error=refusal)
        answer = await self._ask(call, timeout)
        self._telemetry.count(DISCORD_CALLS, call.route.operation, _outcome(answer.error))
        return answer

    def refusal(self, call: Call) -> PortThrottledError | None:
        """Return why a call may not be sent now, ``None`` if it may; a refused call is counted."""
        if self._watch is not None:
            self._watch.look_soon()
        refusal = self._brake.refusal(call.importance)
        if refusal is not None:
            self._telemetry.count(DISCORD_CALLS, call.route.operation, _outcome(refusal))
        return refusal

    def waited(self, call: Call, seconds: float) -> None:
        """Note for how long a call had to wait for Discord's limits."""
        self._telemetry.observe(LIMIT_WAITS, seconds, call.route.operation)

    async def _ask(self, call: Call, timeout: float) -> Answer:
        answer = await self._timed(call, timeout)
        if answer.status == 0:
            return answer
        self._brake.note(answer)
        if self._watch is not None and self._brake.urgent:
            self._watch.look_soon()
        error = error_of(call, answer)
        return answer if error is None else replace(answer, error=error)

    async def _timed(self, call: Call, timeout: float) -> Answer:
        route = call.route
        clock = asyncio.get_running_loop().time
        # The path holds tokens: the template alone may be told.
        attributes = {"http.request.method": route.method, "url.template": route.template}
        with self._tracer.span(str(call), kind="client", attributes=attributes) as span:
            began = clock()
            answer = await self._transport.send(call, timeout=timeout)
            took = clock() - began
            if answer.status:
                span.note("http.response.status_code", answer.status)
            elif answer.error is not None:
                span.note("error.type", type(answer.error).__name__)
        self._telemetry.observe(DISCORD_DURATION, took, route.method, route.template, str(answer.status or ""))
        return answer


def _outcome(error: GpError | None) -> str:
    if error is None:
        return "ok"
    return next(word for kind, word in _OUTCOMES if isinstance(error, kind))
