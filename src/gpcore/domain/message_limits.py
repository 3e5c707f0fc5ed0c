"""Discord's limits of what gp sends, checked before anything is sent.

Lengths are counted in UTF-16 units, the stricter of the two counts that Discord may use. Raw
components are not looked into.
"""

import math
from collections.abc import Sequence
from typing import Final

from gpcore.domain.component_limits import check_components, check_places
from gpcore.domain.components import needs_components_v2
from gpcore.domain.embed_limits import check_embeds
from gpcore.domain.files import File
from gpcore.domain.messages import LARGEST_SUGGESTION_LIST, AllowedMentions, Choice, OutgoingMessage
from gpcore.domain.options import OptionType
from gpcore.domain.text_limits import check_count, check_text, check_unique
from gpcore.errors import ReplyTooLargeError

_CONTENT: Final = 2000
_FILES: Final = 10
_REQUEST_BYTES: Final = 25 * 1024 * 1024
_FILE_DESCRIPTION: Final = 1024
_MENTIONS: Final = 100
_CHOICE_TEXT: Final = 100
_LARGEST_INTEGER: Final = 2**53 - 1
_VALUES: Final[dict[int, tuple[tuple[type, ...], str]]] = {
    OptionType.STRING: ((str,), "texts"),
    OptionType.INTEGER: ((int,), "whole numbers"),
    OptionType.NUMBER: ((int, float), "numbers"),
}


def check_message(message: OutgoingMessage, *, anew: bool = False) -> None:
    """Check a message or the changes to one.

    Args:
        message: What would be sent.
        anew: Whether it is a message of its own, which cannot be empty, and no change.

    Raises:
        ReplyTooLargeError: Naming the limit, or that content or embeds stand beside components
            with which Discord refuses them, or that nothing is in it, or that content is no text.
    """
    _check_is_text(message.content)
    if anew:
        check_anything(message)
    check_places(message.components or ())
    check_text("content", message.content, _CONTENT)
    check_embeds(message.embeds or ())
    components = message.components or ()
    v2 = needs_components_v2(components)
    if v2 and (message.content or message.embeds):
        raise ReplyTooLargeError(
            "a message with a container or a text display has no content and no embeds: use TextDisplay for its text"
        )
    check_components(components, v2=v2)
    _check_files(message.files)
    _check_mentions(message.allowed_mentions)


def check_choices(choices: Sequence[Choice], *, option_type: int | None = None) -> None:
    """Check the suggestions of an autocomplete answer.

    Args:
        choices: What is suggested.
        option_type: Discord's type of the option that they are for, if it is known.

    Raises:
        ReplyTooLargeError: Naming the limit, or that a value is not of the option's type.
    """
    check_count("suggestions", len(choices), LARGEST_SUGGESTION_LIST)
    wanted, called = _VALUES.get(option_type or 0, ((str, int, float), "texts or numbers"))
    for choice in choices:
        check_text("a suggestion's name", choice.name, _CHOICE_TEXT, least=1)
        # A truth value is a whole number to Python, and none to Discord.
        if isinstance(choice.value, bool) or not isinstance(choice.value, wanted):
            given = type(choice.value).__name__
            raise ReplyTooLargeError(f"a suggestion's value is of type {given}, but the option takes {called}")
        if isinstance(choice.value, str):
            check_text("a suggestion's value", choice.value, _CHOICE_TEXT)
        elif not math.isfinite(choice.value) or abs(choice.value) > _LARGEST_INTEGER:
            raise ReplyTooLargeError("a suggestion's value is a number that Discord cannot hold: -2^53+1 to 2^53-1")


def check_anything(message: OutgoingMessage) -> None:
    """Refuse a message that would show nothing; Discord drops the blanks around content.

    Raises:
        ReplyTooLargeError: It has neither content nor embeds, components or files.
    """
    words = (message.content or "").strip()
    if not (words or message.embeds or message.components or message.files):
        raise ReplyTooLargeError("a message needs content, embeds, components or files; this one is empty")


def _check_is_text(content: object) -> None:
    if content is not None and not isinstance(content, str):
        raise ReplyTooLargeError(
            f"content is a text, not of type {type(content).__name__}:"
            " pass embeds=[…] or components=[…] by name, and anything else as str(…)"
        )


def _check_files(files: Sequence[File]) -> None:
    check_count("files in a message", len(files), _FILES)
    check_unique("the names of a message's files", (file.name for file in files))
    for file in files:
        check_text("a file's description", file.description, _FILE_DESCRIPTION)
    size = sum(len(file.content) for file in files)
    if size > _REQUEST_BYTES:
        raise ReplyTooLargeError(f"files of {size} bytes together, Discord takes at most {_REQUEST_BYTES} per request")


def _check_mentions(mentions: AllowedMentions) -> None:
    for name, ids in (("users", mentions.users), ("roles", mentions.roles)):
        if not isinstance(ids, bool):
            check_count(f"{name} in allowed_mentions", len(ids), _MENTIONS)
