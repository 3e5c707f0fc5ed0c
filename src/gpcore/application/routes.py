"""The compiled table: which handler answers what."""

from collections.abc import Iterator
from typing import Final

from gpcore.application.handlers import CompiledHandler, HandlerKind
from gpcore.application.lifespans import Lifespan
from gpcore.application.texts import Wordings
from gpcore.domain.command_definitions import Definition
from gpcore.domain.custom_ids import Value
from gpcore.domain.defer import DeferMode
from gpcore.domain.dispatches import dispatch_of
from gpcore.domain.events import EVENT_CLASSES
from gpcore.domain.interactions import CommandCall, CommandType, Interaction, InteractionKind
from gpcore.errors import RoutingError

_MENU_KINDS: Final = {
    CommandType.USER: HandlerKind.USER_COMMAND,
    CommandType.MESSAGE: HandlerKind.MESSAGE_COMMAND,
    CommandType.ENTRY_POINT: HandlerKind.ENTRY_POINT,
}

Found = tuple[CompiledHandler, CommandCall | None, dict[str, Value]]
"""A handler with the reading of the command that it knows and the parameters of its custom id."""


class Routes:
    """Finds the handler of an interaction or event.

    Attributes:
        texts: What gp itself says to users.
        lifespans: What a worker opens before it consumes, in order.
        commands: What Discord would register, as Discord's objects.
    """

    def __init__(self, texts: Wordings | None = None) -> None:
        self.texts: Final = texts or Wordings()
        self.lifespans: Final[list[Lifespan]] = []
        self.commands: Final[list[Definition]] = []
        self._named: dict[tuple[HandlerKind, str, str | None], CompiledHandler] = {}
        self._templates: dict[HandlerKind, list[CompiledHandler]] = {HandlerKind.COMPONENT: [], HandlerKind.MODAL: []}

    def __iter__(self) -> Iterator[CompiledHandler]:
        yield from self._named.values()

    def __len__(self) -> int:
        return len(self._named)

    @property
    def event_types(self) -> frozenset[str]:
        """The event types that some handler processes."""
        return frozenset(name for kind, name, _ in self._named if kind is HandlerKind.EVENT)

    @property
    def dispatches(self) -> frozenset[str]:
        """Discord's names of the dispatches behind ``event_types``."""
        return frozenset(name for name in map(dispatch_of, self.event_types) if name is not None)

    def add(self, handler: CompiledHandler) -> None:
        """Take a handler.

        Raises:
            RoutingError: Its name is malformed or taken, or its defer policy cannot work.
        """
        registration = handler.registration
        where, name, kind = registration.source, registration.name, handler.kind
        if kind is HandlerKind.AUTOCOMPLETE and handler.policy.defer.mode is not DeferMode.NEVER:
            raise RoutingError(f"{where}: autocomplete {name!r} cannot be deferred")
        key = (kind, name, registration.option)
        if key in self._named:
            first = self._named[key].registration.source
            raise RoutingError(f"{where}: {kind.value} {name!r} is registered already at {first}")
        self._named[key] = handler
        if kind in self._templates:
            # The more fixed text a template has, the more specific it is; then first come, first served.
            self._templates[kind].append(handler)
            self._templates[kind].sort(key=lambda known: -_literal(known))

    def loose_ends(self) -> list[str]:
        """Return what is wrong with the handlers taken together, a sentence each."""
        faults = []
        for (kind, name, option), handler in self._named.items():
            where = handler.registration.source
            if kind is HandlerKind.AUTOCOMPLETE:
                command = self._named.get((HandlerKind.COMMAND, name, None))
                if command is None:
                    faults.append(f"{where}: autocomplete for {name!r}, but there is no such command")
                elif option not in [spec.name for spec in command.options]:
                    faults.append(f"{where}: autocomplete for option {option!r}, which {name!r} does not have")
            if kind is HandlerKind.EVENT and self._is_shadowed(name):
                faults.append(f"{where}: event {name!r} never comes: every event type behind it has a handler already")
            if kind is HandlerKind.COMMAND and any(
                other.startswith(f"{name} ") for known, other, _ in self._named if known is kind
            ):
                faults.append(f"{where}: command {name!r} has subcommands, so Discord cannot invoke it by itself")
        return faults

    def _is_shadowed(self, dispatch: str) -> bool:
        behind = [event_type for event_type in EVENT_CLASSES if dispatch_of(event_type) == dispatch]
        return bool(behind) and all((HandlerKind.EVENT, name, None) in self._named for name in behind)

    def find(self, interaction: Interaction) -> Found | None:
        """Return the interaction's handler."""
        if interaction.kind is InteractionKind.COMMAND:
            return self._find_command(interaction)
        if interaction.kind is InteractionKind.AUTOCOMPLETE:
            return self._find_autocomplete(interaction)
        kind = HandlerKind.COMPONENT if interaction.kind is InteractionKind.COMPONENT else HandlerKind.MODAL
        for handler in self._templates[kind]:
            parameters = handler.template.match(interaction.custom_id or "") if handler.template else None
            if parameters is not None:
                return handler, None, parameters
        return None

    def find_event(self, event_type: str, dispatch: str | None) -> CompiledHandler | None:
        """Return the handler of an event by gp's name or, failing that, by Discord's."""
        for name in (event_type, dispatch):
            handler = self._named.get((HandlerKind.EVENT, name, None)) if name else None
            if handler is not None:
                return handler
        return None

    def _find_command(self, interaction: Interaction) -> Found | None:
        menu = _MENU_KINDS.get(interaction.command_type) if interaction.command_type else None
        for call in interaction.calls:
            handler = self._named.get((menu or HandlerKind.COMMAND, " ".join(call.path), None))
            if handler is not None:
                return handler, call, {}
        return None

    def _find_autocomplete(self, interaction: Interaction) -> Found | None:
        for call in interaction.calls:
            handler = self._named.get((HandlerKind.AUTOCOMPLETE, " ".join(call.path), call.focused))
            if handler is not None:
                return handler, call, {}
        return None


def _literal(handler: CompiledHandler) -> int:
    return handler.template.literal if handler.template else 0
