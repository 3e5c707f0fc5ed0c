"""Everything is accounted for after a short, seeded storm; and the accounts would show what is wrong."""

from dataclasses import replace

import pytest

from tests.faults.diary import Run, entries, runs
from tests.faults.explaining import MARKING, Fault, may_be_unanswered, unexplained
from tests.faults.ledger import Ledger
from tests.faults.scene import Scene
from tests.faults.schedule import SHORTEST_PAUSE, Kind, schedule
from tests.faults.soak import Soak
from tests.servers.redis_process import RedisProcess

SEED = 7
SECONDS = 6.0
SENT = 100.0
TWICE = [Run(process=1, began=101, done=102), Run(process=2, began=110, done=111)]
KILL = Fault(kind=Kind.WORKER_KILLED, began=102.5, ended=105, process=1)
CUT = Fault(kind=Kind.BROKER_CUT, began=101.5, ended=101.6)
RESTART = Fault(kind=Kind.STATE_RESTARTED, began=106, ended=107)
SLOW = Fault(kind=Kind.STATE_SLOW, began=102, ended=103)
PAUSE = Fault(kind=Kind.WORKER_PAUSED, began=101.5, ended=106, process=1)


def test_a_seed_has_one_schedule_and_it_begins_with_each_kind_once() -> None:
    plan = schedule(SEED, length=50, workers=2)
    assert plan == schedule(SEED, length=50, workers=2)
    assert plan != schedule(SEED + 1, length=50, workers=2)
    assert {planned.kind for planned in plan[: len(Kind)]} == set(Kind)
    assert {planned.worker for planned in plan} == {0, 1}
    assert min(planned.pause for planned in plan) >= SHORTEST_PAUSE


def test_a_diary_tells_which_run_had_its_effect() -> None:
    diary = entries("began a 1 1.0\nbegan a 2 2.0\ndone a 1 3.0\nbegan a 1 4.0\nbegan b 2 5.0\ndone b 2 6")
    assert runs(diary) == {
        "a": [Run(process=1, began=1, done=3), Run(process=2, began=2), Run(process=1, began=4)],
        "b": [Run(process=2, began=5)],
    }


@pytest.mark.parametrize(
    "faults",
    [[KILL], [CUT, RESTART], [CUT, SLOW], [CUT, PAUSE], [replace(CUT, kind=Kind.BROKER_RESTARTED), RESTART]],
    ids=["killed before the mark", "forgotten", "not marked", "overtaken", "forgotten after a restart"],
)
def test_a_copy_and_a_broken_guard_explain_one_repeat(faults: list[Fault]) -> None:
    assert unexplained(TWICE, faults, sent=SENT, parked=False) == 0
    thrice = [*TWICE, Run(process=3, began=120, done=121)]
    assert unexplained(thrice, faults, sent=SENT, parked=False) == 1, "each repeat needs a fault of its own"
    assert unexplained(TWICE[:1], faults, sent=SENT, parked=True) == 0, "the dead letter is a repeat like another"


@pytest.mark.parametrize(
    "faults",
    [
        [],
        [replace(KILL, process=2)],
        [replace(KILL, began=101.5)],
        [replace(KILL, began=102 + MARKING + 0.1)],
        [RESTART, SLOW],
        [CUT],
        [CUT, replace(PAUSE, process=2)],
        [replace(CUT, began=90, ended=91), RESTART],
        [CUT, replace(RESTART, began=112, ended=113)],
        [CUT, replace(SLOW, began=104.1, ended=105)],
    ],
    ids=[
        "nothing happened",
        "another worker was killed",
        "killed before the effect",
        "killed after the mark",
        "no copy",
        "a copy alone",
        "another was paused",
        "the copy was before",
        "forgotten too late",
        "slow when it was marked already",
    ],
)
def test_anything_less_explains_none(faults: list[Fault]) -> None:
    assert unexplained(TWICE, faults, sent=SENT, parked=False) == 1
    assert unexplained(TWICE[:1], [], sent=SENT, parked=False) == 0


def test_only_a_fault_within_three_seconds_excuses_a_missing_answer() -> None:
    assert may_be_unanswered([CUT], sent=100)
    assert may_be_unanswered([CUT], sent=101.55)
    assert not may_be_unanswered([CUT], sent=98)
    assert not may_be_unanswered([CUT], sent=102)


def test_the_ledger_shows_what_is_wrong() -> None:
    ledger = Ledger(events=dict.fromkeys("abcd", SENT), interactions=dict.fromkeys("wxyz", SENT), faults=[])
    once = [Run(process=1, began=101, done=102)]
    ledger.runs = {"a": once, "c": TWICE, "w": once, "x": once, "y": once}
    ledger.parked, ledger.told, ledger.thinking = {"d": "attempts"}, {"w": 1, "x": 2}, frozenset("y")
    assert (ledger.lost, ledger.unexplained) == (["b"], ["c"])
    assert (ledger.neglected, ledger.told_too_often) == (["y", "z"], ["x"])
    assert not ledger.balanced
    text = ledger.text()
    assert "lost        1" in text
    assert "thinking    1" in text
    assert "balanced      NO" in text
    assert "c: parked None, told 0; ran 1.00-2.00 in 1, 10.00-11.00 in 2" in text


def test_a_ledger_without_faults_is_balanced_if_all_is_well() -> None:
    ledger = Ledger(events={"a": SENT}, interactions={"w": SENT})
    ledger.runs = dict.fromkeys("aw", TWICE[:1])
    ledger.told = {"w": 1}
    assert ledger.balanced
    assert "balanced      yes" in ledger.text()
    ledger.told, ledger.thinking = {}, frozenset("w")
    ledger.faults = [CUT]
    assert ledger.neglected == ["w"], "no fault excuses who is left thinking"


@pytest.mark.e2e
@pytest.mark.fault
async def test_a_storm_of_faults_loses_nothing(scene: Scene, redis_server: RedisProcess) -> None:
    kinds = (Kind.WORKER_KILLED, Kind.BROKER_CUT, Kind.STATE_RESTARTED)
    ledger = await Soak(scene, redis_server, None, SEED, kinds).run(SECONDS)
    assert ledger.events
    assert ledger.interactions
    assert {fault.kind for fault in ledger.faults} == set(kinds)
    assert ledger.balanced, ledger.text()
