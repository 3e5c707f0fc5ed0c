"""The in-memory broker's exchanges, queues and bindings."""

from collections.abc import Iterable, Sequence

from typing_extensions import override

from gpadapters.memory.broker import InMemoryBroker
from gpadapters.memory.broker_layout import BindingLayout, ExchangeLayout, QueueLayout
from gpcore.errors import ConfigurationError, PortUnavailableError
from gpcore.ports.topology import Topology, TopologyFinding

Layout = ExchangeLayout | QueueLayout | BindingLayout


class InMemoryTopology(Topology):
    """Checks and declares what the broker's layout asks for."""

    def __init__(self, broker: InMemoryBroker) -> None:
        self._broker = broker

    @override
    async def check(self) -> Sequence[TopologyFinding]:
        if not self._broker.up:
            raise PortUnavailableError("look at the topology: the broker is stopped")
        return examine(self._broker, self._wanted())

    @override
    async def apply(self) -> Sequence[TopologyFinding]:
        different = [found for found in await self.check() if found.state == "different"]
        if different:
            raise ConfigurationError([f"{found.kind} {found.name} differs: {found.detail}" for found in different])
        self._broker.declare(*self._wanted())
        return await self.check()

    def _wanted(self) -> tuple[Layout, ...]:
        layout = self._broker.layout
        return (*layout.exchanges(), *layout.queues(), *layout.bindings())


def examine(broker: InMemoryBroker, wanted: Iterable[Layout]) -> Sequence[TopologyFinding]:
    """Compare what is wanted with what the broker has."""
    return [_finding(layout, broker.has(layout)) for layout in wanted]


def _finding(wanted: Layout, there: Layout | None) -> TopologyFinding:
    kind, name = _kind_and_name(wanted)
    if there is None:
        return TopologyFinding(kind=kind, name=name, state="missing")
    if there != wanted:
        return TopologyFinding(
            kind=kind, name=name, state="different", detail=f"gp declares {wanted}; there is {there}"
        )
    return TopologyFinding(kind=kind, name=name, state="ok")


def _kind_and_name(wanted: Layout) -> tuple[str, str]:
    match wanted:
        case ExchangeLayout():
            return "exchange", wanted.name
        case QueueLayout():
            return "queue", wanted.name
        case BindingLayout():
            return "binding", f"{wanted.exchange} -> {wanted.queue} ({wanted.routing_key})"
