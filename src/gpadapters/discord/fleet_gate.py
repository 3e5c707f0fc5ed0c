"""The gate that a whole fleet shares."""

from collections.abc import Awaitable
from hashlib import sha256
from typing import Final
from uuid import uuid4

from typing_extensions import override

from gpadapters.discord.answers import Answer, Call, as_object, seconds
from gpadapters.discord.errors import is_edge_block, is_global, retry_after
from gpadapters.discord.gates import Entry, Gate, used_up
from gpcore.domain.reading import integer
from gpcore.domain.request_pacing import Ask, Heard, Permit, Scope, Target, Verdict, Window
from gpcore.errors import ConfigurationError, GpError, PortError, PortRejectedError
from gpcore.ports.request_limiter import RequestLimiter

_US: Final = 1_000_000
_MS: Final = 1_000
_ROUNDED_US: Final = 1_000
"""Discord rounds to milliseconds."""

_TOO_MANY_REQUESTS: Final = 429
_REFUSED_BEFORE: Final = "Discord has refused this bot token within the last hour; set another DISCORD_BOT_TOKEN"


class FleetGate(Gate):
    """Asks the fleet's limiter, or this process's share of the limits while that cannot be reached.

    Args:
        limiter: The fleet's.
        fallback: This process's own. It hears every answer, so it knows the buckets when it is needed.
    """

    def __init__(self, limiter: RequestLimiter, fallback: RequestLimiter) -> None:
        self._limiter = limiter
        self._fallback = fallback

    @override
    async def enter(self, call: Call, *, patience: float) -> Entry:
        ask = Ask(target=_target(call), nonce=uuid4().hex, patience_us=max(0, int(patience * _US)))
        permit = await _if_available(self._limiter.reserve(ask)) or await self._fallback.reserve(ask)
        wait = permit.wait_us / _US
        if permit.verdict is Verdict.GO:
            return Entry(nonce=ask.nonce)
        return Entry(wait=wait) if permit.verdict is Verdict.WAIT else Entry(error=_refusal(call, permit, wait))

    @override
    async def leave(self, call: Call, entry: Entry, answer: Answer) -> None:
        heard = _heard(call, entry.nonce, answer)
        await self._fallback.report(heard)
        # A report that is lost frees its place later, when the limiter forgets the request.
        await _if_available(self._limiter.report(heard))


async def _if_available(work: Awaitable[Permit | None]) -> Permit | None:
    try:
        return await work
    except PortError:
        return None


def _refusal(call: Call, permit: Permit, wait: float) -> GpError:
    if permit.verdict is Verdict.TOKEN_REFUSED:
        return ConfigurationError(_REFUSED_BEFORE)
    if permit.verdict is Verdict.FORBIDDEN:
        return PortRejectedError(
            f"{call}: Discord forbade the same a moment ago; not asked again for {wait:.0f} s", code=permit.code
        )
    return used_up(call, wait)


def _target(call: Call) -> Target:
    route = call.route
    return Target(
        route=f"{route.method} {route.template}",
        major=route.major,
        resource=_name(f"{route.method} {route.path}"),
        token=_name(call.bot_token.reveal() if call.bot_token is not None else ""),
    )


def _name(text: str) -> str:
    """Return a short name that does not tell the text."""
    return sha256(text.encode()).hexdigest()[:20]


def _heard(call: Call, nonce: str, answer: Answer) -> Heard:
    scope = _scope(answer)
    return Heard(
        target=_target(call),
        nonce=nonce,
        status=answer.status,
        window=_window(answer),
        scope=scope,
        retry_after_us=0 if scope is Scope.NONE else int(retry_after(answer) * _US) + _ROUNDED_US,
        code=max(0, integer(as_object(answer.body), "code") or 0),
    )


def _scope(answer: Answer) -> Scope:
    if answer.status != _TOO_MANY_REQUESTS:
        return Scope.NONE
    if is_edge_block(answer):
        return Scope.EDGE
    if is_global(answer):
        return Scope.GLOBAL
    return Scope.SHARED if answer.headers.get("x-ratelimit-scope") == "shared" else Scope.USER


def _window(answer: Answer) -> Window | None:
    headers = answer.headers
    name = headers.get("x-ratelimit-bucket")
    limit, remaining, reset_after = (
        seconds(headers.get(f"x-ratelimit-{part}")) for part in ("limit", "remaining", "reset-after")
    )
    ends = _moment(headers.get("x-ratelimit-reset"))
    if not name or limit is None or remaining is None or reset_after is None or ends is None:
        return None
    return Window(
        bucket=_bucket(name),
        limit=max(1, int(limit)),
        remaining=int(remaining),
        reset_after_us=int(reset_after * _US),
        ends_ms=ends,
    )


def _bucket(name: str) -> str:
    """Return Discord's name of a bucket as it is, unless it is not one that Discord would give."""
    return name if name.isalnum() and len(name) <= _LONGEST_NAME else _name(name)


def _moment(text: str | None) -> int | None:
    """Return a header's moment in milliseconds since the Unix epoch, if it is a sensible one."""
    try:
        moment = float(text or "")
    except ValueError:
        return None
    return int(moment * _MS) if 0 <= moment < _LATEST else None


_LONGEST_NAME: Final = 64
_LATEST: Final = 1e11
