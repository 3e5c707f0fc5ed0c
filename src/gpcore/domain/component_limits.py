"""Discord's limits of components and modals (components reference; receiving and responding)."""

from collections.abc import Iterator
from typing import Final

from gpcore.domain.components import Component, Container, ContainerChild, Row, RowChild, TextDisplay
from gpcore.domain.modals import Label, Modal, ModalField, TextInput
from gpcore.domain.raw_component import Raw
from gpcore.domain.selects import Select
from gpcore.domain.text_limits import check_count, check_number, check_text, check_unique
from gpcore.errors import ReplyTooLargeError

_CUSTOM_ID: Final = 100
_ROWS: Final = 5
_BUTTONS: Final = 5
_COMPONENTS_V2: Final = 40
_TEXT_DISPLAYS: Final = 4000
_OPTIONS: Final = 25
_OPTION_TEXT: Final = 100
_TEXT_INPUT: Final = 4000


def check_components(components: tuple[Component, ...], *, v2: bool) -> None:
    """Check the components of one message.

    Args:
        components: As the message holds them.
        v2: Whether the message carries the flag IS_COMPONENTS_V2.

    Raises:
        ReplyTooLargeError: Naming the limit.
    """
    for part in components:
        _check_top_level(part)
    if v2:
        check_count("components", sum(1 for part in components for _ in _each(part)), _COMPONENTS_V2)
        texts = sum(_display_length(part) for part in components)
        check_number("the length of all text displays", texts, _TEXT_DISPLAYS)
    else:
        check_count("rows of components", len(components), _ROWS)
    parts = [part for top in components for part in _each(top)]
    check_unique("custom ids in a message", (part.id for part in parts if not _is_layout(part) and part.id is not None))


def check_modal(modal: Modal) -> None:
    """Check a modal.

    Raises:
        ReplyTooLargeError: Naming the limit.
    """
    check_text("the modal's title", modal.title, 45, least=1)
    check_text("the modal's id", modal.id, _CUSTOM_ID, least=1)
    check_count("fields in a modal", len(modal.fields), 5, least=1)
    for part in modal.fields:
        _check_modal_field(part)
    fields = (part.component if isinstance(part, Label) else part for part in modal.fields)
    check_unique("custom ids in a modal", (part.id for part in fields if not isinstance(part, Raw)))
