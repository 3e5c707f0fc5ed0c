"""Sessions as handlers use them: a few values of one user, updated without losing a write."""

import json
from collections.abc import Callable
from typing import Any, Final, TypeVar, overload

from gpcore.application.jitter import unit
from gpcore.domain import metrics
from gpcore.domain.session_values import decode_session, encode_session
from gpcore.errors import SessionConflictError
from gpcore.ports.clock import Clock
from gpcore.ports.session_store import SessionStore
from gpcore.ports.telemetry import Telemetry

_TRIES: Final = 5
_MICROSECONDS: Final = 1_000_000
_SHORTEST_PAUSE: Final = 0.005
_LONGEST_PAUSE: Final = 0.05

Json = dict[str, Any]
Value = TypeVar("Value")


class Sessions:
    """The sessions of one user, by kind.

    A kind is a word, and its value a dict of JSON; or a class, a dataclass or a pydantic model, and
    its value an instance. A class's kind is its name unless ``kind=`` says otherwise. A value that
    cannot be read (written by another program, or by another version of the class) counts as
    missing, and is counted.
    """

    def __init__(self, store: SessionStore, user_id: str, clock: Clock, telemetry: Telemetry) -> None:
        self._store: Final = store
        self._user_id: Final = user_id
        self._clock: Final = clock
        self._telemetry: Final = telemetry

    @overload
    async def create(self, kind: str, value: Json, /, *, ttl: float) -> None: ...

    @overload
    async def create(self, value: object, /, *, ttl: float, kind: str | None = None) -> None: ...

    async def create(self, first: object, second: object = None, /, *, ttl: float, kind: str | None = None) -> None:
        """Start a session that lives ``ttl`` seconds, replacing one that exists.

        Raises:
            TypeError: The value is neither a dict, a dataclass nor a pydantic model.
            ValueError: The encoded value is larger than 16 KiB, or a field does not fit its annotation.
            PortUnavailableError: The state store did not answer.
        """
        name, value = (first, second) if isinstance(first, str) else (kind or type(first).__name__, first)
        await self._store.create(name, self._user_id, _encode(value), ttl_us=int(ttl * _MICROSECONDS))

    @overload
    async def get(self, kind: str, /) -> Json | None: ...

    @overload
    async def get(self, of: type[Value], /, *, kind: str | None = None) -> Value | None: ...

    async def get(self, of: str | type[Any], /, *, kind: str | None = None) -> Any:
        """Return the live session's value, or ``None``.

        Raises:
            PortUnavailableError: The state store did not answer.
        """
        found = await self._store.read(_name(of, kind), self._user_id)
        return None if found is None else self._decode(of, found.data)

    @overload
    async def update(
        self, kind: str, change: Callable[[Json], Json], /, *, ttl: float | None = None
    ) -> Json | None: ...

    @overload
    async def update(
        self,
        of: type[Value],
        change: Callable[[Value], Value],
        /,
        *,
        ttl: float | None = None,
        kind: str | None = None,
    ) -> Value | None: ...

    async def update(
        self,
        of: str | type[Any],
        change: Callable[[Any], Any],
        /,
        *,
        ttl: float | None = None,
        kind: str | None = None,
    ) -> Any:
        """Apply ``change`` to the value; it may run more than once, so it should only compute.

        Args:
            of: The session's kind, or its class.
            change: Takes the value and returns the new one.
            ttl: New time to live in seconds, or ``None`` to keep the expiry.
            kind: The kind of a class whose name is not it.

        Returns:
            The new value, or ``None`` if there is no such session.

        Raises:
            SessionConflictError: It kept changing; nothing was written.
            ValueError: The encoded value is larger than 16 KiB; nothing was written.
            PortUnavailableError: The state store did not answer; it may have been written.
        """
        name = _name(of, kind)
        extend_us = None if ttl is None else int(ttl * _MICROSECONDS)
        for _ in range(_TRIES):
            found = await self._store.read(name, self._user_id)
            value = None if found is None else self._decode(of, found.data)
            if found is None or value is None:
                return None
            changed = change(value)
            stored = await self._store.replace(
                name, self._user_id, _encode(changed), expected_version=found.version, extend_us=extend_us
            )
            if stored is not None:
                return changed
            await self._clock.sleep(_SHORTEST_PAUSE + (_LONGEST_PAUSE - _SHORTEST_PAUSE) * unit())
        raise SessionConflictError(f"session {name!r} changed under each of {_TRIES} updates")

    async def delete(self, of: str | type[Any], /, *, kind: str | None = None) -> bool:
        """End the session of a kind or class; ``False`` if there was none.

        Raises:
            PortUnavailableError: The state store did not answer.
        """
        return await self._store.delete(_name(of, kind), self._user_id)

    def _decode(self, of: str | type[Any], data: bytes) -> Any:  # noqa: ANN401 - a dict or an instance
        try:
            return _json_object(data) if isinstance(of, str) else decode_session(of, data)
        except ValueError:
            self._telemetry.count(metrics.UNREADABLE_SESSIONS)
            return None


def _name(of: str | type[Any], kind: str | None) -> str:
    return of if isinstance(of, str) else kind or of.__name__


def _encode(value: object) -> bytes:
    if isinstance(value, dict):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(errors="surrogatepass")
    return encode_session(value)


def _json_object(data: bytes) -> Json:
    try:
        value = json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 - what is stored is wrong, not what was called
    return value
