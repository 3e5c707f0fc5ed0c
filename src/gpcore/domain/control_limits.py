"""Discord's limits of buttons, selects and text inputs (components reference)."""

from typing import Final

from gpcore.domain.buttons import Button
from gpcore.domain.modals import TextInput
from gpcore.domain.selects import Select, SelectOption
from gpcore.domain.text_limits import check_count, check_number, check_text, check_unique

CUSTOM_ID: Final = 100
_OPTIONS: Final = 25
_OPTION_TEXT: Final = 100
_TEXT_INPUT: Final = 4000


def check_custom_id(name: str, custom_id: str | None) -> None:
    """Check one custom id; links have none.

    Raises:
        ReplyTooLargeError: Naming the limit.
    """
    check_text(name, custom_id, CUSTOM_ID, least=1)


def check_button(button: Button) -> None:
    """Check a button.

    Raises:
        ReplyTooLargeError: Naming the limit.
    """
    check_custom_id("a button's id", button.id)
    check_text("a button's label", button.label, 80, least=0 if button.emoji is not None else 1)
    check_text("a button's url", button.url, 512, least=1)


def check_select(select: Select) -> None:
    """Check a select with its options.

    Raises:
        ReplyTooLargeError: Naming the limit.
    """
    check_custom_id("a select's id", select.id)
    check_text("a select's placeholder", select.placeholder, 150)
    check_number("a select's min_values", select.min_values, 25)
    check_number("a select's max_values", select.max_values, 25, least=1)
    check_count("options in a select", len(select.lines), _OPTIONS)
    check_lines("a select", select.lines)


def check_lines(where: str, lines: tuple[SelectOption, ...]) -> None:
    """Check the options of a select or group, but not how many there are.

    Raises:
        ReplyTooLargeError: Naming the limit.
    """
    check_unique(f"option values in {where}", (line.value for line in lines))
    for line in lines:
        check_text("an option's label", line.label, _OPTION_TEXT, least=1)
        check_text("an option's value", line.value, _OPTION_TEXT, least=1)
        check_text("an option's description", line.description, _OPTION_TEXT)


def check_text_input(text_input: TextInput) -> None:
    """Check a text input, but not the label around it.

    Raises:
        ReplyTooLargeError: Naming the limit.
    """
    check_custom_id("a text input's id", text_input.id)
    check_text("a text input's placeholder", text_input.placeholder, 100)
    check_text("a text input's value", text_input.value, _TEXT_INPUT)
    check_number("a text input's min_length", text_input.min_length, _TEXT_INPUT)
    check_number("a text input's max_length", text_input.max_length, _TEXT_INPUT, least=1)
