"""Commands as somebody uses them, in Discord's shape."""

from collections.abc import Iterable, Mapping
from typing import Any

from gpcore.application.handlers import CompiledHandler, HandlerKind
from gpcore.domain.interactions import InteractionKind
from gprunner import synthetic
from gprunner.testing.errors import KitError, near
from gprunner.testing.raw_options import Entity, ResolvedObjects, raw_options
from gprunner.testing.sending import Deed

Raw = dict[str, Any]


def handler_named(handlers: Iterable[CompiledHandler], kind: HandlerKind, name: str) -> CompiledHandler:
    """Return the handler of a command.

    Raises:
        KitError: There is none, but perhaps one of a similar name.
    """
    of_kind = {handler.registration.name: handler for handler in handlers if handler.kind is kind}
    if name not in of_kind:
        raise KitError(f"there is no {kind.value.replace('_', ' ')} {name!r}: {near(name, of_kind)}")
    return of_kind[name]


def use(handler: CompiledHandler, given: Mapping[str, object], guild_id: str | None) -> Deed:
    """Return the use of a chat-input command."""
    resolved = ResolvedObjects(guild_id)
    path = handler.registration.name
    data = synthetic.command_data(path.split(), raw_options(handler, given, resolved))
    if resolved.raw:
        data["resolved"] = resolved.raw
    return Deed(what=f"/{path}", kind=InteractionKind.COMMAND, data=data)


def use_on_user(name: str, target: Entity, guild_id: str | None) -> Deed:
    """Return the use of an entry in the context menu of a user."""
    resolved = ResolvedObjects(guild_id)
    data = synthetic.menu_data(name, synthetic.USER_MENU, resolved.add(target), resolved.raw)
    return Deed(what=f"user command {name!r}", kind=InteractionKind.COMMAND, data=data)


def use_on_message(name: str, message: Mapping[str, Any]) -> Deed:
    """Return the use of an entry in the context menu of a message."""
    resolved = {"messages": {message["id"]: dict(message)}}
    data = synthetic.menu_data(name, synthetic.MESSAGE_MENU, str(message["id"]), resolved)
    return Deed(what=f"message command {name!r}", kind=InteractionKind.COMMAND, data=data)


def open_activity(name: str) -> Deed:
    """Return the use of the command that opens the application's activity."""
    data = synthetic.command_data([name], []) | {"type": synthetic.ENTRY_POINT}
    return Deed(what=f"entry point {name!r}", kind=InteractionKind.COMMAND, data=data)


def typing(
    command: CompiledHandler, option: str, typed: object, others: Mapping[str, object], guild_id: str | None
) -> Deed:
    """Return an option of a command being typed, with others filled in before.

    Numbers are texts while they are typed.
    """
    path = command.registration.name
    kind = next(int(spec.type) for spec in command.options if spec.name == option)
    options = raw_options(command, others, ResolvedObjects(guild_id), complete=False)
    options.append({"name": option, "type": kind, "value": str(typed), "focused": True})
    data = synthetic.command_data(path.split(), options)
    return Deed(what=f"typing in /{path}", kind=InteractionKind.AUTOCOMPLETE, data=data)


def check_suggests(handlers: Iterable[CompiledHandler], path: str, option: str) -> None:
    """Check that some handler suggests values for an option.

    Raises:
        KitError: None does.
    """
    suggesting = (handler.registration for handler in handlers if handler.kind is HandlerKind.AUTOCOMPLETE)
    options = [registration.option or "" for registration in suggesting if registration.name == path]
    if option not in options:
        raise KitError(f"nothing suggests values for option {option!r} of {path!r}: {near(option, options)}")
