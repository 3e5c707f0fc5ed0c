"""Sessions in Redis."""

import secrets
from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from gpadapters.redis.client import Field, RedisClient
from gpadapters.redis.scripted_store import ScriptedStore
from gpadapters.redis.scripts import load
from gpcore.domain.keys import session_key
from gpcore.domain.session_rules import check_data, check_lifetime
from gpcore.domain.sessions import StoredSession
from gpcore.ports.clock import Clock
from gpcore.ports.session_store import SessionStore

_VERSIONS: Final = 2**31


class RedisSessionStore(ScriptedStore, SessionStore):
    """Keeps each session in a hash; a write whose reply was lost is not repeated.

    Args:
        client: The connection.
        key_prefix: Put before every key.
        clock: Only in tests; otherwise the server's own clock decides.
    """

    def __init__(self, client: RedisClient, key_prefix: str = "", clock: Clock | None = None) -> None:
        super().__init__(client, key_prefix, clock)
        self._create: Final = load("sessions", "session_create", repeatable=False)
        self._read: Final = load("sessions", "session_read", repeatable=True)
        self._replace: Final = load("sessions", "session_replace", repeatable=False)
        self._delete: Final = load("sessions", "session_delete", repeatable=False)

    @override
    async def create(self, kind: str, user_id: str, data: bytes, *, ttl_us: int) -> StoredSession:
        check_data(data)
        check_lifetime(ttl_us)
        version = secrets.randbelow(_VERSIONS)
        arguments = (self._now(), version, data, ttl_us)
        reply = await self._client.evaluate(self._create, self._keys(kind, user_id), arguments)
        return _session(version, data, reply)

    @override
    async def read(self, kind: str, user_id: str) -> StoredSession | None:
        reply = await self._client.evaluate(self._read, self._keys(kind, user_id), (self._now(),))
        if not reply:
            return None
        version, data, *times = reply
        return _session(int(version), _bytes(data), times)

    @override
    async def replace(
        self, kind: str, user_id: str, data: bytes, *, expected_version: int, extend_us: int | None = None
    ) -> StoredSession | None:
        check_data(data)
        if extend_us is not None:
            check_lifetime(extend_us)
        extension = "" if extend_us is None else extend_us
        arguments = (self._now(), expected_version, data, extension)
        reply = await self._client.evaluate(self._replace, self._keys(kind, user_id), arguments)
        return _session(int(reply[0]), data, reply[1:]) if reply else None

    @override
    async def delete(self, kind: str, user_id: str) -> bool:
        reply = await self._client.evaluate(self._delete, self._keys(kind, user_id), (self._now(),))
        return bool(reply[0])

    def _keys(self, kind: str, user_id: str) -> list[str]:
        return [self._key(session_key(kind, user_id))]


def _session(version: int, data: bytes, times: Sequence[Field]) -> StoredSession:
    created_at, expires_at = map(int, times)
    return StoredSession(version=version, data=data, created_at_us=created_at, expires_at_us=expires_at)


def _bytes(field: Field) -> bytes:
    return field if isinstance(field, bytes) else str(field).encode()
