"""Which context a handler of each kind gets."""

from typing import Any, Final, get_args, get_origin

from gpcore.application.context import (
    AutocompleteContext,
    CommandContext,
    ComponentContext,
    ModalContext,
)
from gpcore.application.event_context import EventContext
from gpcore.application.handlers import HandlerKind, Registration
from gpcore.application.signatures import Parameter, bare, classes_of
from gpcore.domain.events import EVENT_CLASSES, Dispatch

CONTEXT_OF: Final[dict[HandlerKind, type[Any]]] = {
    HandlerKind.COMMAND: CommandContext,
    HandlerKind.USER_COMMAND: CommandContext,
    HandlerKind.MESSAGE_COMMAND: CommandContext,
    HandlerKind.ENTRY_POINT: CommandContext,
    HandlerKind.AUTOCOMPLETE: AutocompleteContext,
    HandlerKind.COMPONENT: ComponentContext,
    HandlerKind.MODAL: ModalContext,
    HandlerKind.EVENT: EventContext,
}


def check_context(registration: Registration, parameters: list[Parameter]) -> None:
    """Refuse a handler whose first parameter is not the context that it will get; it may go without annotation.

    Raises:
        RoutingError: It is another one.
    """
    if not parameters or not parameters[0].by_position:
        raise registration.fault("must take the context as its first parameter")
    annotation = parameters[0].annotation
    wanted = CONTEXT_OF[registration.kind]
    accepted = classes_of(annotation)
    if accepted and not any(issubclass(wanted, kind) for kind in accepted):
        given = " | ".join(kind.__name__ for kind in accepted)
        raise registration.fault(f"takes a {given} as its context, but gets a {wanted.__name__}")
    if registration.kind is HandlerKind.EVENT:
        _check_event(registration, annotation)


def _check_event(registration: Registration, annotation: object) -> None:
    inner = bare(annotation)
    if get_origin(inner) is not EventContext:
        return
    wanted = EVENT_CLASSES.get(registration.name, Dispatch)
    [event] = get_args(inner)
    accepted = classes_of(event)
    if accepted and not any(issubclass(wanted, kind) for kind in accepted):
        given = " | ".join(kind.__name__ for kind in accepted)
        raise registration.fault(f"takes a {given}, but gets a {wanted.__name__}")
