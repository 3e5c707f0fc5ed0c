"""Answering one claimed interaction: admit, defer in time, run the handler, reply."""

import contextlib
from collections.abc import AsyncIterator, Awaitable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from gpcore.application.admission import Admission
from gpcore.application.arguments import arguments
from gpcore.application.boundary import Raised, Returned, contain
from gpcore.application.calling import call
from gpcore.application.context import (
    AutocompleteContext,
    CommandContext,
    ComponentContext,
    InteractionContext,
    ModalContext,
)
from gpcore.application.conversation import Conversation
from gpcore.application.deferral import automatic_defer
from gpcore.application.edge import Edge
from gpcore.application.endings import Endings, unanswered
from gpcore.application.handlers import CompiledHandler
from gpcore.application.routes import Found
from gpcore.application.sessions import Sessions
from gpcore.application.slots import Slots, SlotsClosedError
from gpcore.domain.deadlines import Deadlines
from gpcore.domain.defer import DeferMode
from gpcore.domain.interactions import Interaction, InteractionKind
from gpcore.domain.settling import Disposition, GiveBack
from gpcore.errors import DeadlineMissedError, GpError, OptionError, PortUnavailableError, RetryLater, UserError

_CONTEXTS: Final[dict[InteractionKind, type[InteractionContext]]] = {
    InteractionKind.COMMAND: CommandContext,
    InteractionKind.COMPONENT: ComponentContext,
    InteractionKind.MODAL: ModalContext,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One attempt at an interaction.

    Attributes:
        failures: Attempts that have failed before this one.
        admitted: Whether an earlier attempt passed the handler's limits.
    """

    interaction: Interaction
    conversation: Conversation
    deadlines: Deadlines
    failures: int
    admitted: bool = False


class Answering:
    """Runs handlers.

    Handlers that may be deferred share ``slots``; those that must answer at once have
    ``quick_slots`` of their own, because nothing could buy them time.
    """

    def __init__(self, edge: Edge, admission: Admission, endings: Endings, slots: Slots, quick_slots: Slots) -> None:
        self._edge: Final = edge
        self._admission: Final = admission
        self._endings: Final = endings
        self._slots: Final = slots
        self._quick_slots: Final = quick_slots

    async def answer(self, run: Run, found: Found | None) -> Disposition:
        """Answer and return the disposition."""
        try:
            if found is None:
                return await self._endings.not_available(run.conversation)
            async with self._automatic_defer(run, found[0]):
                return await self._admit_and_run(run, found)
        except SlotsClosedError:
            return GiveBack("drained")
        except GpError as error:
            return unanswered(error)

    async def give_up(self, run: Run) -> None:
        """Tell the user that a deferred interaction will not be finished."""
        await self._endings.given_up(run.conversation)

    async def _admit_and_run(self, run: Run, found: Found) -> Disposition:
        handler, conversation = found[0], run.conversation
        if not run.admitted:
            # A scope may be the bot's own function, which may raise anything.
            asked = await contain(self._admission.refusal(handler, run.interaction))
            if isinstance(asked, Raised):
                return await self._endings.raised(conversation, handler, asked.error, failures=run.failures + 1)
            if asked.value is not None:
                return await self._endings.refused(conversation, asked.value)
        try:
            positional, named = arguments(found, run.interaction)
        except OptionError as error:
            return await self._endings.bad_option(conversation, error)
        if handler.policy.defer.mode is DeferMode.ALWAYS and not conversation.state.answered:
            try:
                await conversation.defer(ephemeral=handler.policy.defer.ephemeral)
            except PortUnavailableError as error:
                return self._endings.defer_lost(error, failures=run.failures + 1)
        async with self._slot(run, handler):
            context = self._context(run, handler)
            ended = await self._call(handler, handler.registration.function(context, *positional, **named))
        return await self._end(run, handler, ended)

    def _automatic_defer(self, run: Run, handler: CompiledHandler) -> AbstractAsyncContextManager[None]:
        defer = handler.policy.defer
        if defer.mode is not DeferMode.AUTO or run.conversation.state.answered:
            return contextlib.nullcontext()
        now_ms = self._edge.clock.now_us() // 1000
        at_ms = run.deadlines.auto_defer_ms(now_ms, defer.after, self._edge.timing.defer_timeout_ms)
        return automatic_defer(run.conversation, at_ms=at_ms, ephemeral=defer.ephemeral, clock=self._edge.clock)

    @asynccontextmanager
    async def _slot(self, run: Run, handler: CompiledHandler) -> AsyncIterator[None]:
        if handler.policy.defer.mode is not DeferMode.NEVER:
            async with self._slots.slot():
                yield
            return
        try:
            async with self._edge.clock.deadline(run.conversation.remaining()):
                await self._quick_slots.acquire()
        except TimeoutError:
            # It was shed, not served: the user may try again at once.
            await self._admission.refund(handler, run.interaction)
            raise DeadlineMissedError("no slot was free in time") from None
        try:
            yield
        finally:
            self._quick_slots.release()

    async def _call(self, handler: CompiledHandler, work: Awaitable[object]) -> Returned[object] | Raised:
        edge = self._edge
        timeout = edge.timing.handler_timeout
        return await call(handler, work, default_timeout=timeout, clock=edge.clock, telemetry=edge.telemetry)

    async def _end(self, run: Run, handler: CompiledHandler, ended: Returned[object] | Raised) -> Disposition:
        if isinstance(ended, Returned):
            return await self._endings.returned(run.conversation, handler, ended.value)
        if not isinstance(ended.error, (UserError, RetryLater)):
            await self._admission.refund(handler, run.interaction)
        return await self._endings.raised(run.conversation, handler, ended.error, failures=run.failures + 1)

    def _context(self, run: Run, handler: CompiledHandler) -> InteractionContext | AutocompleteContext:
        interaction, bot = run.interaction, self._edge.bot
        if interaction.kind is InteractionKind.AUTOCOMPLETE:
            return AutocompleteContext(interaction, run.conversation, bot=bot, handler=handler.label)
        sessions = Sessions(self._edge.sessions, interaction.user_id or "", self._edge.clock)
        kind = _CONTEXTS[interaction.kind]
        return kind(interaction, run.conversation, bot=bot, sessions=sessions, handler=handler.label)
