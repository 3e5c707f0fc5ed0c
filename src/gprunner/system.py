"""The containers put together, with typed access to what the runner uses."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Protocol, cast, runtime_checkable

from gpcore.application.context import Bot
from gpcore.application.dead_letters import DeadLetterOffice
from gpcore.application.health import HealthCheck
from gpcore.application.replaying import Replayer
from gpcore.application.routes import Routes
from gpcore.application.worker import Worker
from gpcore.domain.wire_message import Lane
from gpcore.errors import ConfigurationError
from gpcore.ports.admission_store import AdmissionStore
from gpcore.ports.claim_store import ClaimStore
from gpcore.ports.clock import Clock
from gpcore.ports.codec import Codec
from gpcore.ports.command_registry import CommandRegistry
from gpcore.ports.egress_ledger import EgressLedger
from gpcore.ports.first_responder import FirstResponder
from gpcore.ports.followups import Followups
from gpcore.ports.probe import Probe
from gpcore.ports.publisher import Publisher
from gpcore.ports.request_limiter import RequestLimiter
from gpcore.ports.session_store import SessionStore
from gpcore.ports.telemetry import Telemetry
from gpcore.ports.topology import Topology
from gprunner.application_container import Application
from gprunner.assembly import Parts
from gprunner.container import DiscordAdapters, EmbeddedAdapters, LiveAdapters
from gprunner.settings import Settings

Overrides = Mapping[type[Any], object]
"""Implementations of a caller's own, by the port that they implement."""

BOTH_LANES: Final = (Lane.INTERACTIONS, Lane.EVENTS)

CONNECTIONS: Final = ("broker", "state", "discord")

_REPLACEABLE: Final[Mapping[type[Any], tuple[str, str]]] = {
    AdmissionStore: ("adapters", "admissions"),
    ClaimStore: ("adapters", "claim_store"),
    SessionStore: ("adapters", "sessions"),
    RequestLimiter: ("adapters", "request_limiter"),
    EgressLedger: ("adapters", "egress_ledger"),
    Clock: ("adapters", "clock"),
    Codec: ("adapters", "codec"),
    Publisher: ("adapters", "publisher"),
    Telemetry: ("adapters", "telemetry"),
    Topology: ("adapters", "topology"),
    FirstResponder: ("discord", "first_responder"),
    Followups: ("discord", "followups"),
    CommandRegistry: ("discord", "command_registry"),
    Bot: ("application", "bot"),
}


class Startable(Protocol):
    """Has to be started before the system works."""

    async def start(self) -> object:
        """Start."""

    async def close(self) -> None:
        """Stop."""


class Answered(Protocol):
    """An interaction as a stand-in Discord knows it.

    Attributes:
        first: The first answer's type, ``None`` before it.
        answer: Its data.
        original: Discord's object of the message of the first answer.
        loading: Whether that only says "thinking".
    """

    first: int | None
    answer: dict[str, Any]
    original: dict[str, Any] | None
    loading: bool


class Simulator(Startable, Protocol):
    """A stand-in Discord."""

    def register_interaction(
        self, interaction_id: str, token: str | None = None, *, kind: int | None = None, from_message: bool = False
    ) -> None:
        """Make an interaction known, so that only what is legal for its kind is accepted."""

    def interaction(self, interaction_id: str) -> Answered | None:
        """Return what is known of an interaction."""

    def messages(self) -> list[dict[str, Any]]:
        """Return the bot's messages in channels, oldest first."""


@runtime_checkable
class Closable(Protocol):
    """Holds connections."""

    async def close(self) -> None:
        """Close them."""


@runtime_checkable
class Metrics(Protocol):
    """Telemetry that can be scraped."""

    def render(self) -> tuple[bytes, str]:
        """Return the exposition and its content type."""


