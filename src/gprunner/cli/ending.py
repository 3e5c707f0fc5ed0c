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
_STDIN: Final = 0
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class Ending:
    """The first signal asks for an orderly end, the second or a time-out ends at once.

    Nothing is lost by ending at once: the broker takes back what is not settled. The timer is a
    thread of its own, because a handler that blocks the event loop would block it too.
    """

    def __init__(
        self, ask: Callable[[], object], *, seconds: float, at_once: Callable[[], object] | None = None
    ) -> None:
        """Prepare.

        Args:
            ask: Asks for the orderly end; safe in a signal handler and in any thread.
            seconds: What the orderly end may take.
            at_once: Called before the process is ended at once.
        """
        self._ask: Final = ask
        self._seconds: Final = seconds
        self._at_once: Final = at_once
        self._received: list[int] = []
        self._begun = False

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
        self.begin()

    def begin(self) -> None:
        """Ask for the orderly end, once."""
        if self._begun:
            return
        self._begun = True
        timer = threading.Timer(self._seconds, self._now, ["did not end in time and is ended"])
        timer.daemon = True
        timer.start()
        self._ask()

    def _now(self, why: str) -> None:
        sys.stderr.write(f"gp: the worker {why}; unsettled deliveries go back to the broker\n")
        sys.stderr.flush()
        if self._at_once is not None:
            self._at_once()
        os._exit(EXIT_INTERRUPTED if self.interrupted else EXIT_FAILED)


def end_with_parent(ending: Ending) -> None:
    """Begin to end when standard input closes: the parent asks for it, or is no more.

    It is read in a thread of its own, past Python's buffers, whose locks would be in the way at exit.
    """

    def wait_for_the_end() -> None:
        while os.read(_STDIN, 1):
            pass
        ending.begin()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
