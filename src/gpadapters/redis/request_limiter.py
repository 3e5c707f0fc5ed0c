"""The rate limits of the bot token in Redis."""

from typing import Final

from typing_extensions import override

from gpadapters.redis.client import Field, RedisClient
from gpadapters.redis.connecting import Argument
from gpadapters.redis.scripted_store import ScriptedStore
from gpadapters.redis.scripts import load
from gpcore.domain.keys import fleet_key, fleet_log_key, major_key
from gpcore.domain.request_pacing import MOST_PER_SECOND, Ask, Heard, Permit, Verdict, Window
from gpcore.ports.clock import Clock
from gpcore.ports.request_limiter import RequestLimiter


class RedisRequestLimiter(ScriptedStore, RequestLimiter):
    """Decides in one script, learns in another; the keys of one bot share a slot.

    Args:
        client: The connection.
        application_id: Whose limits they are.
        key_prefix: Put before every key.
        clock: Only in tests; otherwise the server's own clock decides.
    """

    def __init__(
        self, client: RedisClient, application_id: str, key_prefix: str = "", clock: Clock | None = None
    ) -> None:
        super().__init__(client, key_prefix, clock)
        self._application_id: Final = application_id
        self._reserve: Final = load("admission", "window", "request_limits", "reserve", repeatable=True)
        self._report: Final = load("request_limits", "report", repeatable=True)

    @override
    async def reserve(self, ask: Ask) -> Permit:
        target = ask.target
        keys = [
            self._key(fleet_key(self._application_id)),
            self._key(fleet_log_key(self._application_id)),
            self._key(major_key(self._application_id, target.major)),
        ]
        arguments = (
            *(self._now(), ask.nonce, ask.patience_us, target.route, target.resource, target.token),
            MOST_PER_SECOND,
        )
        verdict, now_us, wait_us, code = await self._client.evaluate(self._reserve, keys, arguments)
        return Permit(verdict=Verdict(_text(verdict)), now_us=int(now_us), wait_us=int(wait_us), code=int(code))

    @override
    async def report(self, heard: Heard) -> None:
        target = heard.target
        keys = [self._key(fleet_key(self._application_id)), self._key(major_key(self._application_id, target.major))]
        arguments = (
            *(self._now(), heard.nonce, target.route, target.resource, target.token),
            *(heard.status, heard.scope.value, heard.retry_after_us, heard.code),
            *_window(heard.window),
        )
        await self._client.evaluate(self._report, keys, arguments)


def _window(window: Window | None) -> tuple[Argument, ...]:
    if window is None:
        return ("",) * 5
    return window.bucket, window.limit, window.remaining, window.reset_after_us, window.ends_ms


def _text(field: Field) -> str:
    return field.decode() if isinstance(field, bytes) else str(field)
