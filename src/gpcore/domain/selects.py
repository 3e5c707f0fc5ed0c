"""Menus to choose from."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Final, Literal, get_args

SelectKind = Literal["string", "user", "role", "mentionable", "channel"]
_KINDS: Final = get_args(SelectKind)


@dataclass(frozen=True, slots=True)
class SelectOption:
    """One line of a string select.

    Attributes:
        label: Shown, 1 to 100 characters.
        value: Sent back, 1 to 100 characters, unique in its select; the label if left out.
        description: At most 100 characters.
        emoji: As for a button.
        default: Chosen beforehand.
    """

    label: str
    value: str = ""
    _: KW_ONLY
    description: str | None = None
    emoji: str | None = None
    default: bool = False

    def __post_init__(self) -> None:
        if not self.value:
            object.__setattr__(self, "value", self.label)


@dataclass(frozen=True, slots=True)
class Select:
    """A menu; a row holds exactly one.

    Attributes:
        id: The custom_id sent back, 1 to 100 characters and unique in the message.
        options: For ``kind="string"``: 1 to 25. Plain strings stand for options whose value is
            their label.
        kind: What can be chosen.
        placeholder: Shown while nothing is chosen, at most 150 characters.
        min_values: 0 to 25.
        max_values: 1 to 25.
        channel_types: For ``kind="channel"``: Discord's channel types to offer, empty for all.
        disabled: Shown, but cannot be used.
        required: In a modal only: whether something must be chosen.

    Raises:
        ValueError: An unknown kind, options for a kind that fills itself, none for a string
            select, channel types for another kind, or ``min_values`` above ``max_values``.
    """

    id: str
    options: Sequence[SelectOption | str] = ()
    _: KW_ONLY
    kind: SelectKind = "string"
    placeholder: str | None = None
    min_values: int = 1
    max_values: int = 1
    channel_types: Sequence[int] = ()
    disabled: bool = False
    required: bool | None = None

    def __post_init__(self) -> None:
        lines = (SelectOption(line) if isinstance(line, str) else line for line in self.options)
        object.__setattr__(self, "options", tuple(lines))
        object.__setattr__(self, "channel_types", tuple(self.channel_types))
        if self.kind not in _KINDS:
            raise ValueError(f"a select's kind is one of {', '.join(_KINDS)}")
        if bool(self.options) != (self.kind == "string"):
            raise ValueError("a select of kind string has options, the other kinds have none")
        if self.channel_types and self.kind != "channel":
            raise ValueError("only a select of kind channel has channel_types")
        if self.min_values > self.max_values:
            raise ValueError("a select's min_values is at most its max_values")

    @property
    def lines(self) -> tuple[SelectOption, ...]:
        """The options, each as a ``SelectOption``."""
        return tuple(line for line in self.options if isinstance(line, SelectOption))
