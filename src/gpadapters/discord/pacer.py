"""Requests that wait for Discord's rate limits and are repeated where that is harmless."""

from typing import Final

from gpadapters.discord.answers import Answer, Call
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.gates import SHORTEST_WAIT, Entry, Gate
from gpadapters.discord.settings import DiscordSettings
from gpcore.errors import PortThrottledError, PortUnavailableError
from gpcore.ports.clock import Clock

_MOST_TRIES: Final = 4
_MOST_REPEATS: Final = 1
_REPEAT_AFTER: Final = 0.25


class Pacer:
    """Sends calls of one kind in the order of their rate limits.

    A 429 means that nothing was done, so such a call is repeated after the wait that Discord asks
    for, whatever it does. A call whose effect is unknown is repeated once, and only if its caller
    says that this is harmless.
    """

    def __init__(self, exchange: DiscordExchange, gate: Gate, clock: Clock, settings: DiscordSettings) -> None:
        """Begin.

        Args:
            exchange: Makes the requests.
            gate: Lets them through.
            clock: For the waits.
            settings: How long one call may wait in all, and one request take.
        """
        self._exchange = exchange
        self._gate = gate
        self._clock = clock
        self._longest_wait = settings.longest_wait
        self._request_timeout = settings.request_timeout

    async def send(self, call: Call, *, repeatable: bool) -> Answer:
        """Send a call when its limits allow; the outcome stands in the answer.

        Args:
            call: What to send.
            repeatable: Whether doing it twice is the same as once.
        """
        give_up_at = self._clock.monotonic() + self._longest_wait
        answer = await self._once(call, give_up_at)
        repeats = 0
        for _ in range(_MOST_TRIES - 1):
            if isinstance(answer.error, PortThrottledError) and answer.status:
                # The next try waits for the gate, which has just learned the answer.
                pass
            elif isinstance(answer.error, PortUnavailableError) and repeatable and repeats < _MOST_REPEATS:
                repeats += 1
                await self._clock.sleep(_REPEAT_AFTER)
            else:
                return answer
            answer = await self._once(call, give_up_at)
        return answer

    async def _once(self, call: Call, give_up_at: float) -> Answer:
        # What the brake stops takes no place from those that may go.
        refusal = self._exchange.refusal(call)
        if refusal is not None:
            return Answer(status=0, error=refusal)
        entry = await self._entered(call, give_up_at)
        if entry.error is not None:
            return Answer(status=0, error=entry.error)
        answer = await self._exchange.send(call, timeout=self._request_timeout)
        await self._gate.leave(call, entry, answer)
        return answer

    async def _entered(self, call: Call, give_up_at: float) -> Entry:
        came = self._clock.monotonic()
        entry = await self._gate.enter(call, patience=give_up_at - came)
        if entry.error is not None or entry.wait <= 0:
            return entry
        try:
            while entry.wait > 0:
                await self._clock.sleep(max(entry.wait, SHORTEST_WAIT))
                entry = await self._gate.enter(call, patience=give_up_at - self._clock.monotonic())
                if entry.error is not None:
                    break
            return entry
        finally:
            self._exchange.waited(call, self._clock.monotonic() - came)
