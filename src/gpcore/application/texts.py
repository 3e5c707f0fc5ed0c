"""What gp itself says to users."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from gpcore.domain.locales import candidates
from gpcore.domain.option_problems import ENGLISH, RULES, OptionProblems
from gpcore.errors import OptionError


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The texts of one language, replaceable by a bot: ``Router(texts=Texts(done="✅"))``.

    Attributes:
        done: The handler ended without an answer.
        failed: The handler failed.
        not_available: No handler is registered.
        not_allowed: A check refuses.
        slow_down: A limit or cooldown refuses; ``{when}`` becomes Discord's relative time markup.
        limits_unknown: Limits cannot be decided and the handler says to refuse then.
        bad_option: An option's value does not fit; ``{option}`` and ``{problem}``.
        problems: What ``{problem}`` can be, unless the handler itself raised ``OptionError``.

    Raises:
        ValueError: A text has braces around something else.
    """

    done: str = "Done."
    failed: str = "Something went wrong. Please try again later."
    not_available: str = "This is not available right now."
    not_allowed: str = "You may not do this."
    slow_down: str = "Slow down: you can do this again {when}."
    limits_unknown: str = "This cannot be done right now. Please try again in a minute."
    bad_option: str = "`{option}` {problem}."
    problems: OptionProblems = ENGLISH

    def __post_init__(self) -> None:
        _check("slow_down", self.slow_down, when="")
        _check("bad_option", self.bad_option, option="", problem="")

    def misfit(self, error: OptionError, *, option: str) -> str:
        """Return what is said of an option's value that does not fit; ``option`` is its name as the user sees it.

        A handler's own ``OptionError`` may name a rule that is none of gp's: it says itself what is wrong then.
        """
        problem = self.problems.say(error.rule, error.bound) if error.rule in RULES else error.problem
        return self.bad_option.format(option=option, problem=problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordings:
    """The texts in every language that a bot speaks.

    Attributes:
        default: For users whose language is not there.
        by_locale: By Discord's locale, such as ``de``.
    """

    default: Texts = field(default_factory=Texts)
    by_locale: Mapping[str, Texts] = field(default_factory=lambda: MappingProxyType({}))

    def for_locale(self, locale: str | None) -> Texts:
        """Return the texts for a user; Discord's own stand-ins apply, such as ``en-GB`` for ``en-US``."""
        found = (self.by_locale.get(candidate) for candidate in candidates(locale))
        return next((texts for texts in found if texts is not None), self.default)


def _check(name: str, text: str, **values: str) -> None:
    try:
        text.format(**values)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError) as error:
        known = " and ".join(f"{{{value}}}" for value in values)
        raise ValueError(f"Texts({name}={text!r}): only {known} can stand in braces") from error
