"""Handlers as they are declared and as they are compiled."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal

from gpcore.application.injection import Injected
from gpcore.domain.command_details import NO_DETAILS, CommandDetails
from gpcore.domain.custom_ids import CustomIdTemplate
from gpcore.domain.defer import Defer
from gpcore.domain.limits import Cooldown, Limit
from gpcore.domain.options import OptionSpec
from gpcore.errors import GpError, OptionError, Reject, RetryLater, RoutingError, UserError

Function = Callable[..., Awaitable[Any]]
"""A handler: an ``async def`` whose first parameter is the context. What follows depends on its
signature, so its other parameters cannot be typed here; ``binding`` checks them."""

IfStateDown = Literal["run", "wait"]
IfLimitsDown = Literal["allow", "refuse"]


_MEANT: Final = (UserError, OptionError, RetryLater, Reject)
"""What says by itself how it is to be dealt with."""


class HandlerKind(StrEnum):
    """What a handler answers to."""

    COMMAND = "command"
    USER_COMMAND = "user_command"
    MESSAGE_COMMAND = "message_command"
    ENTRY_POINT = "entry_point"
    AUTOCOMPLETE = "autocomplete"
    COMPONENT = "component"
    MODAL = "modal"
    EVENT = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a handler is run.

    Attributes:
        defer: When its interaction is deferred.
        cooldown: One use, then none for a while.
        limits: Uses in any window; all must admit.
        timeout: Seconds from its start, ``None`` for the worker's default.
        concurrency: Runs at a time in one worker; ``None`` for as many as the worker has slots.
        checks: Asked before limits and handler: each admits, refuses, or raises.
        if_state_down: Events only: process unguarded when claims cannot be made, or wait.
        if_limits_down: Whether limits admit or refuse when they cannot be decided.
    """

    defer: Defer = field(default_factory=Defer.auto)
    cooldown: Cooldown | None = None
    limits: tuple[Limit, ...] = ()
    timeout: float | None = None
    concurrency: int | None = None
    checks: tuple[Function, ...] = ()
    if_state_down: IfStateDown = "run"
    if_limits_down: IfLimitsDown = "allow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One use of a decorator, before annotations are resolved.

    Attributes:
        kind: What it answers to.
        name: Command path, custom id template, or event type.
        option: For autocomplete: the option it suggests for.
        function: The handler.
        policy: How it is run.
        source: ``file:line`` of the function.
        names: What its annotations may name beside the globals of its module.
        details: For commands: what Discord is told beside its options.
    """

    kind: HandlerKind
    name: str
    function: Function
    policy: Policy
    source: str
    option: str | None = None
    names: Mapping[str, object] = field(default_factory=dict)
    details: CommandDetails = NO_DETAILS

    @property
    def what(self) -> str:
        """What it is, for errors: ``user command 'Report'``."""
        return f"{self.kind.value.replace('_', ' ')} {self.name!r}"

    @property
    def description(self) -> str:
        """What users see beside a command: as declared, or the docstring's first line."""
        if self.details.description is not None:
            return self.details.description
        lines = (self.function.__doc__ or "").strip().splitlines()
        return lines[0].strip() if lines else ""

    def fault(self, problem: str) -> RoutingError:
        """Return what is wrong with it as an error."""
        return RoutingError(f"{self.source}: {self.what} {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Callee:
    """A function of the bot's that is called around a handler.

    Attributes:
        function: The function.
        name: As its author knows it.
        source: ``file:line`` of it.
        injected: Parameters that providers fill.
    """

    function: Function
    name: str
    source: str
    injected: Injected = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorHandler:
    """What ``router.error(catches)`` declared."""

    catches: type[Exception]
    callee: Callee


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a router and those that include it put around each of their handlers.

    Attributes:
        middleware: Outermost first.
        errors: For each router, innermost first: its error handlers.
        refused: Told instead of the user when a limit refuses, the innermost router's.
    """

    middleware: tuple[Callee, ...] = ()
    errors: tuple[tuple[ErrorHandler, ...], ...] = ()
    refused: Callee | None = None

    def catching(self, error: Exception) -> Callee | None:
        """Return the error handler for an error: the innermost router's that has one, its most specific."""
        kinds = _kinds_caught(error)
        for handlers in self.errors:
            by_type = {handler.catches: handler.callee for handler in handlers}
            for kind in kinds:
                if kind in by_type:
                    return by_type[kind]
        return None


def _kinds_caught(error: Exception) -> tuple[type, ...]:
    """Return the types that an error handler may name to get an error, the most specific first.

    One for ``Exception`` is for the unexpected: it does not get what a handler raises to say what is to be done.
    """
    kinds = type(error).__mro__
    return kinds[: kinds.index(GpError)] if isinstance(error, _MEANT) else kinds


NOTHING_AROUND: Final = Surroundings()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledHandler:
    """A handler ready to run.

    Attributes:
        registration: What was declared.
        label: Its name in logs and metrics: declared names only, never an id.
        options: For commands: how parameters are filled.
        template: For components and modals.
        target: For user and message commands: the parameter that takes the target.
        injected: Parameters that providers fill.
        checks: Asked before it runs.
        around: What its routers put around it.
    """

    registration: Registration
    label: str
    options: tuple[OptionSpec, ...] = ()
    template: CustomIdTemplate | None = None
    target: str | None = None
    target_is_member: bool = False
    injected: Injected = ()
    checks: tuple[Callee, ...] = ()
    around: Surroundings = NOTHING_AROUND

    @property
    def policy(self) -> Policy:
        """How it is run."""
        return self.registration.policy

    @property
    def kind(self) -> HandlerKind:
        """What it answers to."""
        return self.registration.kind

    def name_of(self, option: str, locale: str | None) -> str:
        """Return an option's name as a user with this language sees it; one that is not known has only the given."""
        return next((spec.shown_as(locale) for spec in self.options if spec.name == option), option)

    def describe(self) -> Mapping[str, object]:
        """Return what ``gp routes`` shows."""
        policy, around = self.policy, self.around
        return {
            "kind": self.kind.value,
            "name": self.registration.name,
            "option": self.registration.option,
            "defer": policy.defer.mode.value,
            "cooldown": policy.cooldown.seconds if policy.cooldown else None,
            "limits": [str(limit) for limit in policy.limits],
            "timeout": policy.timeout,
            "concurrency": policy.concurrency,
            "checks": [check.name for check in self.checks],
            "options": [f"{spec.name}: {spec.type.name.lower()}" for spec in self.options],
            "injected": [f"{name}: {provider.name}" for name, provider in self.injected],
            "middleware": [callee.name for callee in around.middleware],
            "errors": [f"{one.catches.__name__}: {one.callee.name}" for handlers in around.errors for one in handlers],
            "refused": around.refused.name if around.refused is not None else None,
            "source": self.registration.source,
            "description": self.registration.description,
        }
