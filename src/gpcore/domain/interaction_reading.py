"""From an envelope to an ``Interaction``, for both shapes that carry one."""

from collections.abc import Iterator, Mapping
from typing import Final

from gpcore.domain.envelope import Envelope
from gpcore.domain.interactions import (
    CommandCall,
    CommandType,
    GivenOption,
    Interaction,
    InteractionKind,
    SubmittedField,
)
from gpcore.domain.reading import Object, boolean, integer, nested, objects, text, texts
from gpcore.domain.secrets import Secret
from gpcore.domain.wire_message import NO_HEADERS

_SUB_COMMAND: Final = 1
_SUB_COMMAND_GROUP: Final = 2
_LABEL: Final = 18
_DEEPEST_PATH: Final = 3
_USER_INSTALL: Final = "1"
_NO_TOKEN: Final = Secret("")


def interaction_from(envelope: Envelope) -> Interaction | None:
    """Return the envelope's interaction, or ``None`` for a kind that a worker cannot answer.

    PING exists only on HTTP endpoints; other unknown kinds are of the future. Both are to be
    acknowledged and counted.
    """
    source = envelope.raw if envelope.raw is not None else envelope.data
    number = integer(source, "type")
    if number is None or number not in set(InteractionKind):
        return None
    kind = InteractionKind(number)
    if envelope.raw is not None:
        return _from_discord(envelope, kind, envelope.raw)
    return _from_v1(envelope, kind, envelope.data)


def _from_discord(envelope: Envelope, kind: InteractionKind, raw: Object) -> Interaction:
    data = nested(raw, "data") or NO_HEADERS
    names = kind in (InteractionKind.COMMAND, InteractionKind.AUTOCOMPLETE)
    return Interaction(
        id=envelope.interaction_id or "",
        token=envelope.interaction_token or _NO_TOKEN,
        kind=kind,
        calls=(_call(data),) if names and text(data, "name") else (),
        command_type=_command_type(data) if names else None,
        target_id=text(data, "target_id"),
        custom_id=text(data, "custom_id"),
        component_type=integer(data, "component_type"),
        values=texts(data, "values"),
        fields=dict(_fields(data)),
        application_id=text(raw, "application_id"),
        guild_id=envelope.guild_id,
        channel_id=envelope.channel_id,
        user_id=envelope.user_id,
        locale=text(raw, "locale"),
        guild_locale=text(raw, "guild_locale"),
        context=integer(raw, "context"),
        opened_from_message=_opened_from_message(kind, raw),
        user_install_only=set(nested(raw, "authorizing_integration_owners") or ()) == {_USER_INSTALL},
        raw=raw,
    )


def _opened_from_message(kind: InteractionKind, raw: Object) -> bool:
    """Tell whether Discord lets the answer change a message; only these kinds can have one behind them."""
    if kind is InteractionKind.MODAL:
        return nested(raw, "message") is not None
    return kind is InteractionKind.COMPONENT


def _call(data: Object) -> CommandCall:
    path = [text(data, "name") or ""]
    options = objects(data, "options")
    while len(options) == 1 and integer(options[0], "type") in (_SUB_COMMAND, _SUB_COMMAND_GROUP):
        path.append(text(options[0], "name") or "")
        options = objects(options[0], "options")
    given = {
        name: GivenOption(name=name, value=option.get("value"), type=integer(option, "type"))
        for option in options
        if (name := text(option, "name")) is not None
    }
    focused = next((text(option, "name") for option in options if boolean(option, "focused")), None)
    return CommandCall(path=tuple(path), options=given, focused=focused)


def _command_type(data: Object) -> CommandType:
    number = integer(data, "type")
    return CommandType(number) if number in set(CommandType) else CommandType.CHAT_INPUT


def _fields(data: Object) -> Iterator[tuple[str, SubmittedField]]:
    for component in objects(data, "components"):
        if integer(component, "type") == _LABEL:
            inner = nested(component, "component")
            children: tuple[Object, ...] = () if inner is None else (inner,)
        else:
            children = objects(component, "components")
        for child in children:
            custom_id = text(child, "custom_id")
            if custom_id is not None:
                yield custom_id, SubmittedField(value=_field_value(child), type=integer(child, "type"))


def _field_value(child: Object) -> str | tuple[str, ...] | bool | None:
    if "values" in child:
        return texts(child, "values")
    value = child.get("value")
    return value if isinstance(value, (str, bool)) else None


def _from_v1(envelope: Envelope, kind: InteractionKind, data: Object) -> Interaction:
    name = text(data, "commandName")
    return Interaction(
        id=envelope.interaction_id or "",
        token=envelope.interaction_token or _NO_TOKEN,
        kind=kind,
        calls=tuple(_readings(name, data)) if name else (),
        command_type=CommandType.CHAT_INPUT if kind is InteractionKind.COMMAND and name else None,
        custom_id=text(data, "customId"),
        component_type=integer(data, "componentType"),
        values=texts(data, "values") or texts(data, "selectedValues"),
        fields={key: _v1_field(value) for key, value in (nested(data, "fields") or NO_HEADERS).items()},
        guild_id=envelope.guild_id,
        channel_id=envelope.channel_id,
        user_id=envelope.user_id,
        opened_from_message=kind is InteractionKind.COMPONENT,
        permission_names=texts(data, "memberPermissions") if isinstance(data.get("memberPermissions"), list) else None,
    )


def _readings(name: str, data: Object) -> list[CommandCall]:
    """Return every reading of v1's options, deepest path first.

    Some publishers name the subcommand apart from the options.
    """
    readings: list[CommandCall] = []
    path: tuple[str, ...] = (name, *(text(data, "subcommand") or "").split())
    options: Mapping[str, object] = nested(data, "options") or NO_HEADERS
    while True:
        given = {key: GivenOption(name=key, value=value) for key, value in options.items()}
        readings.append(CommandCall(path=path, options=given))
        deeper = [(key, value) for key, value in options.items() if isinstance(value, Mapping)]
        if len(options) != 1 or len(deeper) != 1 or len(path) >= _DEEPEST_PATH:
            return readings[::-1]
        path = (*path, deeper[0][0])
        options = deeper[0][1]


def _v1_field(value: object) -> SubmittedField:
    if isinstance(value, (str, bool)) or value is None:
        return SubmittedField(value=value)
    if isinstance(value, list):
        return SubmittedField(value=tuple(item for item in value if isinstance(item, str)))
    return SubmittedField(value=str(value))
