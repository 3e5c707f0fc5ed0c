"""What is made of what: the only file that knows both ports and adapters.

Declarations only, and synchronous throughout: ``gprunner.lifecycle`` opens and closes things in
order. ``LiveAdapters`` talks to RabbitMQ, Redis and Discord; ``EmbeddedAdapters`` has them in this
process. ``Application`` of ``gprunner.application_container`` takes either.
"""

from dependency_injector import containers, providers

from gpadapters.discord.bot_api import BotApi
from gpadapters.discord.brake import Brake
from gpadapters.discord.channels import HttpChannels
from gpadapters.discord.command_registry import HttpCommandRegistry
from gpadapters.discord.egress_watch import EgressWatch
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.fleet_gate import FleetGate
from gpadapters.discord.followups import HttpFollowups
from gpadapters.discord.members import HttpMembers
from gpadapters.discord.messages import HttpMessages
from gpadapters.discord.probe import DiscordProbe
from gpadapters.discord.responder import HttpFirstResponder
from gpadapters.discord.settings import DiscordSettings
from gpadapters.discord.transport import DiscordTransport
from gpadapters.memory.admission_store import InMemoryAdmissionStore
from gpadapters.memory.broker import InMemoryBroker
from gpadapters.memory.broker_layout import BrokerLayout
from gpadapters.memory.claim_store import InMemoryClaimStore
from gpadapters.memory.dead_letters import InMemoryDeadLetters
from gpadapters.memory.egress_ledger import InMemoryEgressLedger
from gpadapters.memory.publisher import InMemoryPublisher
from gpadapters.memory.request_limiter import InMemoryRequestLimiter
from gpadapters.memory.session_store import InMemorySessionStore
from gpadapters.memory.source import InMemoryDeliverySource
from gpadapters.memory.topology import InMemoryTopology
from gpadapters.observability.logging import configure_logging
from gpadapters.observability.merging import merged
from gpadapters.observability.prometheus import PrometheusTelemetry
from gpadapters.observability.reading import read_exposition
from gpadapters.rabbitmq.dead_letters import RabbitDeadLetters
from gpadapters.rabbitmq.declaration import TopologyPlan
from gpadapters.rabbitmq.description import describe
from gpadapters.rabbitmq.names import Names
from gpadapters.rabbitmq.probe import RabbitProbe
from gpadapters.rabbitmq.publisher import RabbitPublisher
from gpadapters.rabbitmq.settings import RabbitSettings
from gpadapters.rabbitmq.source import RabbitDeliverySource
from gpadapters.rabbitmq.topology import RabbitTopology
from gpadapters.redis.claim_store import RedisClaimStore
from gpadapters.redis.client import RedisClient
from gpadapters.redis.egress_ledger import RedisEgressLedger
from gpadapters.redis.probe import RedisProbe
from gpadapters.redis.request_limiter import RedisRequestLimiter
from gpadapters.redis.session_store import RedisSessionStore
from gpadapters.redis.settings import RedisSettings
from gpadapters.redis.stores import admission_store
from gpadapters.redis.watched_calls import CallWatch
from gpadapters.simulator.faults import chosen_fault
from gpadapters.simulator.server import SimulatedDiscord
from gpadapters.system.clock import SystemClock
from gpadapters.tracing.opening import open_traces
from gpadapters.wire.encoding import encode_frame, encode_v1, encode_v2
from gpadapters.wire.json_codec import JsonCodec
from gpadapters.wire.schema import wire_schemas
from gpcore.application.routes import Routes
from gpcore.ports.clock import Clock
from gpcore.ports.egress_ledger import EgressLedger
from gpcore.ports.request_limiter import RequestLimiter
from gpcore.ports.telemetry import Telemetry
from gpcore.ports.tracer import Tracer
from gprunner import derived
from gprunner.settings import EMBEDDED_APPLICATION_ID, EMBEDDED_BOT_TOKEN, Settings


