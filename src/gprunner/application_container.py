"""How a worker and what looks after its dead letters are made of ports, whoever implements those.

Declarations only: ``gprunner.container`` has the adapters.
"""

from dependency_injector import containers, providers

from gpcore.application.claiming import Claims
from gpcore.application.context import Bot
from gpcore.application.dead_letters import DeadLetterOffice, LetterReader
from gpcore.application.edge import Edge
from gpcore.application.replaying import Replayer
from gpcore.application.routes import Routes
from gprunner import derived
from gprunner.assembly import Parts, assemble_health, assemble_worker
from gprunner.settings import Settings


class Application(containers.DeclarativeContainer):
    """The worker over whichever adapters it is given."""

    settings = providers.Dependency(instance_of=Settings)
    routes = providers.Dependency(instance_of=Routes)
    lanes = providers.Dependency(instance_of=tuple)
    adapters = providers.DependenciesContainer()
    discord = providers.DependenciesContainer()

    bot = providers.Singleton(Bot, members=discord.members, messages=discord.messages, channels=discord.channels)
    edge = providers.Singleton(
        Edge,
        responder=discord.first_responder,
        followups=discord.followups,
        sessions=adapters.sessions,
        bot=bot,
        clock=adapters.clock,
        telemetry=adapters.telemetry,
        tracer=adapters.tracer,
        texts=routes.provided.texts,
        timing=providers.Callable(derived.timing, settings),
    )
    claims = providers.Singleton(
        Claims,
        adapters.claim_store,
        adapters.clock,
        adapters.telemetry,
        lease_us=providers.Callable(derived.lease_us, settings),
        ladders=providers.Callable(derived.ladders, settings),
        tracer=adapters.tracer,
    )
    parts = providers.Singleton(
        Parts,
        settings=settings,
        routes=routes,
        edge=edge,
        codec=adapters.codec,
        claims=claims,
        admissions=adapters.admissions,
        publisher=adapters.publisher,
        source=adapters.source.provider,
    )
    worker = providers.Singleton(assemble_worker, parts, lanes)
    letter_reader = providers.Singleton(LetterReader, adapters.codec, adapters.clock)
    dead_letter_office = providers.Singleton(DeadLetterOffice, adapters.dead_letters, letter_reader)
    replayer = providers.Singleton(Replayer, adapters.dead_letters, letter_reader, adapters.claim_store, adapters.clock)
    health = providers.Singleton(assemble_health, worker, adapters.health_probes, adapters.clock, settings)
