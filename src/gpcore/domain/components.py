"""What stands below the text of a message: buttons, menus and layout."""

from dataclasses import dataclass

from gpcore.domain.buttons import Button, ButtonStyle
from gpcore.domain.embeds import LARGEST_COLOR
from gpcore.domain.modals import Label, Modal, ModalField, TextInput, TextInputStyle
from gpcore.domain.raw_component import Raw
from gpcore.domain.selects import Select, SelectKind, SelectOption
from gpcore.domain.text_displays import TextDisplay

__all__ = [
    "Button",
    "ButtonStyle",
    "Component",
    "Container",
    "ContainerChild",
    "Label",
    "Modal",
    "ModalField",
    "Raw",
    "Row",
    "RowChild",
    "Select",
    "SelectKind",
    "SelectOption",
    "TextDisplay",
    "TextInput",
    "TextInputStyle",
    "needs_components_v2",
]

RowChild = Button | Select | Raw
"""What a row holds."""


@dataclass(frozen=True, slots=True, init=False)
class Row:
    """Up to five buttons or exactly one select.

    Attributes:
        components: In their order.
    """

    components: tuple[RowChild, ...]

    def __init__(self, *components: RowChild) -> None:
        object.__setattr__(self, "components", components)


ContainerChild = Row | TextDisplay | Raw
"""What a container holds."""


@dataclass(frozen=True, slots=True, init=False)
class Container:
    """A framed group of components.

    Attributes:
        components: 1 to 40, in their order.
        accent_color: ``0xRRGGBB`` of the bar at its side.
        spoiler: Blurred until the reader uncovers it.

    Raises:
        ValueError: The colour is out of range.
    """

    components: tuple[ContainerChild, ...]
    accent_color: int | None
    spoiler: bool

    def __init__(self, *components: ContainerChild, accent_color: int | None = None, spoiler: bool = False) -> None:
        if accent_color is not None and not 0 <= accent_color <= LARGEST_COLOR:
            raise ValueError(f"a container's accent_color is 0x000000 to 0xFFFFFF, not {accent_color:#x}")
        object.__setattr__(self, "components", components)
        object.__setattr__(self, "accent_color", accent_color)
        object.__setattr__(self, "spoiler", spoiler)


Component = Row | TextDisplay | Container | Raw
"""What a message is made of below its text."""


def needs_components_v2(components: tuple[Component, ...]) -> bool:
    """Tell whether a message with these must carry the flag IS_COMPONENTS_V2.

    Discord then refuses ``content`` and ``embeds`` in the same message.
    """
    return any(part.needs_components_v2 if isinstance(part, Raw) else not isinstance(part, Row) for part in components)
