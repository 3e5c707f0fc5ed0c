"""The lines from a worker to what is outside: they can be cut, made to fail, and tell who said what."""

import functools
import inspect
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

from typing_extensions import override

from gpcore.domain.secrets import Secret
from gpcore.errors import PortUnavailableError

Port = TypeVar("Port")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a port.

    Attributes:
        operation: The port's name and the method's, such as ``members.add_role``.
        arguments: By name.
        effective: Whether it had its effect; also when only its answer was lost.
        result: What it returned.
        error: What it raised.
    """

    operation: str
    arguments: Mapping[str, Any]
    effective: bool = True
    result: Any = None
    error: Exception | None = None

    @property
    def token(self) -> Secret | None:
        """The interaction token that it was made with."""
        found = self.arguments.get("token")
        return found if isinstance(found, Secret) else None

    @override
    def __str__(self) -> str:
        callback = self.arguments.get("callback")
        message = self.arguments.get("message") or (callback.message if callback is not None else None)
        words = [self.operation]
        words += [callback.type.name.lower()] if callback is not None else []
        words += [repr(message.content)] if message is not None and message.content else []
        words += [f"-> {type(self.error).__name__}: {self.error}"] if self.error is not None else []
        return " ".join(words)


Hear = Callable[[Call], None]


@dataclass(slots=True, kw_only=True)
class Line:
    """What all calls of one kind have in common, whichever worker makes them.

    Attributes:
        peer: Its name, for errors.
        hear: Takes every call when it has ended.
        down: Whether the peer cannot be reached.
        failures: Errors for the next calls, each with whether the call has its effect all the same.
    """

    peer: str
    hear: Hear
    down: bool = False
    failures: deque[tuple[Exception, bool]] = field(default_factory=deque)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """All of a fleet's lines."""

    state: Line
    discord: Line
    broker: Line


@dataclass(slots=True)
class WorkerEnd:
    """A worker's end of its lines.

    Attributes:
        cut: Whether the worker is dead.
    """

    cut: bool = False


class _Connected:
    """Stands for a port and sends every call over a line."""

    def __init__(self, port: object, name: str, line: Line, end: WorkerEnd) -> None:
        self._port: Final = port
        self._name: Final = name
        self._line: Final = line
        self._end: Final = end

    def __getattr__(self, method: str) -> Any:  # noqa: ANN401 - the port's own methods, whatever they are
        found = getattr(self._port, method)
        return functools.partial(self._call, method, found) if inspect.iscoroutinefunction(found) else found

    async def _call(self, method: str, function: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - passes the port's own through
        effects: list[Any] = []
        failure: Exception | None = None
        try:
            await self._carry(functools.partial(function, *args, **kwargs), effects)
        except Exception as error:
            failure = error
            raise
        finally:
            self._line.hear(
                Call(
                    operation=f"{self._name}.{method}",
                    arguments=inspect.signature(function).bind(*args, **kwargs).arguments,
                    effective=bool(effects),
                    result=effects[0] if effects else None,
                    error=failure,
                )
            )
        return effects[0]

    async def _carry(self, work: Callable[[], Awaitable[Any]], effects: list[Any]) -> None:
        line = self._line
        if self._end.cut:
            raise PortUnavailableError("this worker was killed: nothing that it does has an effect")
        if line.down:
            raise PortUnavailableError(f"the test has made {line.peer} unavailable")
        error, after_effect = line.failures.popleft() if line.failures else (None, True)
        if after_effect:
            effects.append(await work())
        if error is not None:
            raise error


def connected(port: Port, name: str, line: Line, end: WorkerEnd) -> Port:
    """Return the port as a worker reaches it over its end of a line."""
    return cast("Port", _Connected(port, name, line, end))
