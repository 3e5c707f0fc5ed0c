"""Under more load than it can bear a worker answers nearly as many as without, if it refuses at the door."""

from collections import deque
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore.domain.deadlines import FIRST_ANSWER_WINDOW_MS
from gpcore.domain.headroom import MOST_HEADROOM_MS, Headroom

pytestmark = pytest.mark.property

CLAIMING_MS = 0.2
ANSWERING_MS = 0.3
REFUSING_MS = 0.05
CAPACITY = 1 / (CLAIMING_MS + ANSWERING_MS)
"""Interactions that a worker without overload answers in a millisecond."""
LONG_MS = 20_000

times = st.lists(st.floats(0, 5_000), min_size=1, max_size=200)


@dataclass
class Worker:
    """Takes the oldest from a queue, as many as its prefetch at a time; their answers begin when all have claimed."""

    prefetch: int
    refuses: bool
    answered: int = 0
    refused: int = 0
    in_vain: int = 0

    def work(self, per_ms: float) -> None:
        """Work for ``LONG_MS`` under an even load."""
        now, came, waiting, headroom = 0.0, 0, deque[float](), Headroom()
        while now < LONG_MS:
            while came / per_ms <= now:
                waiting.append(came / per_ms)
                came += 1
            taken = [waiting.popleft() for _ in range(min(self.prefetch, len(waiting)))]
            needed = headroom.needed_ms if self.refuses else 0.0
            hopeful = [born for born in taken if born + FIRST_ANSWER_WINDOW_MS - now > needed]
            self.refused += len(taken) - len(hopeful)
            took = len(hopeful) * CLAIMING_MS
            for _ in hopeful:
                headroom = headroom.after(took)
            now += took + (len(taken) - len(hopeful)) * REFUSING_MS
            in_time = sum(born + FIRST_ANSWER_WINDOW_MS > now for born in hopeful)
            self.answered += in_time
            self.in_vain += len(hopeful) - in_time
            now = now + in_time * ANSWERING_MS if taken else came / per_ms


def best(per_ms: float) -> float:
    """Return how many a worker answers that foresees everything: what it refuses costs time, too."""
    if per_ms <= CAPACITY:
        return per_ms * LONG_MS
    return LONG_MS * (1 - per_ms * REFUSING_MS) / (CLAIMING_MS + ANSWERING_MS - REFUSING_MS)


@given(times)
def test_what_is_asked_for_is_never_more_than_what_fresh_ones_have(times: list[float]) -> None:
    headroom = Headroom()
    for took in times:
        headroom = headroom.after(took)
        assert 0 <= headroom.needed_ms <= MOST_HEADROOM_MS < FIRST_ANSWER_WINDOW_MS


@given(times, st.floats(0, 900))
def test_it_learns_what_has_become_usual(times: list[float], usual: float) -> None:
    headroom = Headroom()
    for took in [*times, *([usual] * 100)]:
        headroom = headroom.after(took)

    assert headroom.needed_ms == pytest.approx(usual, abs=1)


@given(st.floats(0.001, 500))
def test_one_look_is_enough_to_ask_for_that_much(took: float) -> None:
    assert Headroom().after(took).needed_ms >= took


def test_a_clock_that_steps_back_teaches_nothing_absurd() -> None:
    assert Headroom().after(-5).needed_ms == 0


@given(overload=st.floats(1.05, 3.0), prefetch=st.integers(10, 200))
def test_a_worker_that_refuses_at_the_door_stays_near_the_best(overload: float, prefetch: int) -> None:
    worker = Worker(prefetch, refuses=True)
    worker.work(CAPACITY * overload)

    assert worker.answered >= 0.85 * best(CAPACITY * overload)


@given(load=st.floats(0.1, 0.95), prefetch=st.integers(10, 200))
def test_below_capacity_nobody_is_refused(load: float, prefetch: int) -> None:
    worker = Worker(prefetch, refuses=True)
    worker.work(CAPACITY * load)

    assert (worker.refused, worker.in_vain) == (0, 0)


def test_a_worker_that_takes_everybody_works_in_vain() -> None:
    """Without this the model would show nothing."""
    worker = Worker(100, refuses=False)
    worker.work(CAPACITY * 2)

    assert worker.answered < 0.7 * best(CAPACITY * 2)
    assert worker.in_vain > worker.answered
