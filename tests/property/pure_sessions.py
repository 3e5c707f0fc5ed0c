"""Sessions by the pure rules alone."""

from itertools import count

from gpcore.domain import session_rules
from gpcore.domain.sessions import StoredSession
from gpcore.ports.clock import Clock
from gpcore.ports.session_store import SessionStore


class PureSessions(SessionStore):
    """Applies the rules to a dictionary; what has expired stays in it and is not live."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sessions: dict[tuple[str, str], StoredSession] = {}
        self._versions = count(0, 1000)

    async def create(self, kind: str, user_id: str, data: bytes, *, ttl_us: int) -> StoredSession:
        started = session_rules.started(data, version=next(self._versions), now_us=self._clock.now_us(), ttl_us=ttl_us)
        self._sessions[kind, user_id] = started
        return started

    async def read(self, kind: str, user_id: str) -> StoredSession | None:
        return session_rules.live(self._sessions.get((kind, user_id)), now_us=self._clock.now_us())

    async def replace(
        self, kind: str, user_id: str, data: bytes, *, expected_version: int, extend_us: int | None = None
    ) -> StoredSession | None:
        after = session_rules.replaced(
            self._sessions.get((kind, user_id)),
            data,
            expected_version=expected_version,
            now_us=self._clock.now_us(),
            extend_us=extend_us,
        )
        if after is not None:
            self._sessions[kind, user_id] = after
        return after

    async def delete(self, kind: str, user_id: str) -> bool:
        was_live = await self.read(kind, user_id) is not None
        self._sessions.pop((kind, user_id), None)
        return was_live
