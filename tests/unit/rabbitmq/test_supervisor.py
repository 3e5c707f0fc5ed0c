"""Sessions follow one another with pauses that grow, shrink and end as they should."""

import asyncio
from collections.abc import Callable

import pytest

from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.rabbitmq.settings import RabbitSettings
from gpadapters.rabbitmq.supervisor import MissingTopologyError, SessionLostError, Supervisor
from gpcore.domain.backoff import Backoff
from gpcore.domain.metrics import RECONNECTS
from gpcore.domain.secrets import Secret
from gpcore.errors import ConfigurationError, PortUnavailableError
from tests.eventually import eventually

SETTINGS = RabbitSettings(
    url=Secret("amqp://x/"), reconnect_initial=0.001, reconnect_max=0.002, missing_topology_interval=0.001
)


class Sessions:
    """Ends each session with the next of the errors, and holds the last."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.numbers: list[int] = []

    async def __call__(self, number: int) -> None:
        self.numbers.append(number)
        if self.errors:
            raise self.errors.pop(0)
        await asyncio.Event().wait()


def supervise(sessions: Sessions, telemetry: InMemoryTelemetry | None = None) -> Supervisor:
    return Supervisor(
        sessions,
        name="lane x",
        settings=SETTINGS,
        telemetry=telemetry or InMemoryTelemetry(),
        unit=lambda: 0.5,
    )


def test_pauses_are_random_below_a_bound_that_doubles() -> None:
    backoff = Backoff(initial=0.5, maximum=30, unit=_units(1.0))
    assert [backoff.next_pause() for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    backoff.reset()
    assert backoff.next_pause() == 0.5
    assert Backoff(initial=0.5, maximum=30, unit=_units(0.0)).next_pause() == 0


async def test_a_lost_session_is_followed_by_another_and_counted_by_reason() -> None:
    telemetry = InMemoryTelemetry()
    sessions = Sessions(SessionLostError("channel_closed"), PortUnavailableError("down"), SessionLostError("stalled"))
    supervisor = supervise(sessions, telemetry)
    supervisor.start()
    await eventually(lambda: len(sessions.numbers) == 4)
    assert sessions.numbers == [1, 2, 3, 4]
    assert {series[1]: count for series, count in telemetry.counts.items()} == {
        "channel_closed": 1,
        "unreachable": 1,
        "stalled": 1,
    }
    await supervisor.close()


async def test_missing_topology_is_logged_once_and_not_counted(caplog: pytest.LogCaptureFixture) -> None:
    telemetry = InMemoryTelemetry()
    missing = [MissingTopologyError("the broker lacks q") for _ in range(3)]
    sessions = Sessions(*missing, SessionLostError("x"), MissingTopologyError("again"))
    supervisor = supervise(sessions, telemetry)
    supervisor.start()
    await eventually(lambda: len(sessions.numbers) == 6)
    told = [record.getMessage() for record in caplog.records if "gp topology apply" in record.getMessage()]
    assert len(told) == 2, "once for each time it went missing"
    assert told[0].startswith("lane x: the broker lacks q. Run `gp topology apply`")
    assert telemetry.counted(RECONNECTS) == 1
    await supervisor.close()


async def test_a_configuration_error_ends_it_and_is_raised() -> None:
    sessions = Sessions(ConfigurationError("both sides"))
    supervisor = supervise(sessions)
    supervisor.start()
    with pytest.raises(ConfigurationError, match="both sides"):
        await supervisor.over()
    assert sessions.numbers == [1]
    await supervisor.close()


async def test_a_mistake_in_a_session_does_not_pass_in_silence() -> None:
    supervisor = supervise(Sessions(KeyError("mistake")))
    supervisor.start()
    with pytest.raises(KeyError):
        await supervisor.over()


async def test_no_more_lets_the_running_session_go_on_and_starts_no_other() -> None:
    held = asyncio.Event()

    class Holding(Sessions):
        async def __call__(self, number: int) -> None:
            self.numbers.append(number)
            await held.wait()
            raise SessionLostError("cut")

    sessions = Holding()
    supervisor = supervise(sessions)
    supervisor.start()
    await eventually(lambda: sessions.numbers)
    supervisor.no_more()
    over = asyncio.create_task(supervisor.over())
    held.set()
    await asyncio.sleep(0.02)
    assert sessions.numbers == [1]
    assert not over.done(), "only close ends the waiting"
    await supervisor.close()
    await over


async def test_close_without_start_ends_the_waiting() -> None:
    supervisor = supervise(Sessions())
    await supervisor.close()
    await supervisor.over()


async def test_close_ends_a_long_pause_at_once() -> None:
    settings = RabbitSettings(url=Secret("amqp://x/"), reconnect_initial=3600, reconnect_max=3600)
    sessions = Sessions(SessionLostError("x"))
    supervisor = Supervisor(sessions, name="lane x", settings=settings, telemetry=InMemoryTelemetry(), unit=lambda: 0.5)
    supervisor.start()
    await eventually(lambda: sessions.numbers)
    async with asyncio.timeout(1):
        await supervisor.close()


async def test_a_session_that_held_for_long_starts_the_back_off_afresh(caplog: pytest.LogCaptureFixture) -> None:
    settings = RabbitSettings(url=Secret("amqp://x/"), reconnect_initial=0.001, reconnect_max=10, healthy_after=0)
    sessions = Sessions(*[SessionLostError("x") for _ in range(20)])
    supervisor = Supervisor(
        sessions, name="lane x", settings=settings, telemetry=InMemoryTelemetry(), unit=lambda: 0.999
    )
    supervisor.start()
    await eventually(lambda: len(sessions.numbers) == 21)
    await supervisor.close()


def _units(value: float) -> Callable[[], float]:
    return lambda: value
