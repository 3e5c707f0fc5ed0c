"""Every provider of the containers can be built, and what it gives is what it says."""

import pytest

from examples.gallery import router
from gpadapters.memory.admission_store import InMemoryAdmissionStore
from gpadapters.memory.clock import VirtualClock
from gpcore import Router, Texts
from gpcore.application.health import HealthCheck
from gpcore.application.worker import Worker
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import ConfigurationError
from gpcore.ports.admission_store import AdmissionStore
from gpcore.ports.command_registry import CommandRegistry
from gpcore.ports.probe import Probe
from gpcore.ports.publisher import Publisher
from gpcore.ports.topology import Topology
from gprunner.application_container import Application
from gprunner.container import DiscordAdapters, EmbeddedAdapters, LiveAdapters
from gprunner.lifecycle import opened
from gprunner.settings import Settings
from gprunner.system import System

FACTORIES = {"source", "declared_topology"}
"""Providers that are called with arguments."""


def a_live_system(**changes: object) -> System:
    settings = Settings.load(
        rabbitmq_url="amqp://gp:hunter2@broker.invalid/",
        redis_url="redis://:hunter2@state.invalid/0",
        discord_application_id="1214497633075331073",
    )
    return System(settings, router.compile(), **changes)  # type: ignore[arg-type]  # any keyword of the class


async def test_every_provider_of_a_live_system_can_be_built() -> None:
    system = a_live_system()
    for container in (system._adapters, system._discord, system._application):
        for name, provider in container.providers.items():
            if name not in FACTORIES:
                assert provider() is not None, name
    assert system.declared_topology((3, 13))
    source = system._adapters.source(lane=Lane.EVENTS, prefetch=10)
    assert source.state() == "connecting"


async def test_every_provider_of_an_embedded_system_can_be_built() -> None:
    system = System(Settings.load(need=()), router.compile(), embedded=True)
    for part in system.to_start:
        await part.start()
    for container in (system._adapters, system._discord, system._application):
        for name, provider in container.providers.items():
            if name not in FACTORIES:
                assert provider() is not None, name
    for started in system.to_start:
        await started.close()


async def test_the_properties_give_what_they_say() -> None:
    system = a_live_system()
    assert isinstance(system.worker, Worker)
    assert isinstance(system.health, HealthCheck)
    assert isinstance(system.topology, Topology)
    assert isinstance(system.publisher, Publisher)
    assert isinstance(system.command_registry, CommandRegistry)
    assert [isinstance(probe, Probe) for probe in system.probes] == [True] * 3
    assert [lane.lane for lane in system.worker.lanes] == [Lane.INTERACTIONS, Lane.EVENTS]


def test_both_kinds_of_adapters_offer_what_the_application_needs() -> None:
    assert {"discord", "broker", "broker_layout"} >= set(EmbeddedAdapters.providers) - set(LiveAdapters.providers)
    needed = {"clock", "telemetry", "codec", "topology", "publisher", "source", "admissions", "claim_store", "sessions"}
    assert needed <= set(LiveAdapters.providers) & set(EmbeddedAdapters.providers)
    assert Application.providers
    assert DiscordAdapters.providers


async def test_a_port_can_be_replaced_by_the_callers_own() -> None:
    mine = InMemoryAdmissionStore(VirtualClock())
    system = a_live_system(overrides={AdmissionStore: mine})
    assert system._application.parts().admissions is mine


async def test_what_cannot_be_replaced_is_refused_with_the_choices() -> None:
    with pytest.raises(ConfigurationError, match=r"int cannot be replaced; choose from .*AdmissionStore"):
        a_live_system(overrides={int: 1})


async def test_a_worker_of_one_lane_consumes_only_that() -> None:
    system = a_live_system(lanes=(Lane.EVENTS,))
    assert [lane.lane for lane in system.worker.lanes] == [Lane.EVENTS]


async def test_a_bots_own_words_reach_the_worker() -> None:
    mine = Router(texts=Texts(done="That was it."))
    settings = Settings.load(need=())
    system = System(settings, mine.compile(), embedded=True)
    for part in system.to_start:
        await part.start()
    assert system.parts.edge.texts.default.done == "That was it."
    for part in system.to_start:
        await part.close()


async def test_a_callers_own_publisher_needs_no_close() -> None:
    class Silent(Publisher):
        async def publish(self, message: WireMessage, *, routing_key: str) -> None:
            """Take it."""

        async def retry(self, message: WireMessage, *, lane: Lane, delay: float) -> None:
            """Take it."""

        async def dead_letter(self, message: WireMessage, *, lane: Lane) -> None:
            """Take it."""

    mine = Silent()
    system = a_live_system(overrides={Publisher: mine})
    async with opened(system):
        assert system.publisher is mine
    assert id(mine) not in map(id, system.to_close())
