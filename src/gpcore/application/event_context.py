"""What the handler of an event gets."""

import logging
from typing import Any, Final, Generic, TypeVar

from gpcore.application.context import HANDLERS_LOG, AutocompleteContext, Bot, InteractionContext, Log
from gpcore.application.sessions import Sessions
from gpcore.domain.events import Event
from gpcore.errors import GpError

E_co = TypeVar("E_co", bound=Event, covariant=True)


class EventContext(Generic[E_co]):
    """An event.

    Attributes:
        fence: Grows with every attempt of any worker; a resource that remembers the largest one
            seen can refuse a worker that was overtaken. 0 if the claim could not be made.
    """

    def __init__(
        self, event: E_co, *, event_id: str, fence: int, bot: Bot, sessions: Sessions | None, handler: str
    ) -> None:
        self.event: Final = event
        self.event_id: Final = event_id
        self.fence: Final = fence
        self.bot: Final = bot
        self.log: Final[Log] = logging.LoggerAdapter(HANDLERS_LOG, {"handler": handler, "event_id": event_id})
        self._sessions: Final = sessions

    @property
    def sessions(self) -> Sessions:
        """The sessions of the user whom the event is about.

        Raises:
            GpError: It is about nobody, such as a guild's outage.
        """
        if self._sessions is None:
            raise GpError("this event names no user, so there are no sessions: ctx.sessions belongs to one user")
        return self._sessions


AnyContext = InteractionContext | AutocompleteContext | EventContext[Any]
"""Whatever a handler may get, for middleware and error handlers of all kinds."""
