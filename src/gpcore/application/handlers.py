"""Handlers as they are declared and as they are compiled."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from gpcore.domain.custom_ids import CustomIdTemplate
from gpcore.domain.defer import Defer
from gpcore.domain.limits import Cooldown, Limit
from gpcore.domain.options import OptionSpec

Function = Callable[..., Awaitable[Any]]
"""A handler: an ``async def`` whose first parameter is the context. What follows depends on its
signature, so its other parameters cannot be typed here; ``binding`` checks them."""

IfStateDown = Literal["run", "wait"]
IfLimitsDown = Literal["allow", "refuse"]


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
        if_state_down: Events only: process unguarded when claims cannot be made, or wait.
        if_limits_down: Whether limits admit or refuse when they cannot be decided.
    """

    defer: Defer = field(default_factory=Defer.auto)
    cooldown: Cooldown | None = None
    limits: tuple[Limit, ...] = ()
    timeout: float | None = None
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
    """

    kind: HandlerKind
    name: str
    function: Function
    policy: Policy
    source: str
    option: str | None = None

    @property
    def description(self) -> str:
        """The docstring's first line, which users see beside a command."""
        lines = (self.function.__doc__ or "").strip().splitlines()
        return lines[0].strip() if lines else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledHandler:
    """A handler ready to run.

    Attributes:
        registration: What was declared.
        label: Its name in logs and metrics: declared names only, never an id.
        options: For commands: how parameters are filled.
        template: For components and modals.
        target: For user and message commands: the parameter that takes the target.
    """

    registration: Registration
    label: str
    options: tuple[OptionSpec, ...] = ()
    template: CustomIdTemplate | None = None
    target: str | None = None
    target_is_member: bool = False

    @property
    def policy(self) -> Policy:
        """How it is run."""
        return self.registration.policy

    @property
    def kind(self) -> HandlerKind:
        """What it answers to."""
        return self.registration.kind

    def describe(self) -> Mapping[str, object]:
        """Return what ``gp routes`` shows."""
        policy = self.policy
        return {
            "kind": self.kind.value,
            "name": self.registration.name,
            "option": self.registration.option,
            "defer": policy.defer.mode.value,
            "cooldown": policy.cooldown.seconds if policy.cooldown else None,
            "limits": [f"{limit.limit} per {limit.per:g} s" for limit in policy.limits],
            "options": [f"{spec.name}: {spec.type.name.lower()}" for spec in self.options],
            "source": self.registration.source,
            "description": self.registration.description,
        }
