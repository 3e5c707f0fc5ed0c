"""The containers put together, with typed access to what the runner uses."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, cast

from gpcore.application.dead_letters import DeadLetterOffice
from gpcore.application.health import HealthCheck
from gpcore.application.replaying import Replayer
from gpcore.application.routes import Routes
from gpcore.application.worker import Worker
from gpcore.domain.wire_message import Lane
from gpcore.ports.command_registry import CommandRegistry
from gpcore.ports.probe import Probe
from gpcore.ports.publisher import Publisher
from gpcore.ports.topology import Topology
from gprunner.application_container import Application
from gprunner.assembly import Parts
from gprunner.container import DiscordAdapters, EmbeddedAdapters, LiveAdapters
from gprunner.replacing import Overrides, replace_ports
from gprunner.settings import Settings
from gprunner.system_parts import Closable, Metrics, Simulator, Startable

BOTH_LANES: Final = (Lane.INTERACTIONS, Lane.EVENTS)

CONNECTIONS: Final = ("broker", "state", "discord")


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
            tracer=self._adapters.tracer,
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
        # Closed the last: everything else may still tell of its end.
        found: list[object] = [self._adapters.traces()]
        if "broker" in groups:
            found += self._adapters.broker_connections()
        if "state" in groups:
            found += self._adapters.state_connections()
        if "discord" in groups:
            found += self._discord.connections()
        # A caller's own implementation of a port may have nothing to close.
        return [holder for holder in found if isinstance(holder, Closable)]
