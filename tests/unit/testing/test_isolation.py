"""The client is production's worker, and nothing but the bot."""

import importlib
import socket
import sys

import pytest

from gpadapters.memory.session_store import InMemorySessionStore
from gpadapters.wire.json_codec import JsonCodec
from gpcore import Router
from gpcore.application.context import Bot
from gpcore.application.worker import Worker
from gpcore.domain.envelope import Envelope
from gpcore.domain.sessions import StoredSession
from gpcore.domain.wire_message import WireMessage
from gpcore.errors import ConfigurationError
from gpcore.ports.clock import Clock
from gpcore.ports.session_store import SessionStore
from gprunner import application_container, assembly, system
from gprunner.settings import Settings
from gprunner.system import System
from gprunner.testing import TestClient
from gprunner.testing import container as kit_container
from gprunner.testing import stage as kit_stage
from gprunner.testing.lines import WorkerEnd
from tests.unit.testing.kit_bot import make_router


async def test_no_socket_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []

    class Watched(socket.socket):
        def __init__(self, *args: object, **named: object) -> None:
            opened.append(args)
            super().__init__(*args, **named)  # type: ignore[arg-type]  # a socket's own arguments

    monkeypatch.setattr(socket, "socket", Watched)
    async with TestClient(make_router()) as client:
        await client.command("panel")
        await client.event("member.join")
        await client.advance(100)

    assert opened == []


async def test_the_worker_is_put_together_by_the_production_code() -> None:
    # The same declarations and the same functions make both workers; the kit declares adapters only.
    assert {vars(module)["Application"] for module in (kit_stage, system)} == {application_container.Application}
    assert application_container.Application.worker.provides is assembly.assemble_worker
    assert application_container.Application.parts.provides is assembly.Parts
    settings = Settings.load(
        rabbitmq_url="amqp://broker.invalid/",
        redis_url="redis://state.invalid/0",
        discord_application_id="1214497633075331073",
    )
    mine, _ = TestClient(make_router())._stage.worker(WorkerEnd())
    production = System(settings, Router().compile())

    assert isinstance(mine, Worker)
    for kit_lane, lane in zip(mine.lanes, production.worker.lanes, strict=True):
        assert kit_lane.lane is lane.lane
        assert kit_lane._use_case.__func__ is lane._use_case.__func__  # type: ignore[attr-defined]  # bound methods
        assert type(kit_lane._settler) is type(lane._settler)


async def test_every_provider_of_the_kits_containers_can_be_built() -> None:
    stage = TestClient(make_router())._stage
    with_arguments = {"source", "known_interaction", "encode", "message_payload", "modal_payload"}
    own = {"shared": stage._shared, "lines": stage.lines, "end": WorkerEnd()}
    assert {type(part._clock).__name__ for part in (stage._shared.admissions(), stage._shared.messages())} == {
        "VirtualClock"
    }
    containers = [
        stage._shared,
        kit_container.WorkerAdapters(journal=stage.journal, **own),
        kit_container.WorkerDiscord(**own),
    ]
    for one in containers:
        for name, provider in one.providers.items():
            if name not in with_arguments and name != "shared":
                assert provider() is not None, name


async def test_bytes_in_the_second_wire_format_go_through_the_real_codec() -> None:
    read: list[bytes] = []

    class Reading(JsonCodec):
        def decode(self, message: WireMessage, *, received_at_ms: int) -> Envelope:
            read.append(message.body)
            return super().decode(message, received_at_ms=received_at_ms)

    async with TestClient(make_router()) as client:
        client._stage._shared.codec.override(Reading(formats=("v2",)))
        await client.second_worker()
        await client.crash()
        result = await client.command("ping")

    assert result.reply.content == "pong"
    assert [b'"v":2' in body for body in read] == [True]


async def test_the_environment_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GP_PREFIX", "somebodys")
    monkeypatch.setenv("PROCESSING_TIMEOUT_MS", "not a number")

    async with TestClient(make_router(), settings={"processing_timeout_ms": 500}) as client:
        assert client._stage.settings.gp_prefix == "gp"
        assert (await client.command("sleep", seconds=0.6)).outcome == "timeout"


async def test_ports_can_be_replaced() -> None:
    kept: list[str] = []

    class Store(InMemorySessionStore):
        async def create(self, kind: str, user_id: str, data: bytes, *, ttl_us: int) -> StoredSession:
            kept.append(kind)
            return await super().create(kind, user_id, data, ttl_us=ttl_us)

    client = TestClient(make_router())
    client = TestClient(make_router(), overrides={SessionStore: Store(client._stage.clock)})
    async with client:
        await client.command("remember", what="milk")
        with client.state_down():
            assert (await client.command("remember", what="milk")).outcome == "failed"

    assert kept == ["note"]


async def test_the_bots_token_can_be_replaced_and_missing_ports_are_named() -> None:
    bot = Bot(members=None, messages=None, channels=None)  # type: ignore[arg-type]  # never used here
    async with TestClient(make_router(), overrides={Bot: bot}) as client:
        assert (await client.event("member.join")).outcome == "retried"

    with pytest.raises(ConfigurationError, match=r"use client\.advance"):
        TestClient(make_router(), overrides={Clock: client._stage.clock})
    with pytest.raises(ConfigurationError, match="Router cannot be replaced"):
        TestClient(make_router(), overrides={Router: None})


async def test_a_bots_mistakes_are_told_when_the_client_is_made() -> None:
    router = Router()

    @router.command("wrong")
    async def wrong() -> None:
        """Take no context."""

    with pytest.raises(ConfigurationError, match="must take the context as its first parameter"):
        TestClient(router)


def test_importing_the_kit_does_not_import_pytest() -> None:
    assert "pytest" not in vars(importlib.import_module("gprunner.testing.client"))
    assert sys.modules["gprunner.testing"].TestClient.__test__ is False
