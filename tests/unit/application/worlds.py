"""A fleet in one process: use cases over memory twins on one virtual clock.

A ``World`` is what outlives a worker (broker, state, Discord); a ``Process`` is a worker, so a test of what
happens after a crash starts a second one.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from gpadapters.memory.admission_store import InMemoryAdmissionStore
from gpadapters.memory.broker import InMemoryBroker
from gpadapters.memory.claim_store import InMemoryClaimStore
from gpadapters.memory.clock import VirtualClock
from gpadapters.memory.discord import (
    AnsweredInteraction,
    DiscordCall,
    InMemoryDiscord,
    InMemoryFirstResponder,
    InMemoryFollowups,
)
from gpadapters.memory.discord_bot import InMemoryChannels, InMemoryMembers, InMemoryMessages
from gpadapters.memory.publisher import InMemoryPublisher
from gpadapters.memory.session_store import InMemorySessionStore
from gpadapters.memory.source import InMemoryDeliverySource
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.wire.json_codec import JsonCodec
from gpcore.application.admission import Admission
from gpcore.application.answering import Answering
from gpcore.application.calling import Calls
from gpcore.application.claiming import Claims
from gpcore.application.context import Bot
from gpcore.application.edge import Edge, Timing
from gpcore.application.endings import Endings
from gpcore.application.events import EventUseCase
from gpcore.application.handler_slots import HandlerSlots
from gpcore.application.intake import Intake
from gpcore.application.interactions import InteractionUseCase
from gpcore.application.lanes import LaneRunner, UseCase
from gpcore.application.routing import Router
from gpcore.application.settlement import Settler
from gpcore.application.slots import Slots
from gpcore.application.texts import Texts, Wordings
from gpcore.application.worker import Worker
from gpcore.domain.settling import Disposition
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.ports.admission_store import AdmissionStore
from gpcore.ports.claim_store import ClaimStore
from gpcore.ports.codec import Codec
from gpcore.ports.delivery import DeliverySource
from gpcore.ports.first_responder import FirstResponder
from gpcore.ports.followups import Followups
from gpcore.ports.publisher import Publisher
from tests.builders import Json, an_event_message, an_interaction_message
from tests.unit.application.deliveries import RecordedDelivery

Value = TypeVar("Value")


class World:
    """Everything that workers share."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.discord = InMemoryDiscord(self.clock)
        self.claims = InMemoryClaimStore(self.clock)
        self.admissions = InMemoryAdmissionStore(self.clock)
        self.sessions = InMemorySessionStore(self.clock)
        self.broker = InMemoryBroker(self.clock)

    @property
    def now_ms(self) -> int:
        return self.clock.now_us() // 1000

    def command(self, name: str, *, options: list[dict[str, Any]] | None = None, age_ms: int = 100) -> WireMessage:
        """Return a fresh use of a command, as Discord's own object."""
        words = name.split()
        data: list[dict[str, Any]] = options or []
        for depth, word in enumerate(reversed(words[1:])):
            data = [{"name": word, "type": 1 if depth == 0 else 2, "options": data}]
        return self._interaction("01-command-no-options", age_ms, {"id": "1", "name": words[0], "options": data})

    def component(self, custom_id: str, *, age_ms: int = 100) -> WireMessage:
        """Return a fresh press of a button."""
        return self._interaction("12-button", age_ms, {"id": 2, "custom_id": custom_id, "component_type": 2})

    def modal(self, custom_id: str, *, age_ms: int = 100, **changes: Json) -> WireMessage:
        """Return a freshly sent form, by default one that a command opened."""
        return self._interaction(
            "20-modal-submit-labels", age_ms, {"custom_id": custom_id, "components": []}, **changes
        )

    def autocomplete(self, name: str, *, focused: str, typed: object = "", age_ms: int = 100) -> WireMessage:
        """Return an option being typed."""
        options = [{"name": focused, "type": 3, "value": typed, "focused": True}]
        return self._interaction("10-autocomplete-string", age_ms, {"id": "1", "name": name, "options": options})

    def _interaction(self, fixture: str, age_ms: int, data: dict[str, Any], **changes: Json) -> WireMessage:
        kind = 1 if "name" in data else None
        content = {"type": kind, **data} if kind else data
        return an_interaction_message(
            fixture, wire_format="v2", now_ms=self.now_ms, age_ms=age_ms, data=content, **changes
        )

    def event(self) -> WireMessage:
        """Return a fresh ``member.join``."""
        return an_event_message(now_ms=self.now_ms)

    def told(self, message: WireMessage) -> AnsweredInteraction | None:
        """Return what Discord was told about an interaction."""
        envelope = JsonCodec().decode(message, received_at_ms=self.now_ms)
        assert envelope.interaction_token is not None
        return self.discord.answered(envelope.interaction_token)

    def texts(self, message: WireMessage) -> list[str | None]:
        """Return the contents of the original and the follow-ups as the user sees them now."""
        answered = self.told(message)
        return [] if answered is None else [shown.content for shown in answered.messages.values()]

    def calls(self) -> list[str]:
        """Return what Discord was asked, first answers by their type."""
        return [_word(call) for call in self.discord.calls]

    async def run(self, work: Coroutine[Any, Any, Value], *, seconds: float = 0.0) -> Value:
        """Run to the end while time passes; it must end within ``seconds`` of virtual time."""
        task = asyncio.ensure_future(work)
        await self.clock.advance(seconds)
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
            raise AssertionError(f"it did not end within {seconds} s")
        return task.result()


