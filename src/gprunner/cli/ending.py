"""Ending a process by signal, whatever its event loop is doing."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

EXIT_FAILED: Final = 1
EXIT_INTERRUPTED: Final = 130
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class Ending:
    """The first signal asks for an orderly end, the second or a time-out ends at once.

    Nothing is lost by ending at once: the broker takes back what is not settled. The timer is a
    thread of its own, because a handler that blocks the event loop would block it too.
    """

    def __init__(self, ask: Callable[[], object], *, seconds: float) -> None:
        self._ask: Final = ask
        self._seconds: Final = seconds
        self._received: list[int] = []

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C asked for the end."""
        return signal.SIGINT in self._received

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Take the signals for the body."""
        former = {number: signal.signal(number, self._receive) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        if self._received:
            self._now("ends at once, as asked a second time")
        self._received.append(number)
        timer = threading.Timer(self._seconds, self._now, ["did not end in time and is ended"])
        timer.daemon = True
        timer.start()
        self._ask()

    def _now(self, why: str) -> None:
        sys.stderr.write(f"gp: the worker {why}; unsettled deliveries go back to the broker\n")
        sys.stderr.flush()
        os._exit(EXIT_INTERRUPTED if self.interrupted else EXIT_FAILED)
