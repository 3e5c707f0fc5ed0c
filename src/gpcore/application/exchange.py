"""What Discord was told about one interaction, and how a call to it is surrounded.

Before a first answer, and before the first word after a defer, the intent is noted in the claim,
after Discord's reply the fact: a worker that takes over knows what may have happened, and finds out
here what did. The handler waits for intents only.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from gpcore.application.first_answers import FirstAnswers
from gpcore.application.holding import Hold
from gpcore.application.layouts import Layouts
from gpcore.domain.claims import Progress
from gpcore.domain.deadlines import Deadlines
from gpcore.domain.interactions import Interaction
from gpcore.domain.messages import Callback, CallbackType
from gpcore.domain.replies import MOST_FOLLOWUPS_OF_A_USER_INSTALL, Move, ReplyState, Step, advance, defer_type
from gpcore.errors import DeadlineMissedError
from gpcore.ports.clock import Clock
from gpcore.ports.first_responder import FirstResponder
from gpcore.ports.followups import ORIGINAL, Followups
from gpcore.ports.telemetry import Telemetry

_MS: Final = 1000
_DEFERS: Final = (CallbackType.DEFERRED_MESSAGE, CallbackType.DEFERRED_UPDATE)


class Exchange:
    """One interaction's exchange, as far as it has gone."""

    def __init__(
        self,
        interaction: Interaction,
        deadlines: Deadlines,
        *,
        responder: FirstResponder,
        followups: Followups,
        clock: Clock,
        telemetry: Telemetry,
        hold: Hold,
        noted: Progress = Progress.NONE,
    ) -> None:
        self._interaction: Final = interaction
        self._deadlines: Final = deadlines
        self._first_answers: Final = FirstAnswers(
            interaction, deadlines, responder=responder, clock=clock, telemetry=telemetry
        )
        self._followups: Final = followups
        self._clock: Final = clock
        self._hold: Final = hold
        self._noted = noted
        self._lock: Final = asyncio.Lock()
        self._state = ReplyState(
            kind=interaction.kind,
            from_message=interaction.opened_from_message,
            followups_left=MOST_FOLLOWUPS_OF_A_USER_INSTALL if interaction.user_install_only else None,
        )
        self._gone: Final[set[str]] = set()
        self._layouts: Final = Layouts()
        if interaction.from_layout:
            # Until a message of its own is sent, the original is the component's.
            self._layouts.mark(ORIGINAL)
        self._spoken = False
        self._lost_defer: Callback | None = None

    @property
    def state(self) -> ReplyState:
        """What Discord has been told."""
        return self._state

    @property
    def locale(self) -> str | None:
        """The language of the user, as Discord's locale."""
        return self._interaction.locale

    @property
    def can_run_again(self) -> bool:
        """Whether the handler can start over: deferred, and nothing else was even tried yet."""
        return self._state.first in _DEFERS and not self._spoken

    def remaining(self) -> float:
        """Return the seconds left to act: for a first answer, or for an edit once it was made."""
        limit = self._deadlines.token_ms if self._state.answered else self._deadlines.first_answer_ms
        return (limit - self._clock.now_us() // _MS) / _MS

    async def resume_deferred(self, *, ephemeral: bool) -> None:
        """Go on after a defer that another worker made."""
        step = Step(Move.CALLBACK, defer_type(self._state))
        self._state = advance(self._state, step, ephemeral=ephemeral)
        await self._note(Progress.DEFERRED, ephemeral=ephemeral)

    async def resume_if_thinking(self, *, ephemeral: bool) -> bool:
        """Go on if the user still looks at a defer that another worker made; ``False`` if not.

        Raises:
            InteractionExpiredError: Nothing was ever answered, or the token is over.
            PortError: Discord does not tell.
        """
        if defer_type(self._state) is not CallbackType.DEFERRED_MESSAGE:
            # A component's defer shows nothing.
            return False
        if not await self._followups.thinking(self._interaction.token):
            return False
        await self.resume_deferred(ephemeral=ephemeral)
        return True

    async def recover(self, *, ephemeral: bool) -> None:
        """Go on after a defer that may have arrived, by making it again.

        Raises:
            InteractionExpiredError: It had not, and it is too late.
            PortError: Discord does not tell.
        """
        async with self._lock:
            await self._make_sure(Callback(type=defer_type(self._state), ephemeral=ephemeral))

    async def defer_unless_answered(self, *, ephemeral: bool) -> bool:
        """Defer, and go on if that is the first answer; ``False`` if there was one.

        Raises:
            InteractionExpiredError: There was none, and it is too late.
            PortError: Discord does not tell.
        """
        async with self._lock:
            callback = Callback(type=defer_type(self._state), ephemeral=ephemeral)
            if await self._first_answers.had_one(callback):
                return False
            await self.resume_deferred(ephemeral=ephemeral)
            return True

    async def _make_sure(self, defer: Callback) -> None:
        """Make a defer that may have arrived, and go on as deferred."""
        await self._first_answers.had_one(defer)
        self._lost_defer = None
        await self.resume_deferred(ephemeral=defer.ephemeral)

    @asynccontextmanager
    async def _later(self, step: Step) -> AsyncIterator[None]:
        """Surround what follows a first answer; the first word after a defer makes it an answer."""
        self._check_token()
        first_word = self.can_run_again
        if first_word:
            self._spoken = True
            await self._note(Progress.SPEAKING)
        yield
        self._state = advance(self._state, step)
        if first_word:
            await self._note_fact(Progress.ANSWERED, after=Progress.SPEAKING)

    async def _first_answer(self, callback: Callback, *, ephemeral: bool = False) -> None:
        defers = callback.type in _DEFERS
        intent = Progress.DEFERRING if defers else Progress.ANSWERING
        if self._noted is not intent:
            await self._note(intent, ephemeral=ephemeral)
        await self._first_answers.send(callback)
        self._state = advance(self._state, Step(Move.CALLBACK, callback.type), ephemeral=ephemeral)
        await self._note_fact(Progress.DEFERRED if defers else Progress.ANSWERED, after=intent, ephemeral=ephemeral)

    async def _note(self, progress: Progress, *, ephemeral: bool = False) -> None:
        if await self._hold.note(progress, ephemeral=ephemeral):
            self._noted = progress

    async def _note_fact(self, progress: Progress, *, after: Progress, ephemeral: bool = False) -> None:
        """Write what Discord was told; nobody waits for that if the claim knows what was going to be."""
        if self._noted is after:
            self._hold.note_soon(progress, ephemeral=ephemeral)
        else:
            await self._note(progress, ephemeral=ephemeral)

    def _check_token(self) -> None:
        if self.remaining() <= 0:
            raise DeadlineMissedError("the interaction's token is valid for 15 minutes only, and they are over")
