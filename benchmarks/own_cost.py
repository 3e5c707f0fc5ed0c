"""What gp itself costs: CPU per delivery between the broker client and the handler.

Both lanes run over memory twins, so no socket and no server is in the figures: decoding, claiming,
routing, binding, answering and settling are, and the twins' own work, which is measured by itself beside them.
Compare figures of one run only.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from gpadapters.memory.claim_store import InMemoryClaimStore
from gpadapters.memory.discord import InMemoryDiscord, InMemoryFirstResponder, InMemoryFollowups
from gpadapters.system.clock import SystemClock
from gpcore import CommandContext, Defer, EventContext, MemberJoin, Router
from gpcore.domain.claims import LEASE_US, MAX_ATTEMPTS, Progress
from gpcore.domain.dispatches import INTERACTION_CREATE
from gpcore.domain.ids import snowflake_at
from gpcore.domain.messages import Callback, CallbackType, OutgoingMessage
from gpcore.domain.secrets import Secret
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.ports.delivery import Delivery, DeliverySource, Receive
from gpcore.ports.first_responder import FirstResponder
from gpcore.ports.followups import Followups
from gprunner import synthetic
from gprunner.assembly import assemble_worker
from gprunner.encoding import encode
from gprunner.settings import EMBEDDED_APPLICATION_ID, Settings
from gprunner.system import System

router = Router()
_SOMEBODY: Final = synthetic.user("430305391411331087", "alice.example")
_MICROSECONDS: Final = 1e6
_BATCH: Final = 100


@router.command("ping", defer=Defer.never())
async def ping(ctx: CommandContext) -> str:
    """Answer at once."""
    return "pong"


@router.event("member.join")
async def joined(ctx: EventContext[MemberJoin]) -> None:
    """Do nothing."""


class PreparedDelivery(Delivery):
    """A delivery whose settlement is only counted."""

    __slots__ = ("_lane", "_message", "_settled")

    def __init__(self, lane: Lane, message: WireMessage, settled: asyncio.Semaphore) -> None:
        self._lane, self._message, self._settled = lane, message, settled

    @property
    def lane(self) -> Lane:
        """The lane it is for."""
        return self._lane

    @property
    def message(self) -> WireMessage:
        """What was prepared."""
        return self._message

    @property
    def redelivered(self) -> bool:
        """Never."""
        return False

    @property
    def broker_deliveries(self) -> int:
        """None."""
        return 0

    async def ack(self) -> bool:
        """Count it."""
        self._settled.release()
        return True

    async def give_back(self) -> bool:
        """Fail: nothing should come back here."""
        raise AssertionError("a delivery came back")


class PreparedSource(DeliverySource):
    """Hands out what it is given, when it is told to."""

    def __init__(self) -> None:
        self.receive: Receive | None = None

    async def start(self, receive: Receive) -> None:
        """Remember who receives."""
        self.receive = receive

    def state(self) -> str:
        """Always ready."""
        return "consuming"

    def ready(self) -> int | None:
        """Nothing waits."""
        return 0

    async def failed(self) -> None:
        """Never."""
        await asyncio.Event().wait()

    async def stop(self) -> None:
        """Nothing to stop."""

    async def close(self) -> None:
        """Nothing to close."""


def a_message(lane: Lane) -> WireMessage:
    """Return a fresh message for a lane, as a frame."""
    now_ms = time.time_ns() // 1_000_000
    if lane is Lane.EVENTS:
        raw = synthetic.member_join(user=_SOMEBODY, joined_at="2026-11-23T12:00:00+00:00")
        return encode("frame", "GUILD_MEMBER_ADD", raw, now_ms=now_ms).message
    origin = synthetic.Origin(now_ms=now_ms, application_id=EMBEDDED_APPLICATION_ID, user=_SOMEBODY)
    return encode("frame", INTERACTION_CREATE, synthetic.command(["ping"], [], origin), now_ms=now_ms).message


async def cpu_per_delivery(lane: Lane, count: int) -> float:
    """Return the CPU time of one delivery in µs, over ``count`` of them, a hundred at a time."""
    discord = InMemoryDiscord(SystemClock())
    overrides = {
        FirstResponder: InMemoryFirstResponder(discord),
        Followups: InMemoryFollowups(discord),
    }
    system = System(Settings.load(need=()), router.compile(), embedded=True, overrides=overrides)
    await system.to_start[0].start()
    source = PreparedSource()
    worker = assemble_worker(replace(system.parts, source=lambda **_: source), [lane])
    await worker.start()
    settled, spent = asyncio.Semaphore(0), 0.0
    assert source.receive is not None
    for _ in range(count // _BATCH):
        deliveries = [PreparedDelivery(lane, a_message(lane), settled) for _ in range(_BATCH)]
        before = time.process_time()
        for delivery in deliveries:
            source.receive(delivery)
        for _ in deliveries:
            await settled.acquire()
        spent += time.process_time() - before
    await worker.drain(1.0)
    await system.to_start[0].close()
    return spent / (count // _BATCH * _BATCH) * _MICROSECONDS


async def cpu_of_twins(lane: Lane, count: int) -> float:
    """Return the CPU time in µs that the twins take of one delivery, called as a worker calls them."""
    discord = InMemoryDiscord(SystemClock())
    claims, responder = InMemoryClaimStore(SystemClock()), InMemoryFirstResponder(discord)
    callback = Callback(type=CallbackType.MESSAGE, message=OutgoingMessage(content="pong"))
    before = time.process_time()
    for number in range(count):
        claim = await claims.claim(f"{number}", owner="a/1", lease_us=LEASE_US, max_attempts=MAX_ATTEMPTS)
        if lane is Lane.INTERACTIONS:
            interaction_id, token = snowflake_at(time.time_ns() // 1_000_000, number), Secret(f"{number:0180}")
            await responder.respond(interaction_id, token, callback, timeout=1.0)
            await claims.note(claim.ticket, Progress.ANSWERED, lease_us=LEASE_US)
        await claims.complete(claim.ticket)
    return (time.process_time() - before) / count * _MICROSECONDS


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure both lanes a few times and print the median and the spread."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="deliveries in each round")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args(arguments)
    for lane in Lane:
        rounds = [asyncio.run(cpu_per_delivery(lane, chosen.count)) for _ in range(chosen.rounds)]
        twins = statistics.median(asyncio.run(cpu_of_twins(lane, chosen.count)) for _ in range(chosen.rounds))
        median, spread = statistics.median(rounds), f"{min(rounds):.0f}-{max(rounds):.0f}"
        print(f"{lane.value:>12}: {median:.0f} µs CPU per delivery ({spread}), {twins:.0f} of them the twins'")


if __name__ == "__main__":
    main()
