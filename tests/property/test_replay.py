"""A replay of dead letters is killed at each of its calls, and run again.

R1: no letter is ever in neither place. R2: an id that was processed has no second effect. R3: it ends.
"""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpadapters.memory.dead_letters import InMemoryDeadLetters
from gpadapters.memory.publisher import InMemoryPublisher
from gpadapters.wire.json_codec import JsonCodec
from gpcore import EventContext, MemberJoin, Router
from gpcore.application.dead_letters import LetterReader, Outcome
from gpcore.application.replaying import Pace, Replayer
from gpcore.domain.claims import LEASE_US, MAX_ATTEMPTS
from gpcore.domain.dead_letters import MAX_REPLAYS, Selection
from gpcore.domain.headers import REPLAYED, dead_letter_headers
from gpcore.domain.wire_message import Lane, WireMessage
from tests.property.crashing import Fuse, FusedDeadLetters, FusedReopener, Harm, Killed
from tests.property.fleet import UNHARMED, Fleet

pytestmark = pytest.mark.property

FATES = ("exhausted", "done", "busy", "replayed_too_often", "undecodable")
PACE = Pace(limit=100, rate=10)


class Archive:
    """A fleet whose dead-letter queue holds a letter for each of the given fates."""

    def __init__(self) -> None:
        self.fleet = Fleet()
        self.broker = self.fleet.world.broker
        self.dead = self.broker.layout.dead_letter_queue(Lane.EVENTS)
        self.origin = self.broker.layout.queue(Lane.EVENTS)
        self.ids: dict[str, str] = {}
        self.effects: Counter[str] = Counter()
        self.router = Router()

        @self.router.event("member.join")
        async def welcome(ctx: EventContext[MemberJoin]) -> None:
            self.effects[ctx.event_id] += 1

    async def put(self, fate: str) -> None:
        message = self.fleet.world.event()
        envelope = JsonCodec().decode(message, received_at_ms=self.fleet.world.now_ms)
        headers = dead_letter_headers({}, reason="attempts", origin="events", now_ms=self.fleet.world.now_ms)
        if fate == "replayed_too_often":
            headers[REPLAYED] = MAX_REPLAYS
        if fate == "undecodable":
            message = replace(message, body=b"{")
        await self.prepare_claim(envelope.event_id, fate)
        await InMemoryPublisher(self.broker).dead_letter(replace(message, headers=headers), lane=Lane.EVENTS)
        self.ids[envelope.event_id] = fate

    async def prepare_claim(self, claim_id: str, fate: str) -> None:
        claims = self.fleet.world.claims
        for number in range(MAX_ATTEMPTS):
            result = await claims.claim(
                claim_id, owner=f"o{number}", lease_us=100 * LEASE_US, max_attempts=MAX_ATTEMPTS
            )
            if fate == "busy":
                return
            if fate == "done":
                await claims.complete(result.ticket)
            await claims.release(result.ticket)

    async def replay(self, harm: Harm = UNHARMED) -> tuple[Outcome | None, list[str]]:
        """Replay everything; ``None`` if it was killed."""
        fuse = Fuse(harm)
        letters = FusedDeadLetters(InMemoryDeadLetters(self.broker), fuse)
        reopener = FusedReopener(self.fleet.world.claims, fuse)
        clock = self.fleet.world.clock
        replayer = Replayer(letters, LetterReader(JsonCodec(), clock), reopener, clock)
        try:
            return await self.fleet.world.run(replayer.replay(Selection(), PACE, really=True), seconds=20), fuse.calls
        except Killed:
            return None, fuse.calls

    def places(self) -> Counter[str]:
        """Return in how many queues each letter is."""
        return Counter(_id(one) for name in (self.dead, self.origin) for one in self.broker.messages(name))


def _id(message: WireMessage) -> str:
    return (message.message_id or "").lower()


async def an_archive(fates: list[str]) -> Archive:
    archive = Archive()
    for fate in fates:
        await archive.put(fate)
    return archive


async def check(fates: list[str], harms: list[Harm]) -> list[list[str]]:
    archive = await an_archive(fates)
    calls = []
    for harm in harms:
        _, made = await archive.replay(harm)
        calls.append(made)
        assert set(archive.places()) == set(archive.ids), "R1: a letter is in neither place"
        assert archive.places().total() >= len(fates)
    outcome, made = await archive.replay()
    calls.append(made)
    assert outcome is not None
    assert outcome.failure is None
    assert made.count("take") <= len(fates) + len(harms), "R3: more was taken than there was"
    left = {fate: count for fate, count in Counter(fates).items() if fate in {"replayed_too_often", "undecodable"}}
    busy = fates.count("busy")
    assert outcome.left == {**left, **({"being_processed": busy} if busy else {})}

    await archive.fleet.start(archive.router, UNHARMED)
    await archive.fleet.settle_down(Lane.EVENTS, within=2_000)
    await archive.fleet.end()
    assert not archive.broker.messages(archive.origin)
    for letter_id, fate in archive.ids.items():
        expected = 1 if fate == "exhausted" else 0
        assert archive.effects[letter_id] == expected, f"R2: {fate}"
    await archive.broker.close()
    return calls


async def test_without_harm_each_letter_gets_what_it_should() -> None:
    [calls] = await check(list(FATES), [])
    assert calls.count("resubmit") == calls.count("ack") == 2


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_r1_r2_r3_hold_wherever_one_replay_is_killed(after: bool) -> None:
    points = 0
    while True:
        calls = await check(["exhausted", "done", "undecodable", "exhausted"], [Harm(at=points + 1, after=after)])
        if len(calls[0]) <= points:
            break
        points += 1
    assert points >= 12


@given(
    fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=6),
    harms=st.lists(st.builds(Harm, at=st.integers(1, 20), after=st.booleans()), max_size=3),
)
async def test_r1_r2_r3_hold_wherever_several_replays_are_killed(fates: list[str], harms: list[Harm]) -> None:
    await check(fates, harms)
