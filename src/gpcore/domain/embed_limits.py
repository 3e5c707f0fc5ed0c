"""Discord's limits of embeds (message resource, "Embed Limits")."""

from collections.abc import Sequence
from typing import Final

from gpcore.domain.embeds import Embed
from gpcore.domain.text_limits import check_count, check_number, check_text
from gpcore.domain.utf16 import units

_EMBEDS: Final = 10
_FIELDS: Final = 25
_TOTAL: Final = 6000


def check_embeds(embeds: Sequence[Embed]) -> None:
    """Check the embeds of one message.

    Raises:
        ReplyTooLargeError: Naming the limit.
    """
    check_count("embeds in a message", len(embeds), _EMBEDS)
    for embed in embeds:
        _check_embed(embed)
    check_number("the length of all embeds together", sum(map(_length, embeds)), _TOTAL)


def _check_embed(embed: Embed) -> None:
    check_text("an embed's title", embed.title, 256)
    check_text("an embed's description", embed.description, 4096)
    check_text("an embed's footer", embed.footer, 2048)
    check_text("an embed's author", embed.author, 256)
    check_count("fields in an embed", len(embed.fields), _FIELDS)
    for field in embed.fields:
        check_text("an embed field's name", field.name, 256, least=1)
        check_text("an embed field's value", field.value, 1024, least=1)


def _length(embed: Embed) -> int:
    texts = (embed.title, embed.description, embed.footer, embed.author)
    fields = sum(units(field.name) + units(field.value) for field in embed.fields)
    return fields + sum(units(text) for text in texts if text is not None)
