"""Everything that the workers of one client share, with typed access to it."""

from collections.abc import Sequence
from itertools import count
from typing import Any, Final, Protocol, cast

from gpcore.application.context import Bot
from gpcore.application.edge import Edge
from gpcore.application.routes import Routes
from gpcore.application.sessions import Sessions
from gpcore.application.supplying import Resources
from gpcore.application.worker import Worker
from gpcore.domain.ids import snowflake_at
from gpcore.domain.interactions import InteractionKind
from gpcore.domain.messages import OutgoingMessage
from gpcore.domain.metrics import Metric
from gpcore.domain.modals import Modal
from gpcore.domain.secrets import Secret
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import ConfigurationError
from gpcore.ports.admission_store import AdmissionStore
from gpcore.ports.clock import Clock
from gpcore.ports.codec import Codec
from gpcore.ports.publisher import Publisher
from gpcore.ports.session_store import SessionStore
from gpcore.ports.telemetry import Telemetry
from gprunner.application_container import Application
from gprunner.replacing import Overrides, replace_ports
from gprunner.settings import Settings
from gprunner.system import BOTH_LANES
from gprunner.testing.container import Shared, Twins, WorkerAdapters, WorkerDiscord
from gprunner.testing.lines import Line, Lines, WorkerEnd
from gprunner.testing.stories import Journal
from gprunner.testing.timers import AlarmClock, BotTime
from gprunner.testing.watching import WatchedRoutes

Raw = dict[str, Any]

_SEQUENCES: Final = 2**22
_FIRST_ID: Final = 1 << 12
"""Ids below are left to the twins, which count for themselves."""


class Publication(Protocol):
    """A message and the routing key that it is published under."""

    @property
    def message(self) -> WireMessage:
        """Body and properties."""

    @property
    def routing_key(self) -> str:
        """The event type."""


class Guilds(Protocol):
    """Who is where."""

    def join(self, guild_id: str, user_id: str, *, roles: Sequence[str] = ()) -> None:
        """Put a user into a guild."""

    def roles_of(self, guild_id: str, user_id: str) -> frozenset[str] | None:
        """Return a member's role ids; ``None`` for somebody who is no member."""


class Counted(Protocol):
    """What the workers have counted and measured, by metric and labels."""

    def counted(self, metric: Metric, *labels: str) -> int:
        """Return a counter summed over every series whose labels begin with ``labels``."""


class Stage:
    """Broker, state, Discord and time of a fleet in memory."""

    def __init__(self, settings: Settings, routes: Routes, overrides: Overrides) -> None:
        if Clock in overrides:
            raise ConfigurationError("overrides: the test client has a virtual clock of its own; use client.advance")
        self._sequence: Final = count(_FIRST_ID)
        self._dispatches: Final = count(1)
        self.settings: Final = settings
        self.journal: Final = Journal(self.new_id)
        self.routes: Final = WatchedRoutes(routes, self.journal)
        self.lines: Final = Lines(
            state=Line(peer="the state store", hear=_ignore),
            discord=Line(peer="Discord", hear=self.journal.hear),
            broker=Line(peer="the broker", hear=_ignore),
        )
        self._overrides: Final = overrides
        twins: Any = Twins()
        self._shared: Final[Any] = Shared(
            settings=settings, routes=self.routes, clock=twins.clock, telemetry=twins.telemetry
        )
        shared = {port: mine for port, mine in overrides.items() if port is not Bot}
        replace_ports(shared, {"adapters": self._shared, "discord": self._shared})
        self.time: Final = BotTime(cast("AlarmClock", self._shared.clock()))

    @property
    def now_ms(self) -> int:
        """Unix ms."""
        return self.time.clock.now_us() // 1000

    @property
    def clock(self) -> Clock:
        """The virtual clock, as the core sees it."""
        return cast("Clock", self._shared.clock())

    @property
    def publisher(self) -> Publisher:
        """The ingestor's end of the broker."""
        return cast("Publisher", self._shared.publisher())

    @property
    def guilds(self) -> Guilds:
        """Who is where."""
        return cast("Guilds", self._shared.members())

    def sessions_of(self, user_id: str) -> Sessions:
        """Return somebody's sessions, there even while workers cannot reach them."""
        store = cast("SessionStore", self._shared.sessions())
        return Sessions(store, user_id, self.clock, cast("Telemetry", self._shared.telemetry()))

    @property
    def admissions(self) -> AdmissionStore:
        """Where cooldowns and limits are, even while workers cannot reach them."""
        return cast("AdmissionStore", self._shared.admissions())

    @property
    def codec(self) -> Codec:
        """Reads what is published."""
        return cast("Codec", self._shared.codec())

    @property
    def telemetry(self) -> Counted:
        """What all workers count."""
        return cast("Counted", self._shared.telemetry())

    def worker(self, end: WorkerEnd) -> tuple[Worker, Resources]:
        """Return one more worker, not started, and where it keeps what the bot's lifespans yield."""
        own: dict[str, Any] = {"shared": self._shared, "lines": self.lines, "end": end}
        application: Any = Application(
            settings=self.settings,
            routes=self.routes,
            lanes=BOTH_LANES,
            adapters=WorkerAdapters(journal=self.journal, **own),
            discord=WorkerDiscord(**own),
        )
        own_bot = {port: mine for port, mine in self._overrides.items() if port is Bot}
        replace_ports(own_bot, {"application": application})
        return cast("Worker", application.worker()), cast("Edge", application.edge()).resources

    def new_id(self) -> str:
        """Mint a snowflake."""
        return snowflake_at(self.now_ms, next(self._sequence) % _SEQUENCES)

    def announce(self, token: Secret, kind: InteractionKind, *, from_message: bool, user_install_only: bool) -> None:
        """Tell Discord what it has sent, so that it refuses what does not fit."""
        known = self._shared.known_interaction(
            kind=kind, from_message=from_message, user_install_only=user_install_only
        )
        self._shared.discord().announce(token, known)

    def encode(self, dispatch: str, raw: Raw) -> Publication:
        """Return a dispatch as an ingestor publishes it, in the v2 format."""
        now_ms, sequence = self.now_ms, next(self._dispatches)
        return cast("Publication", self._shared.encode(dispatch, raw, published_at_ms=now_ms, sequence=sequence))

    def message_object(self, message: OutgoingMessage) -> Raw:
        """Return a message as gp sends it."""
        return cast("Raw", self._shared.message_payload(message))

    def modal_object(self, modal: Modal) -> Raw:
        """Return a form as gp sends it."""
        return cast("Raw", self._shared.modal_payload(modal))

    async def close(self) -> None:
        """End what the broker waits for."""
        await self._shared.broker().close()

    def redeliver(self, message: WireMessage, lane: Lane) -> None:
        """Let the broker hand a message out once more."""
        broker = self._shared.broker()
        broker.redeliver(message, queue=broker.layout.queue(lane))

    def dead_letters(self, lane: Lane) -> Sequence[WireMessage]:
        """Return what the lane has given up."""
        broker = self._shared.broker()
        return cast("Sequence[WireMessage]", broker.messages(broker.layout.dead_letter_queue(lane)))


def _ignore(_call: object) -> None:
    """Nobody looks at what the workers say to state and broker."""
