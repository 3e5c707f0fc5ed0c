"""Looking at dead letters, throwing some away, putting some back."""

from dataclasses import replace

import pytest

from gpadapters.memory.claim_store import InMemoryClaimStore
from gpadapters.memory.dead_letters import InMemoryDeadLetters
from gpadapters.memory.publisher import InMemoryPublisher
from gpadapters.wire.json_codec import JsonCodec
from gpcore.application.dead_letters import DeadLetterOffice, LetterReader, Outcome
from gpcore.application.replaying import Pace, Replayer
from gpcore.domain.dead_letters import GUARDED_MS, UNKNOWN, DeadLetterEntry, Selection
from gpcore.domain.headers import dead_letter_headers
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import PortRejectedError
from tests.unit.application.worlds import World

EVERYTHING = Selection()
PACE = Pace(limit=100, rate=10)


class Desk:
    """An office and a replayer over one memory broker."""

    def __init__(self) -> None:
        self.world = World()
        self.first_seen_ms = self.world.now_ms - 7
        self.letters = InMemoryDeadLetters(self.world.broker)
        reader = LetterReader(JsonCodec(), self.world.clock)
        self.office = DeadLetterOffice(self.letters, reader)
        self.claims: InMemoryClaimStore = self.world.claims
        self.replayer = Replayer(self.letters, reader, self.claims, self.world.clock)

    async def put(self, message: WireMessage, reason: str = "attempts", *, lane: Lane = Lane.EVENTS) -> str:
        headers = dead_letter_headers(
            message.headers, reason=reason, origin=lane, now_ms=self.first_seen_ms, error="KeyError"
        )
        redacted = JsonCodec().redact(replace(message, headers=headers))
        await InMemoryPublisher(self.world.broker).dead_letter(redacted, lane=lane)
        return (message.message_id or "").lower()

    async def replay(
        self,
        selection: Selection = EVERYTHING,
        pace: Pace = PACE,
        *,
        really: bool = True,
        unguarded: bool = False,
        seconds: float = 5,
    ) -> Outcome:
        replaying = self.replayer.replay(selection, pace, really=really, unguarded=unguarded)
        return await self.world.run(replaying, seconds=seconds)

    def waiting(self, queue: str) -> int:
        return len(self.world.broker.messages(f"gp.{queue}"))


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_each_letter_tells_about_itself(desk: Desk) -> None:
    event_id = await desk.put(desk.world.event())
    [entry] = await desk.office.look(Lane.EVENTS, EVERYTHING, most=10)
    assert (entry.id, entry.reason, entry.event_type, entry.error) == (event_id, "attempts", "member.join", "KeyError")
    assert (entry.first_seen_ms, entry.attempts, entry.replayed) == (desk.first_seen_ms, 0, 0)


async def test_a_redacted_interaction_still_tells_its_type(desk: Desk) -> None:
    await desk.put(desk.world.command("ping"), lane=Lane.INTERACTIONS)
    [entry] = await desk.office.look(Lane.INTERACTIONS, EVERYTHING, most=10)
    assert entry.event_type == "interaction.command.ping"


@pytest.mark.parametrize("message_id", ["ABC", None])
async def test_a_body_that_does_not_decode_has_an_id_all_the_same(desk: Desk, message_id: str | None) -> None:
    await desk.put(replace(desk.world.event(), body=b"[", message_id=message_id), "not_an_object")
    [entry] = await desk.office.look(Lane.EVENTS, EVERYTHING, most=10)
    assert entry.event_type == UNKNOWN
    assert entry.id == "abc" if message_id else entry.id.startswith("body:")
    found = await desk.office.show(entry.id)
    assert found is not None
    assert found[0] == entry


async def test_looks_at_no_more_than_asked(desk: Desk) -> None:
    for _ in range(5):
        await desk.put(desk.world.event())
    assert len(await desk.office.look(Lane.EVENTS, EVERYTHING, most=3)) == 3
    assert desk.waiting("dlq") == 5


async def test_shows_either_lanes_letter_without_its_token(desk: Desk) -> None:
    message = desk.world.command("ping")
    envelope = JsonCodec().decode(message, received_at_ms=0)
    assert envelope.interaction_token is not None
    desk.world.broker.publish(message, routing_key="gp.interactions.dlq")
    shown = await desk.office.show(envelope.event_id.upper())
    assert shown is not None
    assert envelope.interaction_token.reveal().encode() not in shown[1].body
    assert await desk.office.show("nothing") is None


async def test_a_dry_run_changes_nothing(desk: Desk) -> None:
    event_id = await desk.put(desk.world.event())
    assert await desk.replay(really=False) == Outcome(moved=[event_id], left={})
    assert await desk.office.purge(Lane.EVENTS, EVERYTHING, really=False) == Outcome(moved=[event_id], left={})
    assert (desk.waiting("dlq"), desk.waiting("events.guild")) == (1, 0)


