"""What a handler is called with."""

from typing import Any

from gpcore.application.handlers import CompiledHandler, HandlerKind
from gpcore.application.routes import Found
from gpcore.domain.interactions import CommandCall, Interaction
from gpcore.domain.options import convert
from gpcore.domain.reading import Object
from gpcore.domain.wire_message import NO_HEADERS

Arguments = tuple[tuple[Any, ...], dict[str, Any]]
"""Positional arguments after the context, and keyword arguments."""


def arguments(found: Found, interaction: Interaction) -> Arguments:
    """Return the arguments after the context.

    Raises:
        OptionError: What the user gave does not fit the signature.
    """
    handler, call, parameters = found
    if handler.kind is HandlerKind.COMMAND and call is not None:
        return (), _options(handler, call, interaction)
    if handler.kind is HandlerKind.AUTOCOMPLETE and call is not None:
        return (_typed(call),), {}
    if handler.target is not None:
        return (), {handler.target: _target(handler, interaction)}
    return (), dict(parameters)


def _options(handler: CompiledHandler, call: CommandCall, interaction: Interaction) -> dict[str, Any]:
    resolved = interaction.resolved
    return {spec.parameter: convert(spec, call.options.get(spec.name), resolved) for spec in handler.options}


def _typed(call: CommandCall) -> str:
    option = call.options.get(call.focused or "")
    return "" if option is None or option.value is None else str(option.value)


def _target(handler: CompiledHandler, interaction: Interaction) -> object:
    target_id = interaction.target_id or ""
    if handler.kind is HandlerKind.MESSAGE_COMMAND:
        message: Object | None = interaction.resolved.message(target_id)
        return NO_HEADERS if message is None else message
    resolved = interaction.resolved
    return resolved.member(target_id) if handler.target_is_member else resolved.user(target_id)
