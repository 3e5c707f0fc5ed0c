"""A request with everything that holds for all of them: the brake, the error table, the count."""

from dataclasses import replace
from typing import Final

from gpadapters.discord.answers import Answer, Call
from gpadapters.discord.brake import Brake
from gpadapters.discord.egress_watch import EgressWatch
from gpadapters.discord.errors import error_of
from gpadapters.discord.transport import DiscordTransport
from gpcore.domain.metrics import DISCORD_CALLS
from gpcore.errors import (
    ConfigurationError,
    GpError,
    PortRejectedError,
    PortThrottledError,
    PortTimeoutError,
    PortUnavailableError,
)
from gpcore.ports.telemetry import Telemetry

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
    """

    def __init__(
        self, transport: DiscordTransport, brake: Brake, telemetry: Telemetry, watch: EgressWatch | None = None
    ) -> None:
        self._transport = transport
        self._brake = brake
        self._telemetry = telemetry
        self._watch = watch

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

    async def _ask(self, call: Call, timeout: float) -> Answer:
        answer = await self._transport.send(call, timeout=timeout)
        if answer.status == 0:
            return answer
        self._brake.note(answer)
        if self._watch is not None and self._brake.urgent:
            self._watch.look_soon()
        error = error_of(call, answer)
        return answer if error is None else replace(answer, error=error)


def _outcome(error: GpError | None) -> str:
    if error is None:
        return "ok"
    return next(word for kind, word in _OUTCOMES if isinstance(error, kind))