class LiveAdapters(containers.DeclarativeContainer):
    """RabbitMQ, Redis and Discord, as the settings say."""

    settings = providers.Dependency(instance_of=Settings)
    routes = providers.Dependency(instance_of=Routes)

    application_id = providers.Callable(derived.application_id, settings)
    prefix = settings.provided.gp_state_prefix

    clock = providers.Singleton(SystemClock)
    telemetry = providers.Singleton(PrometheusTelemetry)
    traces = providers.Singleton(open_traces, settings.provided.gp_traces)
    tracer = traces.provided.tracer
    codec = providers.Singleton(JsonCodec, formats=settings.provided.gp_wire_formats)

    rabbit_settings = providers.Singleton(RabbitSettings, url=providers.Callable(derived.rabbit_url, settings))
    topology_plan = providers.Singleton(
        TopologyPlan,
        names=providers.Factory(Names, settings.provided.gp_prefix, providers.Callable(derived.ladders, settings)),
        dispatch_names=providers.Callable(derived.dispatch_names, routes),
        message_events=providers.Callable(derived.message_events, routes),
        adopt_main=providers.Callable(derived.adopt_main, settings),
    )
    topology = providers.Singleton(RabbitTopology, rabbit_settings, topology_plan)
    publisher = providers.Singleton(RabbitPublisher, rabbit_settings, topology_plan.provided.names)
    dead_letters = providers.Singleton(
        RabbitDeadLetters, rabbit_settings, topology_plan.provided.names, publisher=publisher
    )
    source = providers.Factory(RabbitDeliverySource, rabbit_settings, topology_plan, telemetry=telemetry)
    broker_probe = providers.Singleton(RabbitProbe, rabbit_settings)

    redis_settings = providers.Singleton(
        RedisSettings, url=providers.Callable(derived.redis_url, settings), key_prefix=prefix
    )
    redis_watch = providers.Singleton(CallWatch, telemetry, tracer)
    hot_redis = providers.Singleton(
        RedisClient, redis_settings, timeout=redis_settings.provided.hot_timeout, watch=redis_watch
    )
    background_redis = providers.Singleton(
        RedisClient, redis_settings, timeout=redis_settings.provided.background_timeout, watch=redis_watch
    )
    admissions = providers.Singleton(admission_store, hot_redis, prefix)
    claim_store = providers.Singleton(RedisClaimStore, hot_redis, prefix, background=background_redis)
    sessions = providers.Singleton(RedisSessionStore, hot_redis, prefix)
    request_limiter = providers.Singleton(RedisRequestLimiter, hot_redis, application_id, prefix)
    lone_limiter = providers.Singleton(
        InMemoryRequestLimiter, clock, most_per_second=providers.Callable(derived.lone_share, settings)
    )
    egress_ledger = providers.Singleton(RedisEgressLedger, hot_redis, settings.provided.gp_egress, prefix)
    lone_ledger = providers.Singleton(InMemoryEgressLedger, clock)
    state_probe = providers.Singleton(RedisProbe, background_redis)

    discord_settings = providers.Singleton(
        DiscordSettings,
        application_id=application_id,
        api_url=settings.provided.discord_api_url,
        bot_token=providers.Callable(derived.bot_token, settings),
    )
    # The broker is not among them: a lane that consumes says it better than a second connection.
    health_probes = providers.List(state_probe)
    probes = providers.List(broker_probe, state_probe)
    declared_topology = providers.Callable(describe, topology_plan)
    to_start = providers.List()
    broker_connections = providers.List(publisher)
    state_connections = providers.List(hot_redis, background_redis)


