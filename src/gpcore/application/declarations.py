"""What a router was told, before anything is checked."""

import functools
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from types import FrameType
from typing import Any, Final

from gpcore.application.handlers import Function, HandlerKind, Policy, Registration
from gpcore.domain.command_details import CommandDetails
from gpcore.errors import RoutingError

_NAME: Final = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A function of the bot's that is no handler.

    Attributes:
        what: What it is, for errors: ``middleware 'timing'``.
        function: The function.
        source: ``file:line`` of it.
        names: What its annotations may name beside the globals of its module.
    """

    what: str
    function: Callable[..., Any]
    source: str
    names: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, kind: str, function: Callable[..., Any], caller: FrameType | None) -> "Declared":
        """Take note of a function where a decorator is used on it."""
        name = getattr(function, "__name__", type(function).__name__)
        return cls(
            what=f"{kind} {name!r}",
            function=function,
            source=source_of(function),
            names=names_around(function, caller),
        )

    def fault(self, problem: str) -> RoutingError:
        """Return what is wrong with it as an error."""
        return RoutingError(f"{self.source}: {self.what} {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One use of ``router.provide``.

    Attributes:
        type: What is provided.
        instance: The object, if no factory makes it.
        factory: Makes it anew for each call.
        source: ``file:line`` of the use.
    """

    type: Any
    source: str
    instance: object = None
    factory: Declared | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One use of ``router.group``: the details of a command that has subcommands, or of a group in it."""

    name: str
    details: CommandDetails
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """One use of ``router.include``."""

    declarations: "Declarations"
    prefix: str
    source: str


@dataclass(slots=True, eq=False)
class Declarations:
    """Everything that one router was told, in order; compared by identity."""

    items: list[Registration | Inclusion] = field(default_factory=list)
    middleware: list[Declared] = field(default_factory=list)
    errors: list[tuple[type[Exception], Declared]] = field(default_factory=list)
    refused: list[Declared] = field(default_factory=list)
    provisions: list[Provision] = field(default_factory=list)
    lifespans: list[Declared] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    def add_handler(
        self,
        kind: HandlerKind,
        name: str,
        function: Function,
        policy: Policy,
        details: CommandDetails,
        *,
        option: str | None = None,
        caller: FrameType | None = None,
    ) -> None:
        """Take note of a handler where a decorator is used on it."""
        self.items.append(
            Registration(
                kind=kind,
                name=name,
                function=function,
                policy=policy,
                source=source_of(function),
                option=option,
                names=names_around(function, caller),
                details=details,
            )
        )

    def registrations(self, above: tuple["Declarations", ...] = ()) -> Iterator[Registration]:
        """Yield the handlers of this router and of those it includes, as they were declared."""
        for item in self.items:
            if isinstance(item, Registration):
                yield item
            elif item.declarations not in (*above, self):
                yield from item.declarations.registrations((*above, self))


def source_of(function: Callable[..., Any]) -> str:
    """Return ``file:line`` of a function or class."""
    behind = function.func if isinstance(function, functools.partial) else function
    code = getattr(inspect.unwrap(behind), "__code__", None)
    if code is None:
        return "unknown source"
    return f"{PurePath(code.co_filename).name}:{code.co_firstlineno}"


def line_of(frame: FrameType | None) -> str:
    """Return ``file:line`` of what a frame is doing."""
    return "unknown source" if frame is None else f"{PurePath(frame.f_code.co_filename).name}:{frame.f_lineno}"


def names_around(function: Callable[..., Any], caller: FrameType | None) -> Mapping[str, object]:
    """Return the local names that a function's lazy annotations use, as they are where it is decorated.

    Types that are defined inside a function are found nowhere later.
    """
    if caller is None or "<locals>" not in getattr(function, "__qualname__", ""):
        return {}
    lazy = [text for text in getattr(function, "__annotations__", {}).values() if isinstance(text, str)]
    wanted = {name for text in lazy for name in _NAME.findall(text)}
    return {name: value for name, value in caller.f_locals.items() if name in wanted}
