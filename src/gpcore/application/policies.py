"""The keyword arguments that decorators share, and what can be wrong with them.

One ``TypedDict`` for each family of handlers (PEP 692): an editor completes and checks them as if
each decorator spelt them out, and their meaning is written once, at ``Policy``.
"""

import dis
import inspect
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict

from gpcore.application.handlers import Function, HandlerKind, IfLimitsDown, IfStateDown, Policy, Registration
from gpcore.domain.command_details import CommandContextName, CommandDetails, InstallName, Localization
from gpcore.domain.defer import Defer, DeferMode
from gpcore.domain.limit_rules import MOST_RULES
from gpcore.domain.limits import Cooldown, Limit


class RunPolicy(TypedDict, total=False):
    """How any handler is run.

    Attributes:
        timeout: Seconds that it may run; the worker's default if left out, for an autocomplete 2.5 at most.
        concurrency: How many may run at a time in one worker; more wait, deferred if need be.
    """

    timeout: float | None
    concurrency: int | None


class EventPolicy(RunPolicy, total=False):
    """How an event's handler is run.

    Attributes:
        if_state_down: When claims cannot be made: ``run`` unguarded, or ``wait`` for the state.
    """

    if_state_down: IfStateDown


class AnswerPolicy(RunPolicy, total=False):
    """How a handler that answers a user is run.

    Attributes:
        defer: When the interaction is deferred.
        cooldown: One use for each user (or other scope), then none for a while.
        limits: Uses in any window; all must admit.
        if_limits_down: What to do when limits cannot be decided.
        checks: ``async def (ctx) -> bool``, asked in order before limits: ``False`` refuses, and
            what one raises counts as raised by the handler. More parameters are injected.
    """

    defer: Defer
    cooldown: Cooldown | None
    limits: Sequence[Limit]
    if_limits_down: IfLimitsDown
    checks: Sequence[Function]


class DetailsPolicy(TypedDict, total=False):
    """What Discord is told about a command, see ``CommandDetails``.

    Attributes:
        description: Instead of the docstring's first line.
        permissions: What a member needs, such as ``Permission.MANAGE_ROLES``.
        contexts: Where it can be used.
        installs: For whom the application must be installed.
        nsfw: Whether it is for age-restricted channels only.
        localizations: Its words by locale.
    """

    description: str | None
    permissions: int | None
    contexts: Sequence[CommandContextName] | None
    installs: Sequence[InstallName] | None
    nsfw: bool | None
    localizations: Mapping[str, Localization]


class CommandPolicy(AnswerPolicy, DetailsPolicy, total=False):
    """How a command is run, and what Discord is told about it."""


_SUGGESTIONS_TAKEN: Final = 3

_RUN: Final = frozenset(RunPolicy.__annotations__)
_ANSWER: Final = frozenset(AnswerPolicy.__annotations__)
_DETAILS: Final = frozenset(DetailsPolicy.__annotations__)
_ALLOWED: Final[Mapping[HandlerKind, frozenset[str]]] = {
    HandlerKind.COMMAND: _ANSWER | _DETAILS,
    HandlerKind.USER_COMMAND: _ANSWER | _DETAILS,
    HandlerKind.MESSAGE_COMMAND: _ANSWER | _DETAILS,
    HandlerKind.ENTRY_POINT: _ANSWER | _DETAILS,
    HandlerKind.AUTOCOMPLETE: _RUN,
    HandlerKind.COMPONENT: _ANSWER,
    HandlerKind.MODAL: _ANSWER,
    HandlerKind.EVENT: frozenset(EventPolicy.__annotations__),
}
_CONTEXT_LOADS: Final = ("LOAD_FAST", "LOAD_DEREF")
_ATTRIBUTE_LOADS: Final = ("LOAD_ATTR", "LOAD_METHOD")


def policy_from(kind: HandlerKind, given: Mapping[str, Any]) -> tuple[Policy, CommandDetails]:
    """Split a decorator's keyword arguments into policy and details.

    Raises:
        TypeError: This kind of handler does not take one of them.
    """
    unknown = sorted(given.keys() - _ALLOWED[kind])
    if unknown:
        allowed = ", ".join(sorted(_ALLOWED[kind]))
        raise TypeError(f"{kind.value.replace('_', ' ')} takes no {unknown[0]!r}; it takes {allowed}")
    policy = {name: _frozen(value) for name, value in given.items() if name not in _DETAILS}
    if kind is HandlerKind.AUTOCOMPLETE:
        policy["defer"] = Defer.never()
    return Policy(**policy), details_from({name: value for name, value in given.items() if name in _DETAILS})


def details_from(given: Mapping[str, Any]) -> CommandDetails:
    """Return a command's details from keyword arguments."""
    return CommandDetails(**{name: _frozen(value) for name, value in given.items()})


def check_policy(registration: Registration) -> None:
    """Refuse a policy that cannot work.

    Raises:
        RoutingError: It cannot.
    """
    policy = registration.policy
    windows = {(limit.kind, scope_name(limit.scope), limit.per_us) for limit in policy.limits}
    if len(windows) < len(policy.limits):
        raise registration.fault(
            "has two limits of the same kind, scope and period, which would count as one;"
            " functions are told apart by their names"
        )
    if len(policy.limits) + (policy.cooldown is not None) > MOST_RULES:
        raise registration.fault(f"has more than {MOST_RULES} limits")
    if policy.timeout is not None and not policy.timeout > 0:
        raise registration.fault(f"has timeout={policy.timeout}: give seconds above 0")
    if registration.kind is HandlerKind.AUTOCOMPLETE and (policy.timeout or 0) > _SUGGESTIONS_TAKEN:
        raise registration.fault(
            f"has timeout={policy.timeout}: Discord takes suggestions for {_SUGGESTIONS_TAKEN} seconds only,"
            f" give at most {_SUGGESTIONS_TAKEN}, or leave it out for 2.5"
        )
    if policy.concurrency is not None and policy.concurrency < 1:
        raise registration.fault(f"has concurrency={policy.concurrency}: give 1 or more")
    if policy.defer.mode is DeferMode.ALWAYS and opens_modal(registration.function):
        raise registration.fault(
            "calls show_modal, but is always deferred, and a modal must be the first answer:"
            " declare it with defer=Defer.never()"
        )


def scope_name(scope: object) -> str:
    """Return what a limit's scope is called in keys: its word, or its function's name where it has one."""
    if isinstance(scope, str):
        return scope
    name = getattr(scope, "__name__", "")
    return f"custom.{name}" if name.isidentifier() else "custom"


def opens_modal(function: Function) -> bool:
    """Tell whether a function itself calls ``show_modal`` on its context.

    What it calls indirectly is not looked into: that is found when it happens.
    """
    code = getattr(inspect.unwrap(function), "__code__", None)
    first = 1 if inspect.ismethod(function) else 0
    if code is None or len(code.co_varnames) <= first:
        return False
    context, loaded = code.co_varnames[first], False
    for instruction in dis.get_instructions(code):
        if loaded and instruction.opname in _ATTRIBUTE_LOADS and instruction.argval == "show_modal":
            return True
        loaded = instruction.opname.startswith(_CONTEXT_LOADS) and _last_name(instruction.argval) == context
    return False


def _last_name(loaded: str | tuple[str, ...]) -> str:
    """Return the name on top of the stack: newer Pythons load two with one instruction."""
    return loaded if isinstance(loaded, str) else loaded[-1]


def _frozen(value: Any) -> Any:  # noqa: ANN401 - any policy's value
    return tuple(value) if isinstance(value, list) else value
