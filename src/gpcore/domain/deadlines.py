"""How long an interaction can still be answered.

Discord invalidates the token 3 s after it has created the interaction unless a first answer
arrived, and 15 minutes after it otherwise (Discord, "Receiving and Responding"). Both count from
the creation time inside the interaction's id. gp keeps a margin for the round trip and for clocks
that disagree.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gpcore.domain.ids import created_at_ms

MILLISECONDS: Final = 1000
FIRST_ANSWER_WINDOW_MS: Final = 2_700
"""Discord's 3000 ms less a round trip and an allowance for clocks."""
TOKEN_LIFE_MS: Final = 15 * 60 * 1000
TOKEN_MARGIN_MS: Final = 30_000
FUTURE_TOLERANCE_MS: Final = 5_000
"""How far an interaction may seem to lie in the future before it is not believed."""


class Age(StrEnum):
    """What an interaction's age allows."""

    FRESH = "fresh"
    """A first answer can still be made."""
    LATE = "late"
    """Too late for a first answer; the token works only if one was made."""
    EXPIRED = "expired"
    """The token is over."""
    FUTURE = "future"
    """Created later than any clock's error explains."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The moments in one interaction's life, in Unix milliseconds.

    Attributes:
        created_ms: When Discord created it, never later than ``seen_ms``.
    """

    created_ms: int

    @classmethod
    def of(cls, interaction_id: str, now_ms: int) -> "Deadlines":
        """Return the deadlines; an interaction slightly in the future counts as created now."""
        return cls(min(created_at_ms(interaction_id), now_ms))

    @property
    def first_answer_ms(self) -> int:
        """The last moment to send a first answer."""
        return self.created_ms + FIRST_ANSWER_WINDOW_MS

    @property
    def token_ms(self) -> int:
        """The last moment to send an edit or a follow-up."""
        return self.created_ms + TOKEN_LIFE_MS - TOKEN_MARGIN_MS

    def auto_defer_ms(self, received_ms: int, after_s: float, defer_timeout_ms: int) -> int:
        """Return when to defer by itself: ``after_s`` from receipt, but not past ``defer_timeout_ms`` of age."""
        return min(received_ms + int(after_s * MILLISECONDS), self.created_ms + defer_timeout_ms)


def first_answer_left_ms(interaction_id: str, now_ms: int) -> int:
    """Return how long a first answer can still be made, in milliseconds; negative if it is too late."""
    return created_at_ms(interaction_id) + FIRST_ANSWER_WINDOW_MS - now_ms


def judge_age(interaction_id: str, now_ms: int) -> Age:
    """Tell what an interaction's age allows; ``now_ms`` is Unix milliseconds."""
    age = now_ms - created_at_ms(interaction_id)
    if age < -FUTURE_TOLERANCE_MS:
        return Age.FUTURE
    if age >= TOKEN_LIFE_MS - TOKEN_MARGIN_MS:
        return Age.EXPIRED
    return Age.LATE if age >= FIRST_ANSWER_WINDOW_MS else Age.FRESH
