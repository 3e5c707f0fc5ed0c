"""What gp itself says to users."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The texts, replaceable by a bot: ``Router(texts=Texts(done="✅"))``.

    Attributes:
        done: The handler ended without an answer.
        failed: The handler failed.
        not_available: No handler is registered.
        slow_down: A limit or cooldown refuses; ``{when}`` becomes Discord's relative time markup.
        limits_unknown: Limits cannot be decided and the handler says to refuse then.
        bad_option: An option's value does not fit; ``{option}`` and ``{problem}``.
    """

    done: str = "Done."
    failed: str = "Something went wrong. Please try again later."
    not_available: str = "This is not available right now."
    slow_down: str = "Slow down: you can do this again {when}."
    limits_unknown: str = "This cannot be done right now. Please try again in a minute."
    bad_option: str = "`{option}` {problem}."
