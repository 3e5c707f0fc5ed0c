"""A use that a limit or cooldown refuses."""

from dataclasses import dataclass
from datetime import timedelta

from gpcore.domain.limits import MICROSECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a handler was not started.

    Attributes:
        known: Whether a limit refused it. ``False``: limits could not be decided and the handler
            is declared with ``if_limits_down="refuse"``.
        retry_after: After which it would be admitted if nobody else comes, above zero; ``None`` if
            waiting cannot help or nothing is known.
        at_us: The same as a moment: Unix microseconds, or ``None``.
    """

    known: bool = True
    retry_after: timedelta | None = None
    at_us: int | None = None

    @property
    def when(self) -> str:
        """The moment in Discord's relative time markup, which every user sees in their own words."""
        if self.at_us is None:
            return "never" if self.known else "later"
        # Rounded up: at the moment shown it is allowed.
        return f"<t:{-(-self.at_us // MICROSECONDS)}:R>"