class Process:
    """One worker; parts given replace the memory twins."""

    def __init__(
        self,
        world: World,
        router: Router,
        *,
        slots: int = 5,
        quick_slots: int = 5,
        timing: Timing | None = None,
        texts: Texts | None = None,
        responder: FirstResponder | None = None,
        followups: Followups | None = None,
        claims: ClaimStore | None = None,
        admissions: AdmissionStore | None = None,
        publisher: Publisher | None = None,
        codec: Codec | None = None,
        sources: dict[Lane, DeliverySource] | None = None,
    ) -> None:
        self.world = world
        self.telemetry = InMemoryTelemetry()
        self.routes = router.compile()
        self.slots, self.quick_slots, self.event_slots = (
            Slots(slots),
            Slots(quick_slots, newest_first=True),
            Slots(slots),
        )
        clock, telemetry = world.clock, self.telemetry
        self.members = InMemoryMembers()
        bot = Bot(members=self.members, messages=InMemoryMessages(clock), channels=InMemoryChannels(clock))
        self.edge = edge = Edge(
            responder=responder or InMemoryFirstResponder(world.discord),
            followups=followups or InMemoryFollowups(world.discord),
            sessions=world.sessions,
            bot=bot,
            clock=clock,
            telemetry=telemetry,
            texts=self.routes.texts if texts is None else Wordings(default=texts),
            timing=timing or Timing(),
        )
        codec = codec or JsonCodec()
        intake = Intake(codec, clock)
        self.claims = Claims(claims or world.claims, clock, telemetry, ladders=edge.timing.ladders)
        self.resources = edge.resources
        calls = Calls(edge.resources, default_timeout=edge.timing.handler_timeout, clock=clock, telemetry=telemetry)
        self.own_slots, self.own_event_slots = HandlerSlots(self.routes), HandlerSlots(self.routes)
        answering = Answering(
            edge,
            Admission(admissions or world.admissions, clock, telemetry),
            Endings(edge.texts, edge.timing.ladders.interactions),
            calls,
            slots=self.slots,
            quick_slots=self.quick_slots,
            own_slots=self.own_slots,
        )
        self.interactions = InteractionUseCase(intake, self.routes, self.claims, answering, edge)
        self.events = EventUseCase(
            intake=intake,
            routes=self.routes,
            claims=self.claims,
            bot=bot,
            sessions=world.sessions,
            calls=calls,
            slots=self.event_slots,
            own_slots=self.own_event_slots,
            clock=clock,
            telemetry=telemetry,
            delays=edge.timing.ladders.events,
        )
        self.settler = Settler(publisher or InMemoryPublisher(world.broker), codec, clock, telemetry)
        self.runners = {lane: self._runner(lane, (sources or {}).get(lane)) for lane in Lane}
        self.worker = Worker(list(self.runners.values()), self.claims, clock)

    async def handle(self, message: WireMessage, *, redelivered: bool = False, seconds: float = 0.0) -> Disposition:
        """Give one interaction to the use case and let time pass until it is decided."""
        delivery = RecordedDelivery(message, lane=Lane.INTERACTIONS, redelivered=redelivered)
        return await self.world.run(self.interactions.handle(delivery), seconds=seconds)

    async def process(self, message: WireMessage, *, redelivered: bool = False, seconds: float = 0.0) -> Disposition:
        """Give one event to the use case and let time pass until it is decided."""
        delivery = RecordedDelivery(message, lane=Lane.EVENTS, redelivered=redelivered)
        return await self.world.run(self.events.handle(delivery), seconds=seconds)

    def _runner(self, lane: Lane, source: DeliverySource | None) -> LaneRunner:
        interactions = lane is Lane.INTERACTIONS
        return LaneRunner(
            lane,
            source=source or InMemoryDeliverySource(self.world.broker, lane=lane, prefetch=50),
            use_case=self._use_case(lane),
            slots=(self.own_slots, self.slots, self.quick_slots)
            if interactions
            else (self.own_event_slots, self.event_slots),
            settler=self.settler,
            clock=self.world.clock,
            telemetry=self.telemetry,
        )

    def _use_case(self, lane: Lane) -> UseCase:
        return self.interactions.handle if lane is Lane.INTERACTIONS else self.events.handle


def _word(call: DiscordCall) -> str:
    return call.operation if call.callback is None else call.callback.type.name.lower()
