"""A world with workers in it, what is published into it, and what came of it."""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gpadapters.rabbitmq.declaration import TopologyPlan
from gpadapters.rabbitmq.names import Names
from gpadapters.simulator.table import MESSAGE
from gpadapters.wire.encoding import encode_v2
from gpcore.domain.wire_message import Lane
from gprunner import synthetic
from tests.e2e.conftest import APPLICATION_ID, Start, World
from tests.e2e.processes import GpProcess
from tests.eventually import eventually
from tests.faults.diary import Entry, entries
from tests.servers.rabbitmq_sandbox import Sandbox

BOT = "tests.faults.bot:router"
HASTY = {"CLAIM_LEASE_MS": "2000", "EVENT_RETRY_DELAYS": "1s,2s,3s"}
"""A short lease and ladder, so that a test need not wait for the real ones."""


@dataclass
class Scene:
    """One test's world.

    Attributes:
        joined: What each member that joined is called, by user id.
    """

    world: World
    begin: Start
    effects_file: Path
    joined: dict[str, str] = field(default_factory=dict)
    _sequence: int = 0
    _ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.effects_file.touch()
        self.sandbox = Sandbox(self.world.rabbitmq_url, plan=TopologyPlan(names=Names(self.world.prefix)))

    async def worker(self, *arguments: str, ready: bool = True, **settings: str) -> GpProcess:
        """Start a worker; settings by their variables, on top of the world's and of ``HASTY``."""
        env = {**self.world.env, **HASTY, "GP_TEST_EFFECTS": str(self.effects_file), **settings}
        worker = await self.begin("worker", "run", BOT, *arguments, env=env)
        if ready:
            await worker.ready()
        return worker

    async def join(self, name: str = "plain", *, leaves: bool = False, copies: int = 1) -> str:
        """Publish that a member joined (or left), perhaps several times; return the user's id."""
        user_id, send = self.prepare(name, leaves=leaves)
        self.joined[user_id] = name
        for _ in range(copies):
            await send()
        return user_id

    def prepare(self, name: str, *, leaves: bool = False) -> tuple[str, Callable[[], Awaitable[None]]]:
        """Return a new member's id, and what publishes its one event each time that it is called."""
        self._sequence += 1
        user = synthetic.user(synthetic.fresh_id(1_700_000_000_000 + self._sequence), name)
        user_id = str(user["id"])
        raw: synthetic.Raw = synthetic.member_join(user=user, joined_at="2026-11-23T12:00:00Z")
        dispatch = "GUILD_MEMBER_ADD"
        if leaves:
            raw, dispatch = {"guild_id": synthetic.GUILD_ID, "user": user}, "GUILD_MEMBER_REMOVE"
        sent = encode_v2(dispatch, raw, published_at_ms=time.time_ns() // 1_000_000, sequence=self._sequence)
        self._ids[sent.message.message_id or ""] = user_id
        return user_id, lambda: self.world.publisher.publish(sent.message, routing_key=sent.routing_key)

    def id_of(self, message_id: str) -> str:
        """Return the user of an event, or the interaction, that was prepared here."""
        return self._ids[message_id]

    async def command(self, name: str, options: Mapping[str, float] | None = None, *, age: float = 0.0) -> str:
        """Publish the use of a command that was made ``age`` seconds ago; return its interaction id."""
        interaction_id, send = self.prepare_command(name, options, age=age)
        await send()
        return interaction_id

    def prepare_command(
        self, name: str, options: Mapping[str, float] | None = None, *, age: float = 0.0
    ) -> tuple[str, Callable[[], Awaitable[None]]]:
        """Return the id of a command's use, and what publishes it each time that it is called."""
        user = synthetic.user("430305391411331087", "alice.example")
        now_ms = time.time_ns() // 1_000_000 - int(age * 1000)
        origin = synthetic.Origin(now_ms=now_ms, application_id=APPLICATION_ID, user=user)
        given = [{"name": name, "type": 10, "value": value} for name, value in (options or {}).items()]
        raw = synthetic.command([name], given, origin)
        sent = encode_v2("INTERACTION_CREATE", raw, published_at_ms=time.time_ns() // 1_000_000)
        interaction_id = str(raw["id"])
        self._ids[sent.message.message_id or ""] = interaction_id
        return interaction_id, lambda: self.world.publisher.publish(sent.message, routing_key=sent.routing_key)

    def effects(self, verb: str = "done") -> Counter[str]:
        """Return how often each id had an effect."""
        return Counter(entry.who for entry in self.diary() if entry.what == verb)

    def diary(self) -> Sequence[Entry]:
        """Return what the bot wrote down, in order."""
        return entries(self.effects_file.read_text())

    async def all_done(self, *ids: str, within: float = 30.0) -> None:
        """Wait until each of these had its effect."""
        await eventually(lambda: set(ids) <= set(self.effects()), within=within)

    async def dead_letters(self, lane: Lane = Lane.EVENTS) -> dict[str, str]:
        """Take all dead letters out; return their reasons by message id."""
        reasons = {}
        while (taken := await self.sandbox.take(self.sandbox.names.dead_letter_queue(lane))) is not None:
            properties = taken.header.properties
            reasons[str(properties.message_id)] = str((properties.headers or {}).get("gp-reason"))
        return reasons

    def told(self) -> Counter[str]:
        """Return how often each interaction's user was told something."""
        return Counter(
            str(request.interaction_id)
            for request in self.world.discord.requests
            if (request.template.endswith("/callback") and request.status == 204 and _speaks(request.body))
            or (request.method in ("PATCH", "POST") and request.status == 200)
        )

    def thinking(self) -> frozenset[str]:
        """Return the interactions whose user sees that the bot is thinking."""
        return frozenset(one for one in self.first_answers() if self._is_thinking(one))

    def first_answers(self) -> dict[str, float]:
        """Return when each interaction got its first answer (Unix seconds)."""
        return {
            str(request.interaction_id): request.at
            for request in self.world.discord.requests
            if request.template.endswith("/callback") and request.status == 204
        }

    def _is_thinking(self, interaction_id: str) -> bool:
        interaction = self.world.discord.interaction(interaction_id)
        return interaction is not None and interaction.loading


def _speaks(callback: object) -> bool:
    """Tell whether a first answer is a message, not a defer."""
    return isinstance(callback, Mapping) and callback.get("type") == MESSAGE
