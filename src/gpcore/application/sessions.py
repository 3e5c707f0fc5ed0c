"""Sessions as handlers use them: JSON values of one user, updated without losing a write."""

import json
from collections.abc import Callable
from typing import Any, Final

from gpcore.application.jitter import unit
from gpcore.errors import SessionConflictError
from gpcore.ports.clock import Clock
from gpcore.ports.session_store import SessionStore

_TRIES: Final = 5
_MICROSECONDS: Final = 1_000_000
_SHORTEST_PAUSE: Final = 0.005
_LONGEST_PAUSE: Final = 0.05

Json = dict[str, Any]


class Sessions:
    """The sessions of one user, by kind.

    A value that cannot be read (written by another program) counts as missing.
    """

    def __init__(self, store: SessionStore, user_id: str, clock: Clock) -> None:
        self._store: Final = store
        self._user_id: Final = user_id
        self._clock: Final = clock

    async def create(self, kind: str, value: Json, *, ttl: float) -> None:
        """Start a session that lives ``ttl`` seconds, replacing one that exists.

        Raises:
            ValueError: The encoded value is larger than 16 KiB.
            PortUnavailableError: The state store did not answer.
        """
        await self._store.create(kind, self._user_id, _encode(value), ttl_us=int(ttl * _MICROSECONDS))

    async def get(self, kind: str) -> Json | None:
        """Return the live session's value, or ``None``."""
        found = await self._store.read(kind, self._user_id)
        return None if found is None else _decode(found.data)

    async def update(self, kind: str, change: Callable[[Json], Json], *, ttl: float | None = None) -> Json | None:
        """Apply ``change`` to the value; it may run more than once, so it should only compute.

        Args:
            kind: The session's kind.
            change: Takes the value and returns the new one.
            ttl: New time to live in seconds, or ``None`` to keep the expiry.

        Returns:
            The new value, or ``None`` if there is no such session.

        Raises:
            SessionConflictError: It kept changing; nothing was written.
            ValueError: The encoded value is larger than 16 KiB; nothing was written.
        """
        for _ in range(_TRIES):
            found = await self._store.read(kind, self._user_id)
            value = None if found is None else _decode(found.data)
            if found is None or value is None:
                return None
            changed = change(value)
            extend_us = None if ttl is None else int(ttl * _MICROSECONDS)
            stored = await self._store.replace(
                kind, self._user_id, _encode(changed), expected_version=found.version, extend_us=extend_us
            )
            if stored is not None:
                return changed
            await self._clock.sleep(_SHORTEST_PAUSE + (_LONGEST_PAUSE - _SHORTEST_PAUSE) * unit())
        raise SessionConflictError(f"session {kind!r} changed under each of {_TRIES} updates")

    async def delete(self, kind: str) -> bool:
        """End the session; ``False`` if there was none."""
        return await self._store.delete(kind, self._user_id)


def _encode(value: Json) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(errors="surrogatepass")


def _decode(data: bytes) -> Json | None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
