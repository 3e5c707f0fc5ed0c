"""Rich blocks of a message."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from typing import Final

LARGEST_COLOR: Final = 0xFFFFFF


@dataclass(frozen=True, slots=True)
class EmbedField:
    """A heading with text below it.

    Attributes:
        name: 1 to 256 characters.
        value: 1 to 1024 characters.
        inline: Let up to three fields share a line.
    """

    name: str
    value: str
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Embed:
    """A rich block; at most ten per message, with 6000 characters of text in all of them.

    Attributes:
        title: At most 256 characters.
        description: At most 4096 characters.
        url: Where the title leads.
        color: ``0xRRGGBB``.
        fields: At most 25.
        footer: At most 2048 characters.
        footer_icon: URL of a small picture before the footer.
        author: At most 256 characters.
        author_url: Where the author leads.
        author_icon: URL of a small picture before the author.
        image: URL, or ``attachment://<file name>`` of one of the message's files.
        thumbnail: Likewise, shown small.
        timestamp: With a time zone; shown in the reader's own.

    Raises:
        ValueError: The colour is out of range or the timestamp has no time zone.
    """

    title: str | None = None
    description: str | None = None
    _: KW_ONLY
    url: str | None = None
    color: int | None = None
    fields: Sequence[EmbedField] = ()
    footer: str | None = None
    footer_icon: str | None = None
    author: str | None = None
    author_url: str | None = None
    author_icon: str | None = None
    image: str | None = None
    thumbnail: str | None = None
    timestamp: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", tuple(self.fields))
        if self.color is not None and not 0 <= self.color <= LARGEST_COLOR:
            raise ValueError(f"an embed's color is 0x000000 to 0xFFFFFF, not {self.color:#x}")
        if self.timestamp is not None and self.timestamp.tzinfo is None:
            raise ValueError("an embed's timestamp needs a time zone, such as datetime.UTC")
        if self.footer is None and self.footer_icon is not None:
            raise ValueError("an embed's footer_icon needs a footer")
        if self.author is None and (self.author_url is not None or self.author_icon is not None):
            raise ValueError("an embed's author_url and author_icon need an author")
