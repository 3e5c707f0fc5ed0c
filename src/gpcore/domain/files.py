"""Files sent with a message."""

from dataclasses import KW_ONLY, dataclass, field


@dataclass(frozen=True, slots=True)
class File:
    """A file to upload; at most ten per message and 25 MiB per request.

    Attributes:
        name: As users see it and as ``attachment://<name>`` refers to it.
        content: Its bytes, left out of the repr.
        description: Read out by screen readers, at most 1024 characters.

    Raises:
        ValueError: The name is empty or contains a path separator or a control character.
    """

    name: str
    content: bytes = field(repr=False)
    _: KW_ONLY
    description: str | None = None

    def __post_init__(self) -> None:
        if not self.name or not self.name.isprintable() or "/" in self.name or "\\" in self.name:
            raise ValueError("a file's name is one path segment of printable characters")
