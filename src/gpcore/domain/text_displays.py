"""Words between other components."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextDisplay:
    """Markdown text between other components, or between the fields of a modal.

    Attributes:
        content: 1 to 4000 characters.
    """

    content: str