class MemoryAdapters(containers.DeclarativeContainer):
    """A broker and state in this process."""

    settings = providers.Dependency(instance_of=Settings)
    routes = providers.Dependency(instance_of=Routes)

    clock = providers.Singleton(SystemClock)
    telemetry = providers.Singleton(PrometheusTelemetry)
    traces = providers.Singleton(open_traces, settings.provided.gp_traces)
    tracer = traces.provided.tracer
    codec = providers.Singleton(JsonCodec, formats=settings.provided.gp_wire_formats)

    broker_layout = providers.Singleton(
        BrokerLayout,
        prefix=settings.provided.gp_prefix,
        ladders=providers.Callable(derived.ladders, settings),
        dispatch_names=providers.Callable(derived.dispatch_names, routes),
        message_events=providers.Callable(derived.message_events, routes),
    )
    broker = providers.Singleton(InMemoryBroker, clock, broker_layout)
    topology = providers.Singleton(InMemoryTopology, broker)
    publisher = providers.Singleton(InMemoryPublisher, broker)
    dead_letters = providers.Singleton(InMemoryDeadLetters, broker)
    source = providers.Factory(InMemoryDeliverySource, broker)

    admissions = providers.Singleton(InMemoryAdmissionStore, clock)
    claim_store = providers.Singleton(InMemoryClaimStore, clock)
    sessions = providers.Singleton(InMemorySessionStore, clock)
    request_limiter = providers.Singleton(InMemoryRequestLimiter, clock)
    lone_limiter = request_limiter
    egress_ledger = providers.Singleton(InMemoryEgressLedger, clock)

    health_probes = providers.List()
    probes = providers.List()
    broker_connections = providers.List(broker)
    state_connections = providers.List()


class EmbeddedAdapters(MemoryAdapters):
    """Broker and state in this process, and a stand-in Discord that listens on loopback."""

    discord = providers.Singleton(SimulatedDiscord)
    # Built after the stand-in has started, when its address is known.
    discord_settings = providers.Singleton(
        DiscordSettings,
        application_id=EMBEDDED_APPLICATION_ID,
        api_url=discord.provided.url,
        bot_token=EMBEDDED_BOT_TOKEN,
    )
    to_start = providers.List(discord)


class DiscordAdapters(containers.DeclarativeContainer):
    """The HTTP side, the same for the real Discord and its stand-in."""

    settings = providers.Dependency(instance_of=DiscordSettings)
    clock: providers.Dependency[Clock] = providers.Dependency()
    telemetry: providers.Dependency[Telemetry] = providers.Dependency()
    tracer: providers.Dependency[Tracer] = providers.Dependency()
    request_limiter: providers.Dependency[RequestLimiter] = providers.Dependency()
    lone_limiter: providers.Dependency[RequestLimiter] = providers.Dependency()
    egress_ledger: providers.Dependency[EgressLedger] = providers.Dependency()

    transport = providers.Singleton(DiscordTransport, settings)
    brake = providers.Singleton(Brake, clock)
    egress_watch = providers.Singleton(EgressWatch, brake, egress_ledger, clock)
    exchange = providers.Singleton(DiscordExchange, transport, brake, telemetry, egress_watch, tracer)
    first_responder = providers.Singleton(HttpFirstResponder, exchange)
    followups = providers.Singleton(HttpFollowups, exchange, settings, clock)
    fleet_gate = providers.Singleton(FleetGate, request_limiter, lone_limiter)
    bot_api = providers.Singleton(BotApi, exchange, fleet_gate, settings, clock)
    members = providers.Singleton(HttpMembers, bot_api)
    messages = providers.Singleton(HttpMessages, bot_api)
    channels = providers.Singleton(HttpChannels, bot_api)
    command_registry = providers.Singleton(HttpCommandRegistry, bot_api, settings)
    probe = providers.Singleton(DiscordProbe, exchange, fleet_gate, settings, clock)
    connections = providers.List(egress_watch, transport)


class Tools(containers.DeclarativeContainer):
    """What commands use without a worker."""

    configure_logging = providers.Callable(configure_logging)
    encode_v1 = providers.Callable(encode_v1)
    encode_v2 = providers.Callable(encode_v2)
    encode_frame = providers.Callable(encode_frame)
    wire_schemas = providers.Callable(wire_schemas)
    simulator = providers.Factory(SimulatedDiscord)
    chosen_fault = providers.Callable(chosen_fault)
    telemetry = providers.Factory(PrometheusTelemetry)
    read_exposition = providers.Callable(read_exposition)
    merge_expositions = providers.Callable(merged)
