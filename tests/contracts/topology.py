"""What every topology promises."""

from collections.abc import Sequence

import pytest

from gpcore.domain.wire_message import Lane
from gpcore.errors import ConfigurationError, PortUnavailableError
from gpcore.ports.topology import TopologyFinding
from tests.contracts.broker_world import BrokerWorld, a_message


class TopologyContract:
    """Subclass it per adapter, with a fixture ``bare_world`` in which nothing is declared."""

    async def test_check_changes_nothing(self, bare_world: BrokerWorld) -> None:
        topology = bare_world.topology()
        before = await topology.check()
        assert _states(before) == {"missing"}
        assert await topology.check() == before

    async def test_apply_creates_what_is_missing(self, bare_world: BrokerWorld) -> None:
        topology = bare_world.topology()
        assert {found.state for found in await topology.apply()} == {"ok"}
        assert _states(await topology.check()) == {"ok"}
        await bare_world.publisher().publish(a_message(), routing_key="guild.join")
        await bare_world.publisher().retry(a_message(), lane=Lane.INTERACTIONS, delay=5)

    async def test_apply_is_idempotent(self, bare_world: BrokerWorld) -> None:
        topology = bare_world.topology()
        first = await topology.apply()
        await bare_world.publisher().dead_letter(a_message(), lane=Lane.EVENTS)
        assert await topology.apply() == first
        assert await bare_world.waiting("dlq") == 1

    async def test_apply_never_replaces(self, bare_world: BrokerWorld) -> None:
        topology = bare_world.topology()
        await bare_world.declare_differently("interactions")
        [different] = [found for found in await topology.check() if found.state == "different"]
        assert different.name.endswith(".interactions")
        assert "900" in different.detail, "what gp declares"
        assert "5" in different.detail, "what is there"
        with pytest.raises(ConfigurationError) as refusal:
            await topology.apply()
        assert different.detail in str(refusal.value)
        assert different in await topology.check()

    async def test_raises_when_the_broker_cannot_be_reached(self, bare_world: BrokerWorld) -> None:
        bare_world.go_down()
        with pytest.raises(PortUnavailableError):
            await bare_world.topology().check()
        with pytest.raises(PortUnavailableError):
            await bare_world.topology().apply()


def _states(findings: Sequence[TopologyFinding]) -> set[str]:
    """Return the states of exchanges and queues; a broker may be unable to tell of bindings."""
    return {found.state for found in findings if found.kind != "binding"}
