"""Everything that the stand-in Discord remembers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from gpadapters.simulator.errors import Json
from gpadapters.simulator.faults import FaultPlan
from gpadapters.simulator.interaction_state import Interactions
from gpadapters.simulator.rate_limits import Allowance, RateLimits
from gpadapters.simulator.recording import Recorder
from gpcore.domain.ids import snowflake_at

_SEQUENCE_END = 2**22


@dataclass(slots=True, kw_only=True)
class World:
    """State shared by all endpoints.

    Attributes:
        now: Seconds since the Unix epoch.
        open: Whether things that nobody registered exist when they are asked for.
        bot_token: The only one accepted; ``None`` accepts any.
        webhook_allowance: Per interaction and route.
        bot_allowance: Per guild or channel and route.
        global_allowance: Of all calls with the bot token.
        interactions: What is known of them.
        limits: The rate limits' windows.
        faults: What goes wrong next.
        recorder: What was asked.
        members: Role ids by guild and user.
        dm_channels: Direct-message channels' ids by user.
        channels: Direct-message channels and threads by id; every other id is a text channel.
        messages: The bot's messages by channel and id.
        nonces: Messages made with ``enforce_nonce``, by channel and nonce.
        commands: By guild, ``None`` for the global ones.
    """

    now: Callable[[], float]
    open: bool
    bot_token: str | None
    webhook_allowance: Allowance
    bot_allowance: Allowance
    global_allowance: Allowance
    interactions: Interactions
    limits: RateLimits = field(default_factory=RateLimits)
    faults: FaultPlan = field(default_factory=FaultPlan)
    recorder: Recorder = field(default_factory=Recorder)
    members: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    dm_channels: dict[str, str] = field(default_factory=dict)
    channels: dict[str, Json] = field(default_factory=dict)
    messages: dict[tuple[str, str], Json] = field(default_factory=dict)
    nonces: dict[tuple[str, str], Json] = field(default_factory=dict)
    commands: dict[str | None, list[Json]] = field(default_factory=dict)
    _sequence: Iterator[int] = field(default_factory=lambda: count(1))

    def new_id(self) -> str:
        """Mint a snowflake."""
        return snowflake_at(int(self.now() * 1000), next(self._sequence) % _SEQUENCE_END)

    def clear(self) -> None:
        """Forget everything but the configuration."""
        self.interactions.clear()
        self.limits.clear()
        self.faults.clear()
        self.recorder.clear()
        for kept in (self.members, self.dm_channels, self.channels, self.messages, self.nonces, self.commands):
            kept.clear()
