"""Forms that open over Discord."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Final, Literal, get_args

from gpcore.domain.form_fields import FormField
from gpcore.domain.raw_component import Raw
from gpcore.domain.selects import Select
from gpcore.domain.text_displays import TextDisplay

TextInputStyle = Literal["short", "paragraph"]
_STYLES: Final = get_args(TextInputStyle)


@dataclass(frozen=True, slots=True)
class TextInput:
    """A field to type into.

    Attributes:
        id: The custom_id under which the text comes back, 1 to 100 characters, unique in the modal.
        label: 1 to 45 characters; needed unless the field stands in a ``Label``.
        description: Shown below the label, at most 100 characters.
        style: One line or several.
        placeholder: At most 100 characters.
        min_length: 0 to 4000.
        max_length: 1 to 4000.
        required: Whether it may not be left empty.
        value: Filled in beforehand, at most 4000 characters.

    Raises:
        ValueError: An unknown style, or ``min_length`` above ``max_length``.
    """

    id: str
    _: KW_ONLY
    label: str | None = None
    description: str | None = None
    style: TextInputStyle = "short"
    placeholder: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    required: bool = True
    value: str | None = None

    def __post_init__(self) -> None:
        if self.style not in _STYLES:
            raise ValueError(f"a text input's style is one of {', '.join(_STYLES)}")
        if self.min_length is not None and self.max_length is not None and self.min_length > self.max_length:
            raise ValueError("a text input's min_length is at most its max_length")
        if self.label is None and self.description is not None:
            raise ValueError("a text input's description needs a label")


LabelChild = TextInput | Select | FormField | Raw
"""What stands below a label."""


@dataclass(frozen=True, slots=True)
class Label:
    """A heading with one field below it.

    Attributes:
        label: 1 to 45 characters.
        component: A text input without a label of its own, a select, a file upload, a radio group, a
            checkbox group, a checkbox, or a raw component.
        description: At most 100 characters.

    Raises:
        TypeError: The component is none of these.
        ValueError: The component has a label of its own, or is a select that Discord refuses in a
            modal: disabled, or with ``min_values=0`` although it is required.
    """

    label: str
    component: LabelChild
    _: KW_ONLY
    description: str | None = None

    def __post_init__(self) -> None:
        child = self.component
        if not isinstance(child, LabelChild):
            raise TypeError(f"a Label takes no {type(child).__name__}")
        if isinstance(child, TextInput) and child.label is not None:
            raise ValueError("a text input in a Label has no label of its own")
        if isinstance(child, Select):
            _check_select(child)


ModalField = TextInput | Label | TextDisplay | Raw
"""What a modal is made of."""


@dataclass(frozen=True, slots=True)
class Modal:
    """A form; it can only be the first answer to a command or component.

    Attributes:
        title: 1 to 45 characters.
        id: The custom_id sent back, 1 to 100 characters.
        fields: 1 to 5, texts between them included.

    Raises:
        ValueError: A text input stands in it with neither a label nor a ``Label`` around it.
        TypeError: Another field stands in it without a ``Label``.
    """

    title: str
    _: KW_ONLY
    id: str
    fields: Sequence[ModalField]

    def __post_init__(self) -> None:
        parts: tuple[object, ...] = tuple(self.fields)
        object.__setattr__(self, "fields", parts)
        for part in parts:
            if not isinstance(part, ModalField):
                hint = ": put it into a Label" if isinstance(part, LabelChild) else ""
                raise TypeError(f"a modal takes no {type(part).__name__} by itself{hint}")
        if any(isinstance(part, TextInput) and part.label is None for part in self.fields):
            raise ValueError("a text input in a modal needs a label")


def _check_select(select: Select) -> None:
    if select.disabled:
        raise ValueError("a select in a modal cannot be disabled")
    if select.min_values == 0 and select.required is not False:
        raise ValueError("a select in a modal with min_values=0 may be left empty: give required=False too")
