"""What the test kit is made of: the second file that knows both ports and adapters.

``Shared`` outlives every worker: broker, state and Discord, all in memory on one virtual clock.
``WorkerAdapters`` and ``WorkerDiscord`` are one worker's ends of the lines to them; the worker itself is
``Application`` of ``gprunner.application_container``, as in production.
"""

from dependency_injector import containers, providers

from gpadapters.discord.component_payloads import modal
from gpadapters.discord.payloads import new_message
from gpadapters.memory.clock import VirtualClock
from gpadapters.memory.discord import InMemoryDiscord, InMemoryFirstResponder, InMemoryFollowups
from gpadapters.memory.discord_bot import (
    InMemoryChannels,
    InMemoryCommandRegistry,
    InMemoryMembers,
    InMemoryMessages,
)
from gpadapters.memory.discord_rules import KnownInteraction
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.wire.encoding import encode_v2
from gprunner.container import MemoryAdapters
from gprunner.testing.lines import Lines, WorkerEnd, connected
from gprunner.testing.stories import Journal
from gprunner.testing.watching import Outcomes, WatchedTelemetry, watched_source


class Twins(containers.DeclarativeContainer):
    """What stands for an embedded worker's clock and telemetry."""

    clock = providers.Singleton(VirtualClock)
    telemetry = providers.Singleton(InMemoryTelemetry)


class Shared(MemoryAdapters):
    """Broker, state and Discord of a whole fleet: an embedded worker's parts, to be made with ``Twins``."""

    discord = providers.Singleton(InMemoryDiscord, MemoryAdapters.clock)
    known_interaction = providers.Factory(KnownInteraction)
    first_responder = providers.Singleton(InMemoryFirstResponder, discord)
    followups = providers.Singleton(InMemoryFollowups, discord)
    members = providers.Singleton(InMemoryMembers)
    messages = providers.Singleton(InMemoryMessages, MemoryAdapters.clock)
    channels = providers.Singleton(InMemoryChannels, MemoryAdapters.clock)
    command_registry = providers.Singleton(InMemoryCommandRegistry)

    encode = providers.Callable(encode_v2)
    message_payload = providers.Callable(new_message)
    modal_payload = providers.Callable(modal)


class WorkerAdapters(containers.DeclarativeContainer):
    """One worker's way to broker and state."""

    shared = providers.DependenciesContainer()
    lines = providers.Dependency(instance_of=Lines)
    end = providers.Dependency(instance_of=WorkerEnd)
    journal = providers.Dependency(instance_of=Journal)

    outcomes = providers.Singleton(Outcomes)
    clock = shared.clock
    codec = shared.codec
    telemetry = providers.Singleton(WatchedTelemetry, shared.telemetry, outcomes)
    tracer = shared.tracer
    publisher = providers.Singleton(connected, shared.publisher, "publisher", lines.provided.broker, end)
    dead_letters = providers.Singleton(connected, shared.dead_letters, "dead_letters", lines.provided.broker, end)
    source = providers.Factory(watched_source, shared.source.provider, journal, outcomes)
    admissions = providers.Singleton(connected, shared.admissions, "admissions", lines.provided.state, end)
    claim_store = providers.Singleton(connected, shared.claim_store, "claims", lines.provided.state, end)
    sessions = providers.Singleton(connected, shared.sessions, "sessions", lines.provided.state, end)
    health_probes = providers.List()


class WorkerDiscord(containers.DeclarativeContainer):
    """One worker's way to Discord."""

    shared = providers.DependenciesContainer()
    lines = providers.Dependency(instance_of=Lines)
    end = providers.Dependency(instance_of=WorkerEnd)

    first_responder = providers.Singleton(
        connected, shared.first_responder, "first_responder", lines.provided.discord, end
    )
    followups = providers.Singleton(connected, shared.followups, "followups", lines.provided.discord, end)
    members = providers.Singleton(connected, shared.members, "members", lines.provided.discord, end)
    messages = providers.Singleton(connected, shared.messages, "messages", lines.provided.discord, end)
    channels = providers.Singleton(connected, shared.channels, "channels", lines.provided.discord, end)
