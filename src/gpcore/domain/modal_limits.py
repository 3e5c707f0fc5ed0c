"""Discord's limits of modals (receiving and responding; components reference)."""

from typing import Final

from gpcore.domain.control_limits import check_custom_id, check_select, check_text_input
from gpcore.domain.form_field_limits import check_form_field
from gpcore.domain.modals import Label, LabelChild, Modal, ModalField, TextInput
from gpcore.domain.raw_component import Raw
from gpcore.domain.selects import Select
from gpcore.domain.text_displays import TextDisplay
from gpcore.domain.text_limits import check_count, check_text, check_unique

_TITLE: Final = 45
_FIELDS: Final = 5
_LABEL: Final = 45
_DESCRIPTION: Final = 100
_TEXT_DISPLAY: Final = 4000


def check_modal(modal: Modal) -> None:
    """Check a modal.

    Raises:
        ReplyTooLargeError: Naming the limit.
    """
    check_text("a modal's title", modal.title, _TITLE, least=1)
    check_custom_id("a modal's id", modal.id)
    check_count("fields in a modal", len(modal.fields), _FIELDS, least=1)
    controls = [_control(field) for field in modal.fields]
    check_unique(
        "the ids in a modal", (control.id for control in controls if not isinstance(control, TextDisplay | Raw))
    )
    for field in modal.fields:
        _check_label(field)
    for control in controls:
        _check_control(control)


def _control(field: ModalField) -> LabelChild | TextDisplay:
    return field.component if isinstance(field, Label) else field


def _check_label(field: ModalField) -> None:
    if not isinstance(field, TextDisplay | Raw):
        check_text("a modal field's label", field.label, _LABEL, least=1)
        check_text("a modal field's description", field.description, _DESCRIPTION)


def _check_control(control: LabelChild | TextDisplay) -> None:
    match control:
        case TextInput():
            check_text_input(control)
        case Select():
            check_select(control)
        case TextDisplay():
            check_text("a text display", control.content, _TEXT_DISPLAY, least=1)
        case Raw():
            pass
        case _:
            check_form_field(control)
