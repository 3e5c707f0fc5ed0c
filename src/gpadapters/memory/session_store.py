"""Sessions in this process."""

import secrets
from typing import Final

from typing_extensions import override

from gpadapters.memory.expiring_states import ExpiringStates
from gpcore.domain import session_rules
from gpcore.domain.keys import session_key
from gpcore.domain.sessions import StoredSession
from gpcore.errors import PortUnavailableError
from gpcore.ports.clock import Clock
from gpcore.ports.session_store import SessionStore

_VERSIONS: Final = 2**31


class InMemorySessionStore(SessionStore):
    """Keeps sessions for one process; nothing awaits between a read and its write.

    Attributes:
        unavailable: Set it, and every call fails as if the store were down. For tests.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sessions: ExpiringStates[StoredSession] = ExpiringStates()
        self.unavailable = False

    @override
    async def create(self, kind: str, user_id: str, data: bytes, *, ttl_us: int) -> StoredSession:
        self._check_available()
        now_us = self._clock.now_us()
        version = secrets.randbelow(_VERSIONS)
        session = session_rules.started(data, version=version, now_us=now_us, ttl_us=ttl_us)
        self._keep(session_key(kind, user_id), session, now_us)
        return session

    @override
    async def read(self, kind: str, user_id: str) -> StoredSession | None:
        self._check_available()
        return session_rules.live(self._sessions.get(session_key(kind, user_id)), now_us=self._clock.now_us())

    @override
    async def replace(
        self, kind: str, user_id: str, data: bytes, *, expected_version: int, extend_us: int | None = None
    ) -> StoredSession | None:
        self._check_available()
        key = session_key(kind, user_id)
        now_us = self._clock.now_us()
        session = session_rules.replaced(
            self._sessions.get(key), data, expected_version=expected_version, now_us=now_us, extend_us=extend_us
        )
        if session is not None:
            self._keep(key, session, now_us)
        return session

    @override
    async def delete(self, kind: str, user_id: str) -> bool:
        self._check_available()
        key = session_key(kind, user_id)
        session = session_rules.live(self._sessions.get(key), now_us=self._clock.now_us())
        self._sessions.discard(key)
        return session is not None

    def _keep(self, key: str, session: StoredSession, now_us: int) -> None:
        self._sessions.put(key, session, deadline_us=session.expires_at_us, now_us=now_us)

    def _check_available(self) -> None:
        if self.unavailable:
            raise PortUnavailableError("the in-memory session store was made unavailable")
