"""A session store behind which somebody else writes between a read and the write that follows it."""

from collections.abc import Awaitable, Callable

from gpcore.domain.sessions import StoredSession
from gpcore.ports.session_store import SessionStore


class Interfering(SessionStore):
    """Passes everything on, and interferes before every ``replace``."""

    def __init__(self, inner: SessionStore, interfere: Callable[[], Awaitable[None]]) -> None:
        self._inner = inner
        self._interfere = interfere

    async def create(self, kind: str, user_id: str, data: bytes, *, ttl_us: int) -> StoredSession:
        return await self._inner.create(kind, user_id, data, ttl_us=ttl_us)

    async def read(self, kind: str, user_id: str) -> StoredSession | None:
        return await self._inner.read(kind, user_id)

    async def replace(
        self, kind: str, user_id: str, data: bytes, *, expected_version: int, extend_us: int | None = None
    ) -> StoredSession | None:
        await self._interfere()
        return await self._inner.replace(kind, user_id, data, expected_version=expected_version, extend_us=extend_us)

    async def delete(self, kind: str, user_id: str) -> bool:
        return await self._inner.delete(kind, user_id)
