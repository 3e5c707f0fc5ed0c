"""The router: decorators that collect a bot's handlers."""

import inspect
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import TypeVar

from gpcore.application.binding import bind
from gpcore.application.custom_id_handlers import CustomIdHandler
from gpcore.application.handlers import Function, HandlerKind, IfLimitsDown, IfStateDown, Policy, Registration
from gpcore.application.routes import Routes
from gpcore.application.texts import Texts
from gpcore.domain.defer import Defer
from gpcore.domain.limits import Cooldown, Limit
from gpcore.errors import RoutingError

AnyFunction = TypeVar("AnyFunction", bound=Function)
_AUTO = Defer.auto()
_NEVER = Defer.never()


class Router:
    """Collects handlers; nothing is checked before ``compile``, which a worker calls at start.

    Args:
        texts: What gp itself says to users, in the bot's own words.
    """

    def __init__(self, *, texts: Texts | None = None) -> None:
        self._texts = texts
        self._registrations: list[Registration] = []

    @property
    def registrations(self) -> tuple[Registration, ...]:
        """What was declared so far, in order."""
        return tuple(self._registrations)

    def command(
        self,
        name: str,
        *,
        defer: Defer = _AUTO,
        cooldown: Cooldown | None = None,
        limits: Sequence[Limit] = (),
        timeout: float | None = None,
        if_limits_down: IfLimitsDown = "allow",
    ) -> Callable[[AnyFunction], AnyFunction]:
        """Answer a chat-input command: ``name``, ``name sub`` or ``name group sub``.

        Args:
            name: Words as registered with Discord, separated by one space.
            defer: When the interaction is deferred.
            cooldown: One use for each user (or other scope), then none for a while.
            limits: Uses in any window; all must admit.
            timeout: Seconds that the handler may run.
            if_limits_down: What to do when limits cannot be decided.
        """
        policy = Policy(
            defer=defer, cooldown=cooldown, limits=tuple(limits), timeout=timeout, if_limits_down=if_limits_down
        )
        return self._register(HandlerKind.COMMAND, name, policy)

    def user_command(
        self, name: str, *, defer: Defer = _AUTO, cooldown: Cooldown | None = None, timeout: float | None = None
    ) -> Callable[[AnyFunction], AnyFunction]:
        """Answer an entry of the context menu of users; the handler takes the target ``User`` or ``Member``."""
        return self._register(HandlerKind.USER_COMMAND, name, Policy(defer=defer, cooldown=cooldown, timeout=timeout))

    def message_command(
        self, name: str, *, defer: Defer = _AUTO, cooldown: Cooldown | None = None, timeout: float | None = None
    ) -> Callable[[AnyFunction], AnyFunction]:
        """Answer an entry of the context menu of messages; the handler takes the target as Discord's object."""
        return self._register(
            HandlerKind.MESSAGE_COMMAND, name, Policy(defer=defer, cooldown=cooldown, timeout=timeout)
        )

    def entry_point(self, name: str, *, defer: Defer = _AUTO) -> Callable[[AnyFunction], AnyFunction]:
        """Answer the command that opens the application's activity."""
        return self._register(HandlerKind.ENTRY_POINT, name, Policy(defer=defer))

    def autocomplete(self, name: str, option: str) -> Callable[[AnyFunction], AnyFunction]:
        """Suggest values for an option of a command; the handler takes what was typed and returns choices."""
        return self._register(HandlerKind.AUTOCOMPLETE, name, Policy(defer=_NEVER), option=option)

    def component(
        self,
        template: str,
        *,
        defer: Defer = _AUTO,
        cooldown: Cooldown | None = None,
        limits: Sequence[Limit] = (),
        timeout: float | None = None,
    ) -> Callable[[Function], CustomIdHandler]:
        """Answer buttons and selects whose custom id matches ``template``."""
        policy = Policy(defer=defer, cooldown=cooldown, limits=tuple(limits), timeout=timeout)
        return self._register_custom_id(HandlerKind.COMPONENT, template, policy)

    def modal(
        self, template: str, *, defer: Defer = _AUTO, timeout: float | None = None
    ) -> Callable[[Function], CustomIdHandler]:
        """Answer sent forms whose custom id matches ``template``."""
        return self._register_custom_id(HandlerKind.MODAL, template, Policy(defer=defer, timeout=timeout))

    def event(
        self, name: str, *, timeout: float | None = None, if_state_down: IfStateDown = "run"
    ) -> Callable[[AnyFunction], AnyFunction]:
        """Process an event: ``member.join``, ``guild.leave``, … or any dispatch by Discord's name.

        Args:
            name: The event's type.
            timeout: Seconds that the handler may run.
            if_state_down: When claims cannot be made: ``run`` unguarded, or ``wait`` for the state.
        """
        return self._register(HandlerKind.EVENT, name, Policy(timeout=timeout, if_state_down=if_state_down))

    def include(self, other: "Router") -> None:
        """Take over every handler of another router."""
        self._registrations.extend(other.registrations)

    def compile(self) -> Routes:
        """Check every handler and return the table that finds them.

        Raises:
            RoutingError: Every mistake found, a line each, with file and line.
        """
        faults: list[str] = []
        routes = Routes(self._texts)
        for registration in self._registrations:
            try:
                routes.add(bind(registration))
            except RoutingError as error:
                faults.append(str(error))
        faults.extend(routes.loose_ends())
        if faults:
            raise RoutingError("\n".join(faults))
        return routes

    def _register(
        self, kind: HandlerKind, name: str, policy: Policy, *, option: str | None = None
    ) -> Callable[[AnyFunction], AnyFunction]:
        def decorate(function: AnyFunction) -> AnyFunction:
            self._add(kind, name, policy, function, option)
            return function

        return decorate

    def _register_custom_id(
        self, kind: HandlerKind, template: str, policy: Policy
    ) -> Callable[[Function], CustomIdHandler]:
        def decorate(function: Function) -> CustomIdHandler:
            self._add(kind, template, policy, function, None)
            return CustomIdHandler(function, template)

        return decorate

    def _add(self, kind: HandlerKind, name: str, policy: Policy, function: Function, option: str | None) -> None:
        self._registrations.append(
            Registration(
                kind=kind, name=name, function=function, policy=policy, source=_source(function), option=option
            )
        )


def _source(function: Function) -> str:
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None:
        return "unknown source"
    return f"{PurePath(code.co_filename).name}:{code.co_firstlineno}"
