"""How a session may change.

A session is gone at exactly ``expires_at_us``. A write over a version makes the next one; only an
explicit extension moves the expiry.
"""

from dataclasses import replace

from gpcore.domain.sessions import LARGEST_SESSION, StoredSession


def started(data: bytes, *, version: int, now_us: int, ttl_us: int) -> StoredSession:
    """Return a new session.

    Raises:
        ValueError: Too much data, or a time to live below 1.
    """
    check_data(data)
    check_lifetime(ttl_us)
    return StoredSession(version=version, data=data, created_at_us=now_us, expires_at_us=now_us + ttl_us)


def live(session: StoredSession | None, *, now_us: int) -> StoredSession | None:
    """Return the session unless it has expired."""
    return session if session is not None and now_us < session.expires_at_us else None


def replaced(
    session: StoredSession | None, data: bytes, *, expected_version: int, now_us: int, extend_us: int | None
) -> StoredSession | None:
    """Return the next version, or ``None`` if the session is gone or has another version.

    Raises:
        ValueError: Too much data, or an extension below 1.
    """
    check_data(data)
    if extend_us is not None:
        check_lifetime(extend_us)
    current = live(session, now_us=now_us)
    if current is None or current.version != expected_version:
        return None
    expires_at_us = current.expires_at_us if extend_us is None else now_us + extend_us
    return replace(current, version=current.version + 1, data=data, expires_at_us=expires_at_us)


def check_data(data: bytes) -> None:
    """Refuse more than ``LARGEST_SESSION`` bytes.

    Raises:
        ValueError: It is more.
    """
    if len(data) > LARGEST_SESSION:
        raise ValueError(f"a session of {len(data)} bytes; at most {LARGEST_SESSION} are kept")


def check_lifetime(ttl_us: int) -> None:
    """Refuse a time to live that is over before it starts.

    Raises:
        ValueError: Below 1 microsecond.
    """
    if ttl_us < 1:
        raise ValueError(f"a session cannot live for {ttl_us} microseconds")
