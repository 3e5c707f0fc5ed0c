"""Discord's limits of the components of a message (components reference)."""

from collections.abc import Iterator
from typing import Final

from gpcore.domain.buttons import Button
from gpcore.domain.components import Component, Container, Row, RowChild, TextDisplay
from gpcore.domain.control_limits import check_button, check_select
from gpcore.domain.raw_component import Raw
from gpcore.domain.selects import Select
from gpcore.domain.text_limits import check_count, check_number, check_text, check_unique
from gpcore.domain.utf16 import units
from gpcore.errors import ReplyTooLargeError

_ROWS: Final = 5
_BUTTONS: Final = 5
_COMPONENTS_V2: Final = 40
_TEXT_DISPLAY: Final = 4000

_Part = Component | RowChild


def check_components(components: tuple[Component, ...], *, v2: bool) -> None:
    """Check the components of one message.

    Args:
        components: As the message holds them.
        v2: Whether the message carries the flag IS_COMPONENTS_V2.

    Raises:
        ReplyTooLargeError: Naming the limit.
    """
    parts = tuple(_parts(components))
    if v2:
        check_count("components in a message, nested ones included", len(parts), _COMPONENTS_V2)
    else:
        check_count("rows of components", len(components), _ROWS)
    check_unique("the ids in a message", _custom_ids(parts))
    check_number("the length of all text displays together", _displayed(parts), _TEXT_DISPLAY)
    for part in parts:
        _check_part(part)


def check_places(components: tuple[Component, ...]) -> None:
    """Refuse what stands where Discord does not take it, as a handler without a type checker may write it.

    Raises:
        ReplyTooLargeError: Naming what and where.
    """
    _check_place("a message", components, (Row, TextDisplay, Container, Raw))
    for part in components:
        if isinstance(part, Container):
            _check_place("a container", part.components, (Row, TextDisplay, Raw))
            check_places(part.components)
        elif isinstance(part, Row):
            _check_place("a row", part.components, (Button, Select, Raw))


def _check_place(where: str, parts: tuple[object, ...], taken: tuple[type, ...]) -> None:
    for part in parts:
        if not isinstance(part, taken):
            hint = ": put it into a Row" if isinstance(part, Button | Select) else ""
            raise ReplyTooLargeError(f"{where} takes no {type(part).__name__} by itself{hint}")


def _parts(components: tuple[_Part, ...]) -> Iterator[_Part]:
    for part in components:
        yield part
        if isinstance(part, Row | Container):
            yield from _parts(part.components)


def _custom_ids(parts: tuple[_Part, ...]) -> Iterator[str]:
    for part in parts:
        if not isinstance(part, Row | Container | TextDisplay | Raw) and part.id is not None:
            yield part.id


def _displayed(parts: tuple[_Part, ...]) -> int:
    return sum(units(part.content) for part in parts if isinstance(part, TextDisplay))


def _check_part(part: _Part) -> None:
    if isinstance(part, Row):
        _check_row(part)
    elif isinstance(part, Container):
        check_count("components in a container", len(part.components), _COMPONENTS_V2, least=1)
    elif isinstance(part, TextDisplay):
        check_text("a text display", part.content, _TEXT_DISPLAY, least=1)
    elif isinstance(part, Select):
        check_select(part)
    elif not isinstance(part, Raw):
        check_button(part)


def _check_row(row: Row) -> None:
    has_select = any(isinstance(part, Select) for part in row.components)
    if has_select:
        check_count("components in a row with a select", len(row.components), 1)
    check_count("buttons in a row", len(row.components), _BUTTONS, least=1)
