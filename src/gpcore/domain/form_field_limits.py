"""Discord's limits of the fields that only a modal has (components reference)."""

from typing import Final

from gpcore.domain.control_limits import check_custom_id, check_lines
from gpcore.domain.form_fields import CheckboxGroup, FileUpload, FormField, RadioGroup
from gpcore.domain.text_limits import check_count, check_number

_VALUES: Final = 10
_FEWEST_RADIOS: Final = 2


def check_form_field(field: FormField) -> None:
    """Check a field, but not the label around it.

    Raises:
        ReplyTooLargeError: Naming the limit.
    """
    match field:
        case FileUpload():
            check_custom_id("a file upload's id", field.id)
            check_number("a file upload's min_values", field.min_values, _VALUES)
            check_number("a file upload's max_values", field.max_values, _VALUES, least=1)
        case RadioGroup():
            check_custom_id("a radio group's id", field.id)
            check_count("options in a radio group", len(field.lines), _VALUES, least=_FEWEST_RADIOS)
            check_lines("a radio group", field.lines)
        case CheckboxGroup():
            check_custom_id("a checkbox group's id", field.id)
            check_count("options in a checkbox group", len(field.lines), _VALUES, least=1)
            check_number("a checkbox group's min_values", field.min_values, _VALUES)
            check_number("a checkbox group's max_values", field.max_values, _VALUES, least=1)
            check_lines("a checkbox group", field.lines)
        case _:
            check_custom_id("a checkbox's id", field.id)
