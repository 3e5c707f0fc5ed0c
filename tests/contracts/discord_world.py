from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from itertools import count

from gpcore.domain.ids import snowflake_at
from gpcore.domain.secrets import Secret
from gpcore.ports.first_responder import FirstResponder
from gpcore.ports.followups import Followups
from tests.settable_clock import SECOND, SettableClock

NOT_SNOWFLAKES = ["", "0", "12", "../../users/@me", "157439411151412022٣", "1574394111514120223/../x", "9" * 21]
NOT_TOKENS = ["", ".", "..", "../..", "a/b", "a?b", "a#b", "a%2Fb", "a b", "a\nb", "ä", "x" * 1025]

_SEQUENCE = count(1)


@dataclass(frozen=True, kw_only=True)
class Given:
    """An interaction that somebody made."""

    id: str
    token: Secret = field(repr=False)


class InteractionWorld(ABC):
    """A Discord with both ports of its interactions."""

    clock: SettableClock
    responder: FirstResponder
    followups: Followups

    @abstractmethod
    def know(self, given: Given, *, kind: int) -> None:
        """Make Discord know of an interaction."""

    @abstractmethod
    def requests(self) -> int:
        """How many requests Discord has seen."""

    @abstractmethod
    def shown(self, given: Given) -> list[str]:
        """Contents of the interaction's messages, the original first."""

    def interaction(self, *, kind: int = 2, age_ms: int = 100) -> Given:
        """Let a user do something."""
        number = next(_SEQUENCE)
        interaction_id = snowflake_at(self.clock.now_us() // 1000 - age_ms, number)
        given = Given(id=interaction_id, token=Secret(f"token-{number}_{'x' * 100}"))
        self.know(given, kind=kind)
        return given

    def pass_seconds(self, seconds: float) -> None:
        """Let time go by."""
        self.clock.advance(int(seconds * SECOND))
