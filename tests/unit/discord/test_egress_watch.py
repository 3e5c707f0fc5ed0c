import pytest

from gpadapters.discord.answers import Answer, Importance
from gpadapters.discord.brake import WINDOW, Brake, Stops
from gpadapters.discord.egress_watch import EgressWatch
from gpadapters.memory.egress_ledger import InMemoryEgressLedger
from gpcore.domain.egress import EgressNews
from tests.settable_clock import SettableClock

FORBIDDEN = Answer(status=403)
EDGE = Answer(status=429, headers={"retry-after": "60"})


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def ledger(clock: SettableClock) -> InMemoryEgressLedger:
    return InMemoryEgressLedger(clock)


class Process:
    def __init__(self, clock: SettableClock, ledger: InMemoryEgressLedger) -> None:
        self.brake = Brake(clock, Stops(background=5, followups=8, callbacks=9))
        self.watch = EgressWatch(self.brake, ledger, clock)

    async def look(self) -> None:
        self.watch.look_soon()
        await self.watch.looked()

    def going_on(self) -> list[Importance]:
        return [importance for importance in Importance if self.brake.refusal(importance) is None]


async def test_the_less_important_stop_first(clock: SettableClock, ledger: InMemoryEgressLedger) -> None:
    process = Process(clock, ledger)
    going_on = []

    for _ in range(9):
        process.brake.note(FORBIDDEN)
        going_on.append(len(process.going_on()))

    assert going_on == [3, 3, 3, 3, 2, 2, 2, 1, 0]


async def test_processes_behind_one_address_stop_together(clock: SettableClock, ledger: InMemoryEgressLedger) -> None:
    one, two = Process(clock, ledger), Process(clock, ledger)
    for process in (one, two, one):
        for _ in range(2):
            process.brake.note(FORBIDDEN)
        await process.look()
        await clock.sleep(1.0)
    await two.look()

    refusal = two.brake.refusal(Importance.BACKGROUND)

    assert Importance.BACKGROUND not in one.going_on() + two.going_on()
    assert refusal is not None
    assert "6 invalid requests" in str(refusal)
    assert (await ledger.tell(EgressNews())).invalid == 6


async def test_it_looks_once_a_second_at_most_unless_it_is_urgent(
    clock: SettableClock, ledger: InMemoryEgressLedger
) -> None:
    process, other = Process(clock, ledger), Process(clock, ledger)
    await process.look()
    process.brake.note(FORBIDDEN)
    await process.look()
    before = (await ledger.tell(EgressNews())).invalid
    process.brake.note(EDGE)
    await process.look()
    await other.look()

    assert before == 0
    assert (await ledger.tell(EgressNews())).invalid == 2
    assert not process.brake.urgent
    assert other.going_on() == []


async def test_news_that_could_not_be_told_are_told_later(clock: SettableClock, ledger: InMemoryEgressLedger) -> None:
    process = Process(clock, ledger)
    process.brake.note(FORBIDDEN)
    process.brake.note(EDGE)
    ledger.unavailable = True
    await process.look()
    urgent = process.brake.urgent
    ledger.unavailable = False

    await process.watch.close()
    view = await ledger.tell(EgressNews())

    assert urgent
    assert (view.invalid, view.paused_us > 0) == (2, True)


async def test_a_process_that_never_looked_closes_in_silence(
    clock: SettableClock, ledger: InMemoryEgressLedger
) -> None:
    await Process(clock, ledger).watch.close()

    assert (await ledger.tell(EgressNews())).invalid == 0


async def test_what_the_others_told_is_forgotten_with_the_window(
    clock: SettableClock, ledger: InMemoryEgressLedger
) -> None:
    process = Process(clock, ledger)
    await ledger.tell(EgressNews(invalid=50))
    await process.look()
    stopped = process.going_on()

    await clock.sleep(WINDOW)

    assert (stopped, len(process.going_on())) == ([], 3)
