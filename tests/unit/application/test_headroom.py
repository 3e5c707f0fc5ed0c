"""Interactions for which too little time is left are refused before they cost anything."""

import pytest

from gpadapters.memory.claim_store import InMemoryClaimStore
from gpcore.domain import metrics
from gpcore.domain.claims import ClaimResult, Progress
from gpcore.domain.settling import Ack
from tests.unit.application.aftermath import answer_at_discord
from tests.unit.application.counting_bot import CountingBot
from tests.unit.application.worlds import Process, World


class SlowClaims(InMemoryClaimStore):
    """Takes its time for a claim."""

    def __init__(self, world: World, seconds: float) -> None:
        super().__init__(world.clock)
        self._clock = world.clock
        self.seconds = seconds
        self.asked = 0

    async def claim(
        self,
        claim_id: str,
        *,
        owner: str,
        lease_us: int,
        max_attempts: int,
        intent: Progress = Progress.NONE,
        ephemeral: bool = False,
    ) -> ClaimResult:
        self.asked += 1
        await self._clock.sleep(self.seconds)
        return await super().claim(
            claim_id, owner=owner, lease_us=lease_us, max_attempts=max_attempts, intent=intent, ephemeral=ephemeral
        )


@pytest.fixture
def claims(world: World) -> SlowClaims:
    world.claims = SlowClaims(world, seconds=0.2)
    return world.claims


@pytest.fixture
def busy(world: World, claims: SlowClaims, bot: CountingBot) -> Process:
    """A worker that needs 0.2 s to begin an answer."""
    return Process(world, bot.router)


async def test_the_first_ones_show_how_long_it_takes(world: World, busy: Process, claims: SlowClaims) -> None:
    assert await busy.handle(world.command("never", age_ms=2_400), seconds=1) == Ack("handled")
    assert await busy.handle(world.command("never", age_ms=2_600), seconds=1) == Ack("shed")

    assert claims.asked == 1
    assert busy.telemetry.counted(metrics.MISSES, "shed") == 1
    assert busy.telemetry.counted(metrics.CLOCK_SKEW) == 0


async def test_the_fresh_are_let_in_however_long_it_takes(world: World, busy: Process, claims: SlowClaims) -> None:
    claims.seconds = 1.5
    for _ in range(5):
        assert await busy.handle(world.command("never"), seconds=2) == Ack("handled")


async def test_when_it_is_quick_again_that_is_learned(world: World, busy: Process, claims: SlowClaims) -> None:
    await busy.handle(world.command("never"), seconds=1)
    claims.seconds = 0.001
    for _ in range(40):
        await busy.handle(world.command("never"), seconds=1)

    assert await busy.handle(world.command("never", age_ms=2_600), seconds=1) == Ack("handled")


async def test_what_somebody_may_have_begun_is_never_refused(world: World, busy: Process, bot: CountingBot) -> None:
    await busy.handle(world.command("never"), seconds=1)
    begun = world.command("always", age_ms=2_600)
    await answer_at_discord(world, begun, ephemeral=True)

    assert await busy.handle(begun, redelivered=True, seconds=1) == Ack("handled")
    assert bot.starts == ["never", "always"]


async def test_one_that_is_too_old_is_late_as_before(world: World, busy: Process) -> None:
    await busy.handle(world.command("never"), seconds=1)

    assert await busy.handle(world.command("never", age_ms=2_700), seconds=1) == Ack("late")
    assert busy.telemetry.counted(metrics.CLOCK_SKEW) == 1
