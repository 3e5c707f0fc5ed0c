"""What can be wrong with an option's value, in words."""

from dataclasses import dataclass, fields
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionProblems:
    """Why a value does not fit, in one language: each goes on after the option's name.

    Attributes:
        missing: A required option was left out.
        not_offered: It is none of the fixed choices.
        no_text, no_whole_number, no_number, no_truth_value, no_id: It is of the wrong type.
        too_short, too_long: A text's length; ``{bound}`` is the declared one.
        too_small, too_large: A number; ``{bound}`` likewise.
        beyond_numbers: A number that Discord cannot hold.

    Raises:
        ValueError: A text has braces around something else than ``bound``.
    """

    missing: str = "is missing"
    not_offered: str = "is none of the choices"
    no_text: str = "must be a text"
    no_whole_number: str = "must be a whole number"
    no_number: str = "must be a number"
    no_truth_value: str = "must be true or false"
    no_id: str = "must be an id"
    too_short: str = "must have at least {bound} characters"
    too_long: str = "must have at most {bound} characters"
    too_small: str = "must be at least {bound}"
    too_large: str = "must be at most {bound}"
    beyond_numbers: str = "is too large"

    def __post_init__(self) -> None:
        for name in (field.name for field in fields(self)):
            text = getattr(self, name)
            try:
                # As gp fills it in: with a whole number, with one that has a point, and with nothing.
                for bound in ("", 1, 0.5):
                    text.format(bound=bound)
            except (KeyError, IndexError, ValueError, AttributeError, TypeError) as error:
                raise ValueError(f"OptionProblems({name}={text!r}): only {{bound}} can stand in braces") from error

    def say(self, rule: str, bound: float | None = None) -> str:
        """Return the words for one of ``RULES``; ``bound`` where it has one."""
        text: str = getattr(self, rule)
        return text.format(bound="" if bound is None else bound)


RULES: Final = tuple(field.name for field in fields(OptionProblems))
"""What ``OptionProblems`` has words for."""

ENGLISH: Final = OptionProblems()
