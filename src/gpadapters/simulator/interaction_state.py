"""What the stand-in Discord knows of interactions, and how they change."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from gpadapters.simulator import table
from gpadapters.simulator.errors import Json
from gpadapters.simulator.message_bodies import APPLICATION_ID, CHANNEL_ID
from gpcore.domain.ids import created_at_ms, is_snowflake

ANSWER_SECONDS: Final = 3.0
TOKEN_SECONDS: Final = 900.0
FUTURE_SECONDS: Final = 5.0
"""How far ahead of the simulator's clock an id's may be."""

_MOST_KEPT: Final = 100_000


@dataclass(slots=True, kw_only=True)
class SimulatedInteraction:
    """One interaction.

    Attributes:
        id: Snowflake.
        token: ``None`` until it is told or used.
        kind: The interaction's type, ``None`` if nobody told.
        application_id: Whose it is, ``None`` if nobody told.
        from_message: Whether a component of a message is behind it.
        user_install_only: Five follow-ups at most.
        first: The first answer's type, ``None`` before it.
        answer: The first answer's data.
        answered_at: When it came, in seconds of the simulator's clock.
        original: The message of the first answer.
        loading: Whether the original still shows "thinking".
        messages: Original and follow-ups that exist, by id.
        followups: How many follow-ups were made.
    """

    id: str
    token: str | None = field(default=None, repr=False)
    kind: int | None = None
    application_id: str | None = None
    channel_id: str = CHANNEL_ID
    from_message: bool = False
    user_install_only: bool = False
    first: int | None = None
    answer: Json = field(default_factory=dict)
    answered_at: float | None = None
    original: Json | None = None
    loading: bool = False
    messages: dict[str, Json] = field(default_factory=dict)
    followups: int = 0

    def age(self, now: float) -> float:
        """Return the seconds since the id was minted."""
        return now - created_at_ms(self.id) / 1000

    @property
    def owner(self) -> str:
        """The application's id, a made-up one if nobody told."""
        return self.application_id or APPLICATION_ID

    @property
    def legal_answers(self) -> frozenset[int]:
        """The callback types that it takes."""
        return table.legal_answers(self.kind, from_message=self.from_message)


class Interactions:
    """Every interaction, the latest hundred thousand."""

    def __init__(self, *, open_to_strangers: bool) -> None:
        self._open = open_to_strangers
        self._by_id: OrderedDict[str, SimulatedInteraction] = OrderedDict()
        self._by_token: dict[str, SimulatedInteraction] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, interaction: SimulatedInteraction) -> None:
        """Keep an interaction."""
        self._by_id[interaction.id] = interaction
        if interaction.token is not None:
            self._by_token[interaction.token] = interaction
        if len(self._by_id) > _MOST_KEPT:
            _, oldest = self._by_id.popitem(last=False)
            if oldest.token is not None:
                self._by_token.pop(oldest.token, None)

    def get(self, interaction_id: str) -> SimulatedInteraction | None:
        """Return the interaction with this id."""
        return self._by_id.get(interaction_id)

    def latest(self, most: int) -> Sequence[SimulatedInteraction]:
        """Return those that were met last, newest first."""
        return tuple(islice(reversed(self._by_id.values()), most))

    def with_token(self, token: str) -> SimulatedInteraction | None:
        """Return the interaction that this token answers."""
        return self._by_token.get(token)

    def meet(self, interaction_id: str, token: str, now: float) -> SimulatedInteraction | None:
        """Return the interaction that a callback is meant for, making one up in the open mode."""
        known = self._by_id.get(interaction_id)
        if known is None:
            return self._stranger(interaction_id, token, now)
        if known.token is None:
            known.token = token
            self._by_token[token] = known
        return known if known.token == token else None

    def clear(self) -> None:
        """Forget all."""
        self._by_id.clear()
        self._by_token.clear()

    def _stranger(self, interaction_id: str, token: str, now: float) -> SimulatedInteraction | None:
        if not self._open or not is_snowflake(interaction_id) or token in self._by_token:
            return None
        stranger = SimulatedInteraction(id=interaction_id, token=token)
        if not -FUTURE_SECONDS <= stranger.age(now) <= ANSWER_SECONDS:
            return None
        self.add(stranger)
        return stranger
