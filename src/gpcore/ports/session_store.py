"""Sessions, shared by the whole fleet."""

from abc import ABC, abstractmethod

from gpcore.domain.sessions import StoredSession


class SessionStore(ABC):
    """Keeps one small value per (type, user) with a version.

    Guarantees:
        - ``replace`` writes only over the version that it was given, so no update is lost.
        - A write never prolongs a session unless asked, and never revives one that is gone.
        - A session too large is refused and the stored one stays as it was.
        - The value of one user is never visible under another's key.
        - Time is the store's own.
    """

    __slots__ = ()

    @abstractmethod
    async def create(self, kind: str, user_id: str, data: bytes, *, ttl_us: int) -> StoredSession:
        """Start a session, replacing one that exists.

        Raises:
            ValueError: More than ``LARGEST_SESSION`` bytes, or a ``ttl_us`` below 1; nothing was written.
            PortUnavailableError: The store did not answer; it may have been written.
        """

    @abstractmethod
    async def read(self, kind: str, user_id: str) -> StoredSession | None:
        """Return the live session, or ``None``.

        Raises:
            PortUnavailableError: The store did not answer.
        """

    @abstractmethod
    async def replace(
        self, kind: str, user_id: str, data: bytes, *, expected_version: int, extend_us: int | None = None
    ) -> StoredSession | None:
        """Write over ``expected_version``; ``None`` if the session is gone or has another version.

        Args:
            kind: The session's type.
            user_id: Whose it is.
            data: At most ``LARGEST_SESSION`` bytes.
            expected_version: The version that was read.
            extend_us: New time to live from now, or ``None`` to keep the expiry.

        Raises:
            ValueError: More than ``LARGEST_SESSION`` bytes, or an ``extend_us`` below 1; nothing was written.
            PortUnavailableError: The store did not answer; it may have been written.
        """

    @abstractmethod
    async def delete(self, kind: str, user_id: str) -> bool:
        """End the session; ``False`` if there was none.

        Raises:
            PortUnavailableError: The store did not answer; it may be gone.
        """
