"""What handlers may be called."""

import re
from typing import Final

from gpcore.application.handlers import HandlerKind, Registration
from gpcore.domain.dispatches import INTERACTION_CREATE
from gpcore.domain.events import EVENT_CLASSES
from gpcore.domain.options import NAME_PATTERN
from gpcore.errors import RoutingError

_COMMAND_NAME: Final = re.compile(rf"{NAME_PATTERN}( {NAME_PATTERN}){{0,2}}")
_MENU_NAME: Final = re.compile(r".{1,32}", re.DOTALL)
_DISPATCH_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_TEMPLATES: Final = (HandlerKind.COMPONENT, HandlerKind.MODAL)


def check_name(registration: Registration) -> None:
    """Refuse a name that Discord would refuse, or an event that never comes.

    Raises:
        RoutingError: It is malformed.
    """
    where, name, kind = registration.source, registration.name, registration.kind
    if kind in (HandlerKind.COMMAND, HandlerKind.AUTOCOMPLETE):
        if not is_command_name(name):
            raise RoutingError(
                f"{where}: command name {name!r}: one to three lower-case words of letters, digits, - and _"
            )
    elif kind is HandlerKind.EVENT:
        if name not in EVENT_CLASSES and (not _DISPATCH_NAME.fullmatch(name) or name == INTERACTION_CREATE):
            known = ", ".join(EVENT_CLASSES)
            raise RoutingError(f"{where}: event {name!r}: give one of {known}, or a dispatch by Discord's name")
    elif kind not in _TEMPLATES and not _MENU_NAME.fullmatch(name):
        raise RoutingError(f"{where}: {kind.value.replace('_', ' ')} name {name!r}: give 1 to 32 characters")


def is_command_name(name: str) -> bool:
    """Tell whether a command path is one to three words that Discord takes."""
    return _COMMAND_NAME.fullmatch(name) is not None and name == name.lower()
