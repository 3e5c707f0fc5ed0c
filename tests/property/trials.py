"""Runs a state machine until it has really met what its property speaks of."""

from collections import Counter
from typing import Any, ClassVar

from hypothesis.stateful import run_state_machine_as_test

from tests.property.live_redis import LiveRedis

MOST_RUNS = 10


def put_to_the_test(machine: type[Any], live: LiveRedis, *situations: str) -> None:
    """Run a machine, again if chance has left out a situation; a property that is never asked proves nothing.

    Args:
        machine: A class of machines that take the live server.
        live: The server.
        situations: What ``seen`` must have counted in the end.
    """

    class Machine(machine):  # type: ignore[misc]  # the base is a parameter
        seen: ClassVar[Counter[str]] = Counter()

        def __init__(self) -> None:
            super().__init__(live)

    for _ in range(MOST_RUNS):
        run_state_machine_as_test(Machine)
        if all(Machine.seen[situation] for situation in situations):
            return
    raise AssertionError(f"in {MOST_RUNS} runs only this was met: {dict(Machine.seen)}")
