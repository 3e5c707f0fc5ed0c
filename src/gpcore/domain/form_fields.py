"""Fields that only a modal has, each in a ``Label`` (components reference)."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass

from gpcore.domain.selects import SelectOption


@dataclass(frozen=True, slots=True)
class FileUpload:
    """A field that takes files.

    Attributes:
        id: The custom_id under which the files come back, 1 to 100 characters, unique in the modal.
        min_values: 0 to 10; Discord wants one if it is left out.
        max_values: 1 to 10.
        required: Whether it may not be left empty.

    Raises:
        ValueError: ``min_values`` above ``max_values``, or 0 although it is required.
    """

    id: str
    _: KW_ONLY
    min_values: int | None = None
    max_values: int = 1
    required: bool = True

    def __post_init__(self) -> None:
        _check_least("a file upload", self.min_values, self.max_values, required=self.required)


@dataclass(frozen=True, slots=True)
class RadioGroup:
    """A field in which one of several options is chosen.

    Attributes:
        id: The custom_id under which the choice comes back, 1 to 100 characters, unique in the modal.
        options: 2 to 10. Plain strings stand for options whose value is their label.
        required: Whether one must be chosen.

    Raises:
        ValueError: An option has an emoji, or more than one is chosen beforehand.
    """

    id: str
    options: Sequence[SelectOption | str]
    _: KW_ONLY
    required: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", _lines("a radio group", self.options))
        if sum(line.default for line in self.lines) > 1:
            raise ValueError("a radio group has at most one option with default=True")

    @property
    def lines(self) -> tuple[SelectOption, ...]:
        """The options, each as a ``SelectOption``."""
        return tuple(line for line in self.options if isinstance(line, SelectOption))


@dataclass(frozen=True, slots=True)
class CheckboxGroup:
    """A field in which any number of options is ticked.

    Attributes:
        id: The custom_id under which the choices come back, 1 to 100 characters, unique in the modal.
        options: 1 to 10. Plain strings stand for options whose value is their label.
        min_values: 0 to 10; Discord wants one if it is left out.
        max_values: 1 to 10; as many as there are options if it is left out.
        required: Whether it may not be left empty.

    Raises:
        ValueError: An option has an emoji, ``min_values`` above ``max_values`` or the number of options, or 0
            although it is required.
    """

    id: str
    options: Sequence[SelectOption | str]
    _: KW_ONLY
    min_values: int | None = None
    max_values: int | None = None
    required: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", _lines("a checkbox group", self.options))
        most = len(self.options) if self.max_values is None else self.max_values
        _check_least("a checkbox group", self.min_values, most, required=self.required)
        if (self.min_values or 0) > len(self.options):
            raise ValueError("a checkbox group's min_values is at most the number of its options")

    @property
    def lines(self) -> tuple[SelectOption, ...]:
        """The options, each as a ``SelectOption``."""
        return tuple(line for line in self.options if isinstance(line, SelectOption))


@dataclass(frozen=True, slots=True)
class Checkbox:
    """A field to tick or to leave alone; what must be ticked is a required ``CheckboxGroup`` of one option.

    Attributes:
        id: The custom_id under which it comes back, 1 to 100 characters, unique in the modal.
        default: Whether it is ticked beforehand.
    """

    id: str
    _: KW_ONLY
    default: bool = False


FormField = FileUpload | RadioGroup | CheckboxGroup | Checkbox


def _lines(what: str, options: Sequence[SelectOption | str]) -> tuple[SelectOption, ...]:
    lines = tuple(SelectOption(line) if isinstance(line, str) else line for line in options)
    if any(line.emoji is not None for line in lines):
        raise ValueError(f"{what}'s options have no emoji")
    return lines


def _check_least(what: str, least: int | None, most: int, *, required: bool) -> None:
    if least is not None and least > most:
        raise ValueError(f"{what}'s min_values is at most its max_values")
    if least == 0 and required:
        raise ValueError(f"{what} with min_values=0 may be left empty: give required=False too")
