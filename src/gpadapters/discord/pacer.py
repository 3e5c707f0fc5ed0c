"""Requests that wait for Discord's rate limits and are repeated where that is harmless."""

from typing import Final

from gpadapters.discord.answers import Answer, Call
from gpadapters.discord.buckets import Buckets
from gpadapters.discord.errors import retry_after
from gpadapters.discord.exchange import DiscordExchange
from gpcore.errors import PortThrottledError, PortUnavailableError
from gpcore.ports.clock import Clock

_MOST_TRIES: Final = 4
_MOST_REPEATS: Final = 1
_REPEAT_AFTER: Final = 0.25
_SHORTEST_WAIT: Final = 0.01


class Pacer:
    """Sends calls of one kind in the order of their rate limits.

    A 429 means that nothing was done, so such a call is repeated after the wait that Discord asks
    for, whatever it does. A call whose effect is unknown is repeated once, and only if its caller
    says that this is harmless.
    """

    def __init__(self, exchange: DiscordExchange, clock: Clock, *, longest_wait: float, request_timeout: float) -> None:
        """Start with no knowledge of any limit.

        Args:
            exchange: Makes the requests.
            clock: For the waits.
            longest_wait: Seconds that one call may wait in all.
            request_timeout: Seconds for one request.
        """
        self._exchange = exchange
        self._clock = clock
        self._longest_wait = longest_wait
        self._request_timeout = request_timeout
        self._buckets = Buckets()
        self._all_blocked_until = 0.0

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
                # The next try waits for the bucket, which has just learned the answer.
                pass
            elif isinstance(answer.error, PortUnavailableError) and repeatable and repeats < _MOST_REPEATS:
                repeats += 1
                await self._clock.sleep(_REPEAT_AFTER)
            else:
                return answer
            answer = await self._once(call, give_up_at)
        return answer

    async def _once(self, call: Call, give_up_at: float) -> Answer:
        while (wait := self._wait(call)) > 0:
            if self._clock.monotonic() + wait > give_up_at:
                return Answer(status=0, error=PortThrottledError(f"{call} has used up its limit", retry_after=wait))
            await self._clock.sleep(max(wait, _SHORTEST_WAIT))
        answer = await self._exchange.send(call, timeout=self._request_timeout)
        self._learn(call, answer)
        return answer

    def _wait(self, call: Call) -> float:
        now = self._clock.monotonic()
        if now < self._all_blocked_until:
            return self._all_blocked_until - now
        return self._buckets.take(call.route, now=now)

    def _learn(self, call: Call, answer: Answer) -> None:
        now = self._clock.monotonic()
        self._buckets.learn(call.route, answer, now=now)
        if not isinstance(answer.error, PortThrottledError) or not answer.status:
            return
        until = now + max(retry_after(answer), _SHORTEST_WAIT)
        if answer.headers.get("x-ratelimit-scope") == "global" or "x-ratelimit-global" in answer.headers:
            self._all_blocked_until = max(self._all_blocked_until, until)
        else:
            self._buckets.block(call.route, until=until)