async def test_a_letter_is_put_back_with_all_its_attempts(desk: Desk) -> None:
    event_id = await desk.put(desk.world.event())
    for number in range(6):
        result = await desk.claims.claim(event_id, owner=f"o{number}", lease_us=1, max_attempts=6)
        await desk.claims.release(result.ticket)
    assert (await desk.replay()).moved == [event_id]
    assert desk.waiting("dlq") == 0
    [back] = desk.world.broker.messages("gp.events.guild")
    assert dict(back.headers) == {"gp-attempt": 0, "gp-first-seen-ms": desk.first_seen_ms, "gp-replayed": 1}
    again = await desk.claims.claim(event_id, owner="a", lease_us=1, max_attempts=6)
    assert (again.attempts, again.ticket.fence) == (1, 7)


@pytest.mark.parametrize("really", [False, True])
async def test_what_nobody_remembers_any_more_is_put_back_only_if_a_second_effect_is_accepted(
    desk: Desk, *, really: bool
) -> None:
    event_id = await desk.put(desk.world.event())
    desk.first_seen_ms -= GUARDED_MS
    old = await desk.put(desk.world.event())
    desk.first_seen_ms = 0
    unknown = await desk.put(desk.world.event())
    assert await desk.replay(really=really) == Outcome(moved=[event_id], left={"unguarded": 2})
    moved = await desk.replay(Selection(), really=really, unguarded=True)
    assert moved.left == {}
    assert [one for one in moved.moved if one != event_id] == [old, unknown]


async def test_only_what_is_meant_is_put_back_and_no_more_than_the_limit(desk: Desk) -> None:
    ids = [await desk.put(desk.world.event(), reason) for reason in ("attempts", "permanent", "attempts", "attempts")]
    assert (await desk.replay(Selection(reason="attempts"), Pace(limit=2, rate=10))).moved == [ids[0], ids[2]]
    left = await desk.office.look(Lane.EVENTS, EVERYTHING, most=10)
    assert [entry.id for entry in left] == [ids[1], ids[3]]


async def test_letters_are_put_back_no_faster_than_asked(desk: Desk) -> None:
    for _ in range(4):
        await desk.put(desk.world.event())
    with pytest.raises(AssertionError, match="did not end"):
        await desk.replay(pace=Pace(limit=100, rate=2), seconds=1.2)
    assert desk.waiting("events.guild") == 3
    assert desk.waiting("dlq") == 1


@pytest.mark.parametrize("broken", ["claims", "queue"])
async def test_a_failure_ends_it_and_keeps_the_letter(desk: Desk, broken: str) -> None:
    await desk.put(desk.world.event())
    if broken == "claims":
        desk.claims.unavailable = True
    else:
        desk.world.broker.delete_queue("gp.events.guild")
    outcome = await desk.replay()
    assert outcome.moved == []
    assert outcome.failure
    assert desk.waiting("dlq") == 1


async def test_throws_away_what_is_meant(desk: Desk) -> None:
    ids = [await desk.put(desk.world.event(), reason) for reason in ("attempts", "permanent")]
    assert (await desk.office.purge(Lane.EVENTS, Selection(reason="permanent"), really=True)).moved == ids[1:]
    assert desk.waiting("dlq") == 1


async def test_a_failure_while_throwing_away_tells_what_is_gone(desk: Desk) -> None:
    for _ in range(3):
        await desk.put(desk.world.event())
    office = DeadLetterOffice(desk.letters, _StopsTheBroker(JsonCodec(), desk))
    outcome = await office.purge(Lane.EVENTS, EVERYTHING, really=True)
    assert outcome.failure
    assert len(outcome.moved) == 1


async def test_letters_that_others_took_meanwhile_are_not_missed(desk: Desk) -> None:
    await desk.put(desk.world.event())
    async with desk.letters.open(Lane.EVENTS) as shelf:
        await desk.office.purge(Lane.EVENTS, EVERYTHING, really=True)
        reader = LetterReader(JsonCodec(), desk.world.clock)
        assert [found async for found in reader.meant(shelf, Lane.EVENTS, EVERYTHING)] == []


async def test_a_missing_queue_is_an_error(desk: Desk) -> None:
    desk.world.broker.delete_queue("gp.dlq")
    with pytest.raises(PortRejectedError):
        await desk.replay()


class _StopsTheBroker(LetterReader):
    def __init__(self, codec: JsonCodec, desk: Desk) -> None:
        super().__init__(codec, desk.world.clock)
        self._desk = desk
        self._looks = 0

    def _entry(self, message: WireMessage, lane: Lane) -> DeadLetterEntry:
        self._looks += 1
        if self._looks == 2:
            self._desk.world.broker.stop()
        return super()._entry(message, lane)
