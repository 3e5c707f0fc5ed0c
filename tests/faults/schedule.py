"""Which faults are done to whom and when: one seed, one schedule."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SHORTEST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 1.5
"""Seconds between two faults, at the least and at the most; each takes its own time beside that."""


class Kind(StrEnum):
    """What is done."""

    WORKER_KILLED = "worker_killed"
    """SIGKILL; another one is started in its place."""
    WORKER_PAUSED = "worker_paused"
    """SIGSTOP for longer than a claim's lease, then SIGCONT."""
    BROKER_CUT = "broker_cut"
    """Every connection to the broker is reset."""
    BROKER_RESTARTED = "broker_restarted"
    STATE_CUT = "state_cut"
    """Every connection to Redis is reset."""
    STATE_SLOW = "state_slow"
    """Redis answers later than anybody waits for."""
    STATE_MUTE = "state_mute"
    """One reply of Redis is lost, and its connection with it."""
    STATE_RESTARTED = "state_restarted"
    """Redis is killed and started: it has forgotten everything."""


OF_WORKERS: Final = frozenset({Kind.WORKER_KILLED, Kind.WORKER_PAUSED})
OF_THE_BROKER: Final = frozenset({Kind.BROKER_CUT, Kind.BROKER_RESTARTED})
OF_THE_STATE: Final = frozenset({Kind.STATE_CUT, Kind.STATE_SLOW, Kind.STATE_MUTE, Kind.STATE_RESTARTED})

_WEIGHTS: Final = {Kind.WORKER_KILLED: 3, Kind.BROKER_CUT: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One fault of a schedule.

    Attributes:
        kind: What is done.
        worker: The number of the worker that it is done to; meaningless for faults of servers.
        pause: Seconds to wait before it, from the end of the one before.
    """

    kind: Kind
    worker: int
    pause: float


def schedule(seed: int, *, length: int, workers: int, kinds: Sequence[Kind] = tuple(Kind)) -> Sequence[Planned]:
    """Plan ``length`` faults: each kind once in a seeded order, then at random; worker kills the most often."""
    chance = random.Random(f"{seed} faults")
    weights = [_WEIGHTS.get(kind, 1) for kind in kinds]
    chosen = [*chance.sample(kinds, len(kinds)), *chance.choices(kinds, weights, k=length)][:length]
    return [
        Planned(kind=kind, worker=chance.randrange(workers), pause=chance.uniform(SHORTEST_PAUSE, LONGEST_PAUSE))
        for kind in chosen
    ]
