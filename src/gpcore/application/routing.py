"""The router: decorators that collect a bot's handlers."""

import inspect
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any, Final, TypeVar, Unpack, overload

from gpcore.application.compiling import compile_routes
from gpcore.application.custom_id_handlers import CustomIdHandler, undecorated
from gpcore.application.declarations import (
    Declarations,
    Declared,
    Group,
    Inclusion,
    Provision,
    line_of,
)
from gpcore.application.handlers import Function, HandlerKind, Registration
from gpcore.application.middleware import Middleware
from gpcore.application.policies import (
    AnswerPolicy,
    CommandPolicy,
    DetailsPolicy,
    EventPolicy,
    RunPolicy,
    details_from,
    policy_from,
)
from gpcore.application.routes import Routes
from gpcore.application.texts import Texts, Wordings

AnyFunction = TypeVar("AnyFunction", bound=Function)
AnyMiddleware = TypeVar("AnyMiddleware", bound=Middleware)
AnyGenerator = TypeVar("AnyGenerator", bound=Callable[..., Any])


class Router:
    """Collects handlers; nothing is checked before ``compile``, which a worker calls at start.

    What the decorators' keyword arguments mean is said at ``RunPolicy``, ``AnswerPolicy``,
    ``DetailsPolicy`` and ``EventPolicy``.

    Args:
        texts: What gp itself says to users in the bot's own words, or those of several languages
            by Discord's locale, with gp's own for the others: ``{"de": Texts(done="Fertig.")}``.
            Only those of the router that a worker runs count.
    """

    def __init__(self, *, texts: Texts | Mapping[str, Texts] | None = None) -> None:
        self._texts: Final = texts
        self._declared: Final = Declarations()

    @property
    def declarations(self) -> Declarations:
        """Everything that the router was told so far."""
        return self._declared

    @property
    def registrations(self) -> tuple[Registration, ...]:
        """The handlers declared so far, in order, those of included routers among them."""
        return tuple(self._declared.registrations())

    def command(self, name: str, **policy: Unpack[CommandPolicy]) -> Callable[[AnyFunction], AnyFunction]:
        """Answer a chat-input command.

        Args:
            name: Words as registered with Discord, separated by one space: ``name``, ``name sub``
                or ``name group sub``.
            policy: How it is run, and what Discord is told about it.
        """
        return self._register(HandlerKind.COMMAND, name, policy)

    def user_command(self, name: str, **policy: Unpack[CommandPolicy]) -> Callable[[AnyFunction], AnyFunction]:
        """Answer an entry of the context menu of users; the handler takes the target ``User`` or ``Member``."""
        return self._register(HandlerKind.USER_COMMAND, name, policy)

    def message_command(self, name: str, **policy: Unpack[CommandPolicy]) -> Callable[[AnyFunction], AnyFunction]:
        """Answer an entry of the context menu of messages; the handler takes the target as Discord's object."""
        return self._register(HandlerKind.MESSAGE_COMMAND, name, policy)

    def entry_point(self, name: str, **policy: Unpack[CommandPolicy]) -> Callable[[AnyFunction], AnyFunction]:
        """Answer the command that opens the application's activity."""
        return self._register(HandlerKind.ENTRY_POINT, name, policy)

    def autocomplete(self, name: str, option: str, **policy: Unpack[RunPolicy]) -> Callable[[AnyFunction], AnyFunction]:
        """Suggest values for an option of a command; the handler takes what was typed and returns choices."""
        return self._register(HandlerKind.AUTOCOMPLETE, name, policy, option=option)

    def component(self, template: str, **policy: Unpack[AnswerPolicy]) -> Callable[[Function], CustomIdHandler]:
        """Answer buttons and selects whose custom id matches ``template``.

        A function may have several; ``id`` then makes the custom ids of the uppermost.
        """
        return self._register_custom_id(HandlerKind.COMPONENT, template, policy)

    def modal(self, template: str, **policy: Unpack[AnswerPolicy]) -> Callable[[Function], CustomIdHandler]:
        """Answer sent forms whose custom id matches ``template``."""
        return self._register_custom_id(HandlerKind.MODAL, template, policy)

    def event(self, name: str, **policy: Unpack[EventPolicy]) -> Callable[[AnyFunction], AnyFunction]:
        """Process an event.

        Args:
            name: ``member.join``, ``guild.leave``, … for a typed event, or any dispatch by
                Discord's name (``GUILD_ROLE_CREATE``), which comes as a ``Dispatch``.
            policy: How it is run.
        """
        return self._register(HandlerKind.EVENT, name, policy)

    def group(self, name: str, **details: Unpack[DetailsPolicy]) -> None:
        """Describe a command that has subcommands (``wallet``), or a group in one (``wallet admin``)."""
        source = line_of(_caller())
        self._declared.groups.append(Group(name=name, details=details_from(details), source=source))

    def error(self, kind: type[Exception]) -> Callable[[AnyFunction], AnyFunction]:
        """Handle what this router's handlers raise: ``async def (ctx, error)``.

        The innermost router that has a handler for the exception's type or one of its bases is
        asked, and its most specific handler. ``UserError``, ``OptionError``, ``RetryLater`` and ``Reject``
        say themselves what is to be done: only handlers that name these, or types derived from
        them, get them, not one for ``Exception`` or ``GpError``.

        An error handler may answer like a handler; a text that it returns is shown to the user
        alone. If it says nothing, the user is told that something went wrong. What it raises itself
        is treated as if no error handler existed. An event counts as handled.
        """

        def decorate(function: AnyFunction) -> AnyFunction:
            declared = Declared.of("error handler", function, _caller())
            self._declared.errors.append((kind, declared))
            return function

        return decorate

    def use(self, middleware: AnyMiddleware) -> AnyMiddleware:
        """Put a middleware around this router's handlers, inside those used before; see ``Middleware``."""
        self._declared.middleware.append(Declared.of("middleware", middleware, _caller()))
        return middleware

    def refused(self, function: AnyFunction) -> AnyFunction:
        """Answer instead of gp when a limit or cooldown refuses: ``async def (ctx, refusal: Refusal)``.

        A text that it returns is shown to the user alone; if it says nothing, gp does.
        """
        self._declared.refused.append(Declared.of("refused handler", function, _caller()))
        return function

    def lifespan(self, function: AnyGenerator) -> AnyGenerator:
        """Open something before the worker consumes and close it after the drain.

        An async generator with one ``yield``, whose annotation says what it provides by type:
        ``AsyncIterator[Pool]``, ``AsyncIterator[tuple[Pool, Client]]`` or ``AsyncIterator[None]``.
        Its parameters are injected, from lifespans declared before it too.
        """
        self._declared.lifespans.append(Declared.of("lifespan", function, _caller()))
        return function

    @overload
    def provide(self, instance: object, /) -> None: ...

    @overload
    def provide(self, kind: Any, factory: Callable[..., Any], /) -> None: ...  # noqa: ANN401 - abstract classes too

    def provide(self, kind: Any, factory: Callable[..., Any] | None = None, /) -> None:
        """Provide something for parameters of its type, in this router and those it includes.

        Either an instance, or a type with a factory that is asked once for each call of a handler:
        a function or class, sync or async, an async generator with one ``yield``, or a function
        that returns an async context manager, both of which end after the handler. The factory's
        own parameters are injected; one that is annotated with a context gets the handler's.

        Raises:
            TypeError: A class came without a factory.
        """
        source = line_of(_caller())
        if factory is None:
            if isinstance(kind, type):
                raise TypeError(f"router.provide({kind.__name__}): give an instance, or a factory as second argument")
            self._declared.provisions.append(Provision(type=type(kind), instance=kind, source=source))
            return
        declared = Declared.of("provider", factory, _caller())
        self._declared.provisions.append(Provision(type=kind, factory=declared, source=source))

    def include(self, other: "Router", *, prefix: str = "") -> None:
        """Take over every handler of another router, also those that it gets later.

        This router's middleware goes around the other's, its error handlers come after, and its
        providers are there for the other's handlers unless those have their own.

        Args:
            other: The router.
            prefix: One or two words before the names of its commands and their autocompletes.
                Custom ids, context menus and events keep their names, so ``handler.id(…)`` holds.
        """
        self._declared.items.append(
            Inclusion(declarations=other.declarations, prefix=prefix, source=line_of(_caller()))
        )

    def compile(self) -> Routes:
        """Check every handler and return the table that finds them.

        Raises:
            RoutingError: Every mistake found, a line each, with file and line.
        """
        texts = self._texts
        if isinstance(texts, Mapping):
            wordings = Wordings(by_locale=dict(texts))
        else:
            wordings = Wordings() if texts is None else Wordings(default=texts)
        return compile_routes(self._declared, wordings)

    def _register(
        self, kind: HandlerKind, name: str, policy: Mapping[str, Any], *, option: str | None = None
    ) -> Callable[[AnyFunction], AnyFunction]:
        checked, details = policy_from(kind, policy)

        def decorate(function: AnyFunction) -> AnyFunction:
            bare = undecorated(function)
            self._declared.add_handler(kind, name, bare, checked, details, option=option, caller=_caller())
            return function

        return decorate

    def _register_custom_id(
        self, kind: HandlerKind, template: str, policy: Mapping[str, Any]
    ) -> Callable[[Function], CustomIdHandler]:
        checked, details = policy_from(kind, policy)

        def decorate(function: Function) -> CustomIdHandler:
            bare = undecorated(function)
            self._declared.add_handler(kind, template, bare, checked, details, caller=_caller())
            return CustomIdHandler(bare, template)

        return decorate


def _caller() -> FrameType | None:
    """Return the frame of whoever called the method that calls this."""
    frame = inspect.currentframe()
    method = frame.f_back if frame is not None else None
    return method.f_back if method is not None else None
