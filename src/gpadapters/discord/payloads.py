"""Messages and first answers as Discord's JSON."""

from typing import Final

from gpadapters.discord.component_payloads import Payload, component, given, modal
from gpcore.domain.components import needs_components_v2
from gpcore.domain.embeds import Embed, EmbedField
from gpcore.domain.files import File
from gpcore.domain.messages import AllowedMentions, Callback, CallbackType, OutgoingMessage

SUPPRESS_EMBEDS: Final = 1 << 2
EPHEMERAL: Final = 1 << 6
IS_COMPONENTS_V2: Final = 1 << 15


def new_message(message: OutgoingMessage) -> Payload:
    """Return the body that creates a message."""
    flags = _lasting_flags(message) | (EPHEMERAL if message.ephemeral else 0)
    return _message(message, flags)


def changed_message(message: OutgoingMessage) -> Payload:
    """Return the body that edits a message; what is not named stays as it is."""
    payload = _message(message, _lasting_flags(message))
    if needs_components_v2(message.components or ()):
        # Discord refuses the flag while the message still has these.
        payload |= {"content": None, "embeds": None}
    return payload


def callback(answer: Callback) -> Payload:
    """Return the body of a first answer."""
    data = _callback_data(answer)
    return given(type=int(answer.type), data=data)


def _callback_data(answer: Callback) -> Payload | None:
    match answer.type:
        case CallbackType.MESSAGE:
            return new_message(answer.message or OutgoingMessage())
        case CallbackType.UPDATE:
            return changed_message(answer.message or OutgoingMessage())
        case CallbackType.DEFERRED_MESSAGE:
            return {"flags": EPHEMERAL} if answer.ephemeral else None
        case CallbackType.DEFERRED_UPDATE:
            return None
        case CallbackType.SUGGESTIONS:
            return {"choices": [{"name": choice.name, "value": choice.value} for choice in answer.choices]}
        case CallbackType.MODAL:
            return modal(answer.modal) if answer.modal is not None else {}


def _lasting_flags(message: OutgoingMessage) -> int:
    v2 = needs_components_v2(message.components or ())
    return (SUPPRESS_EMBEDS if message.suppress_embeds else 0) | (IS_COMPONENTS_V2 if v2 else 0)


def _message(message: OutgoingMessage, flags: int) -> Payload:
    return given(
        content=message.content,
        embeds=None if message.embeds is None else [_embed(embed) for embed in message.embeds],
        components=None if message.components is None else [component(part) for part in message.components],
        attachments=[_attachment(number, file) for number, file in enumerate(message.files)] or None,
        flags=flags or None,
        allowed_mentions=_allowed_mentions(message.allowed_mentions),
    )


def _attachment(number: int, file: File) -> Payload:
    return given(id=number, filename=file.name, description=file.description)


def _allowed_mentions(mentions: AllowedMentions) -> Payload:
    parse = ["everyone"] if mentions.everyone else []
    payload: Payload = {"parse": parse}
    for name, ids in (("users", mentions.users), ("roles", mentions.roles)):
        if ids is True:
            parse.append(name)
        elif ids:
            payload[name] = list(ids)
    if mentions.replied_user:
        payload["replied_user"] = True
    return payload


def _embed(embed: Embed) -> Payload:
    return given(
        title=embed.title,
        description=embed.description,
        url=embed.url,
        color=embed.color,
        timestamp=embed.timestamp.isoformat() if embed.timestamp is not None else None,
        fields=[_field(field) for field in embed.fields] or None,
        footer=given(text=embed.footer, icon_url=embed.footer_icon) or None,
        author=given(name=embed.author, url=embed.author_url, icon_url=embed.author_icon) or None,
        image=given(url=embed.image) or None,
        thumbnail=given(url=embed.thumbnail) or None,
    )


def _field(field: EmbedField) -> Payload:
    return {"name": field.name, "value": field.value, "inline": field.inline}
