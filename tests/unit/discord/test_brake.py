import pytest

from gpadapters.discord.answers import Answer
from gpadapters.discord.brake import WINDOW, Brake, Stops
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.followups import HttpFollowups
from gpadapters.simulator.faults import InjectedFault
from gpcore.domain.messages import OutgoingMessage
from gpcore.errors import PortRejectedError, PortThrottledError
from tests.settable_clock import SettableClock
from tests.unit.discord.http_world import HttpWorld

FORBIDDEN = Answer(status=403)
SHARED = Answer(status=429, headers={"x-ratelimit-scope": "shared"}, body={"retry_after": 1.0})
EDGE = Answer(status=429, headers={})


async def test_stops_before_the_ban_and_goes_on_when_the_window_moves() -> None:
    clock = SettableClock()
    brake = Brake(clock, Stops(callbacks=3))

    for _ in range(2):
        brake.note(FORBIDDEN)
        await clock.sleep(1.0)
    assert brake.refusal() is None
    brake.note(FORBIDDEN)

    refusal = brake.refusal()
    assert refusal is not None
    assert refusal.retry_after == WINDOW - 2.0
    await clock.sleep(WINDOW - 2.0)
    assert brake.refusal() is None


def test_shared_limits_and_missing_things_do_not_count() -> None:
    brake = Brake(SettableClock(), Stops(callbacks=1))

    brake.note(SHARED)
    brake.note(Answer(status=404))
    brake.note(Answer(status=500))

    assert brake.refusal() is None


async def test_an_edge_block_without_a_time_pauses_longer_each_time_until_an_answer() -> None:
    clock = SettableClock()
    brake = Brake(clock)
    pauses = []

    for _ in range(3):
        brake.note(EDGE)
        refusal = brake.refusal()
        assert refusal is not None
        pauses.append(refusal.retry_after)
        await clock.sleep(refusal.retry_after)
    brake.note(Answer(status=200))
    brake.note(EDGE)
    again = brake.refusal()

    assert again is not None
    assert [*pauses, again.retry_after] == pytest.approx([60.0, 120.0, 240.0, 60.0])


async def test_under_a_storm_of_refusals_no_more_than_the_budget_is_sent(world: HttpWorld) -> None:
    exchange = DiscordExchange(world.transport, Brake(world.clock, Stops(followups=5)), world.telemetry)
    followups = HttpFollowups(exchange, world.settings, world.clock)
    world.simulator.inject(InjectedFault(kind="error", status=403, code=50013, message="Missing", times=None))
    refusals = 0

    for _ in range(20):
        given = world.interaction()
        try:
            await followups.create(given.token, OutgoingMessage(content="x"))
        except PortThrottledError:
            refusals += 1
        except PortRejectedError:
            pass

    assert (world.requests(), refusals) == (5, 15)
    assert world.simulator.invalid_requests == 5