class System:
    """One worker's parts; nothing is built before it is asked for.

    dependency-injector does not carry types through its providers, so the properties here say
    what each one gives; a test builds them all.
    """

    def __init__(
        self,
        settings: Settings,
        routes: Routes,
        *,
        lanes: Sequence[Lane] = BOTH_LANES,
        embedded: bool = False,
        overrides: Overrides | None = None,
    ) -> None:
        kind = EmbeddedAdapters if embedded else LiveAdapters
        self._adapters: Final[Any] = kind(settings=settings, routes=routes)
        if not embedded and settings.redis_url is None:
            # A command that only asks Discord, such as `gp commands`, has nobody to share the bot's limits with.
            self._adapters.request_limiter.override(self._adapters.lone_limiter)
            self._adapters.egress_ledger.override(self._adapters.lone_ledger)
        self._discord: Final[Any] = DiscordAdapters(
            settings=self._adapters.discord_settings,
            clock=self._adapters.clock,
            telemetry=self._adapters.telemetry,
            request_limiter=self._adapters.request_limiter,
            lone_limiter=self._adapters.lone_limiter,
            egress_ledger=self._adapters.egress_ledger,
        )
        self._application: Final[Any] = Application(
            settings=settings, routes=routes, lanes=tuple(lanes), adapters=self._adapters, discord=self._discord
        )
        parts = {"adapters": self._adapters, "discord": self._discord, "application": self._application}
        replace_ports(overrides or {}, parts)

    @property
    def parts(self) -> Parts:
        """What the worker is made of."""
        return cast("Parts", self._application.parts())

    @property
    def worker(self) -> Worker:
        """The worker, not started."""
        return cast("Worker", self._application.worker())

    @property
    def health(self) -> HealthCheck:
        """Its health check."""
        return cast("HealthCheck", self._application.health())

    @property
    def topology(self) -> Topology:
        """The broker's topology."""
        return cast("Topology", self._adapters.topology())

    @property
    def publisher(self) -> Publisher:
        """For synthetic messages."""
        return cast("Publisher", self._adapters.publisher())

    @property
    def dead_letter_office(self) -> DeadLetterOffice:
        """For looking at dead letters."""
        return cast("DeadLetterOffice", self._application.dead_letter_office())

    @property
    def replayer(self) -> Replayer:
        """For putting dead letters back; needs the state store too."""
        return cast("Replayer", self._application.replayer())

    @property
    def metrics(self) -> Metrics | None:
        """What ``/metrics`` shows; ``None`` if the telemetry was replaced by one that shows nothing."""
        telemetry = self._adapters.telemetry()
        return telemetry if isinstance(telemetry, Metrics) else None

    @property
    def probes(self) -> Sequence[Probe]:
        """The peers' probes, Discord's included."""
        return [*cast("list[Probe]", self._adapters.probes()), cast("Probe", self._discord.probe())]

    @property
    def health_probes(self) -> Sequence[Probe]:
        """The peers without which the worker is not ready, beside the broker."""
        return cast("list[Probe]", self._adapters.health_probes())

    @property
    def command_registry(self) -> CommandRegistry:
        """The commands registered with Discord."""
        return cast("CommandRegistry", self._discord.command_registry())

    @property
    def simulator(self) -> Simulator:
        """The stand-in Discord of an embedded system."""
        return cast("Simulator", self._adapters.discord())

    def declared_topology(self, version: tuple[int, int]) -> Sequence[Mapping[str, str]]:
        """Return what a broker of this version should have, a row for each object."""
        return cast("Sequence[Mapping[str, str]]", self._adapters.declared_topology(version=version))

    @property
    def to_start(self) -> Sequence[Startable]:
        """What must be started first, in order."""
        return cast("Sequence[Startable]", self._adapters.to_start())

    def to_close(self, groups: Collection[str] = CONNECTIONS) -> Sequence[Closable]:
        """Return what holds connections in these groups of ``CONNECTIONS``, to be closed last."""
        found: list[object] = []
        if "broker" in groups:
            found += self._adapters.broker_connections()
        if "state" in groups:
            found += self._adapters.state_connections()
        if "discord" in groups:
            found += self._discord.connections()
        # A caller's own implementation of a port may have nothing to close.
        return [holder for holder in found if isinstance(holder, Closable)]


def replace_ports(overrides: Overrides, parts: Mapping[str, Any]) -> None:
    """Let a caller's own implementations take the place of adapters.

    Args:
        overrides: Implementations by port.
        parts: The containers ``adapters``, ``discord`` and ``application``.

    Raises:
        ConfigurationError: A port cannot be replaced.
    """
    for port, implementation in overrides.items():
        if port not in _REPLACEABLE:
            known = ", ".join(sorted(kind.__name__ for kind in _REPLACEABLE))
            raise ConfigurationError(f"overrides: {port.__name__} cannot be replaced; choose from {known}")
        container, provider = _REPLACEABLE[port]
        getattr(parts[container], provider).override(implementation)
