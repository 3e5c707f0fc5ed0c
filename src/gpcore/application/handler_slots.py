"""Slots of single handlers: how many of one handler run at a time in this worker."""

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Final

from gpcore.application.handlers import CompiledHandler
from gpcore.application.slots import Slots
from gpcore.domain.defer import DeferMode

_UNCOUNTED: Final = nullcontext()


class HandlerSlots:
    """Bounds the handlers that are declared with ``concurrency``.

    A handler's own slot is taken before one of its lane, so that those who wait for it keep no
    other handler from running. Those that must answer at once are served the newest first, as in their lane.
    """

    def __init__(self, handlers: Iterable[CompiledHandler]) -> None:
        self._slots: Final = {
            handler.label: Slots(handler.policy.concurrency, newest_first=_answers_at_once(handler))
            for handler in handlers
            if handler.policy.concurrency is not None
        }

    def slot(self, handler: CompiledHandler) -> AbstractAsyncContextManager[None]:
        """Hold one of the handler's slots for the body, if they are counted.

        Entering it raises ``SlotsClosedError`` if the slots were closed before one was free.
        """
        slots = self._slots.get(handler.label)
        return _UNCOUNTED if slots is None else slots.slot()

    def close(self) -> None:
        """Refuse everyone who waits now or comes later."""
        for slots in self._slots.values():
            slots.close()


def _answers_at_once(handler: CompiledHandler) -> bool:
    return handler.policy.defer.mode is DeferMode.NEVER
