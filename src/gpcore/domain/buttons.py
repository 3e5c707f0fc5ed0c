"""Buttons below a message."""

from dataclasses import KW_ONLY, dataclass
from typing import Final, Literal, get_args

ButtonStyle = Literal["primary", "secondary", "success", "danger", "link"]
_STYLES: Final = get_args(ButtonStyle)


@dataclass(frozen=True, slots=True)
class Button:
    """A button that sends a component interaction, or one that opens a link.

    Attributes:
        label: At most 80 characters; may be left out if there is an emoji.
        id: The custom_id sent back, 1 to 100 characters and unique in the message.
        style: Its look; ``link`` whenever there is a ``url``.
        url: Where a link leads, at most 512 characters.
        emoji: A Unicode emoji, or a custom one as ``<:name:id>`` or ``<a:name:id>``.
        disabled: Shown, but cannot be pressed.

    Raises:
        ValueError: Not exactly one of ``id`` and ``url``, neither label nor emoji, or an unknown
            style.
    """

    label: str | None = None
    _: KW_ONLY
    id: str | None = None
    style: ButtonStyle = "primary"
    url: str | None = None
    emoji: str | None = None
    disabled: bool = False

    def __post_init__(self) -> None:
        if (self.id is None) == (self.url is None):
            raise ValueError("a button has either an id or a url")
        if self.label is None and self.emoji is None:
            raise ValueError("a button has a label, an emoji or both")
        if self.style not in _STYLES:
            raise ValueError(f"a button's style is one of {', '.join(_STYLES)}")
        if self.style == "link" and self.url is None:
            raise ValueError("a button of style link has a url")
        if self.url is not None:
            object.__setattr__(self, "style", "link")
