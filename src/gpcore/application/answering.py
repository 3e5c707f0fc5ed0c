"""Answering one claimed interaction: admit, defer in time, run the handler, reply."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from gpcore.application.admission import Admission
from gpcore.application.arguments import arguments
from gpcore.application.boundary import Raised, Returned, contain
from gpcore.application.calling import Calls
from gpcore.application.context import (
    AutocompleteContext,
    CommandContext,
    ComponentContext,
    InteractionContext,
    ModalContext,
)
from gpcore.application.conversation import Conversation
from gpcore.application.deferral import AutomaticDefer
from gpcore.application.edge import Edge
from gpcore.application.endings import Endings, unanswered
from gpcore.application.handler_slots import HandlerSlots
from gpcore.application.handlers import CompiledHandler
from gpcore.application.routes import Found
from gpcore.application.sessions import Sessions
from gpcore.application.slots import ShedError, Slots, SlotsClosedError
from gpcore.domain.deadlines import Deadlines
from gpcore.domain.defer import DeferMode
from gpcore.domain.interactions import Interaction, InteractionKind
from gpcore.domain.refusals import Refusal
from gpcore.domain.settling import Disposition, GiveBack
from gpcore.errors import GpError, OptionError, PortUnavailableError, RetryLater, UserError

_CONTEXTS: Final[dict[InteractionKind, type[InteractionContext]]] = {
    InteractionKind.COMMAND: CommandContext,
    InteractionKind.COMPONENT: ComponentContext,
    InteractionKind.MODAL: ModalContext,
}
_NOT_GIVEN_BACK: Final = (UserError, RetryLater, OptionError)
"""What a handler raises deliberately: the use counts."""

_ALWAYS_AFTER: Final = 0.5
"""Seconds until an always-deferred interaction is deferred although its checks and limits are not decided yet."""

AnyContext = InteractionContext | AutocompleteContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One attempt at an interaction.

    Attributes:
        failures: Attempts that have failed before this one.
        admitted: Whether an earlier attempt passed the handler's limits, by its defer. One that was
            killed between an early defer and its limits goes uncounted; to keep the defer out of the
            claim until then would let a worker that stands still in a check be overtaken.
    """

    interaction: Interaction
    conversation: Conversation
    deadlines: Deadlines
    failures: int
    admitted: bool = False


class Answering:
    """Runs handlers.

    Handlers that may be deferred share ``slots``; those that must answer at once have
    ``quick_slots`` of their own, because nothing could buy them time. Handlers with a bound of
    their own wait for ``own_slots`` first.
    """

    def __init__(
        self,
        edge: Edge,
        admission: Admission,
        endings: Endings,
        calls: Calls,
        *,
        slots: Slots,
        quick_slots: Slots,
        own_slots: HandlerSlots,
    ) -> None:
        self._edge: Final = edge
        self._admission: Final = admission
        self._endings: Final = endings
        self._calls: Final = calls
        self._slots: Final = slots
        self._quick_slots: Final = quick_slots
        self._own_slots: Final = own_slots

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
        context = self._context(run, handler)
        stopped = await self._stopped(run, handler, context)
        if stopped is not None:
            return stopped
        try:
            positional, named = arguments(found, run.interaction)
        except OptionError as error:
            return await self._failed(run, handler, context, error)
        if handler.policy.defer.mode is DeferMode.ALWAYS and not conversation.state.answered:
            try:
                await conversation.defer(ephemeral=handler.policy.defer.ephemeral)
            except PortUnavailableError as error:
                return self._endings.defer_lost(error, failures=run.failures + 1)
        async with self._slot(run, handler):
            ended = await self._calls.handler(handler, context, *positional, **named)
        if isinstance(ended, Returned):
            return await self._endings.returned(conversation, handler, ended.value)
        return await self._failed(run, handler, context, ended.error, refund=True)

    async def _stopped(self, run: Run, handler: CompiledHandler, context: AnyContext) -> Disposition | None:
        """Ask checks and limits; ``None`` lets the handler start."""
        checked = await self._calls.refusing_check(handler, context)
        if isinstance(checked, Raised):
            return await self._failed(run, handler, context, checked.error)
        if checked.value:
            return await self._endings.not_allowed(run.conversation)
        if run.admitted:
            return None
        # A scope may be the bot's own function, which may raise anything.
        asked = await contain(self._admission.refusal(handler, run.interaction))
        if isinstance(asked, Raised):
            return await self._failed(run, handler, context, asked.error)
        return None if asked.value is None else await self._refused(run, handler, context, asked.value)

    async def _refused(self, run: Run, handler: CompiledHandler, context: AnyContext, refusal: Refusal) -> Disposition:
        answer = await self._calls.refused_handler(handler, context, refusal)
        if isinstance(answer, Raised):
            return await self._failed(run, handler, context, answer.error)
        value = None if answer is None else answer.value
        return await self._endings.refused(run.conversation, handler, refusal, value)

    async def _failed(
        self, run: Run, handler: CompiledHandler, context: AnyContext, error: Exception, *, refund: bool = False
    ) -> Disposition:
        """Let the bot's error handler take it; what that one raises goes on in its place."""
        rescued = await self._calls.error_handler(handler, context, error)
        raised = rescued.error if isinstance(rescued, Raised) else error
        if refund and not isinstance(raised, _NOT_GIVEN_BACK):
            await self._admission.refund(handler, run.interaction)
        if isinstance(rescued, Returned):
            return await self._endings.rescued(run.conversation, handler, rescued.value)
        return await self._endings.raised(run.conversation, handler, raised, failures=run.failures + 1)

    def _automatic_defer(self, run: Run, handler: CompiledHandler) -> AbstractAsyncContextManager[None]:
        defer = handler.policy.defer
        if defer.mode is DeferMode.NEVER or run.conversation.state.answered:
            return contextlib.nullcontext()
        after = _ALWAYS_AFTER if defer.mode is DeferMode.ALWAYS else defer.after
        now_ms = self._edge.clock.now_us() // 1000
        at_ms = run.deadlines.auto_defer_ms(now_ms, after, self._edge.timing.defer_timeout_ms)
        return AutomaticDefer(run.conversation, at_ms=at_ms, ephemeral=defer.ephemeral, clock=self._edge.clock)

    @asynccontextmanager
    async def _slot(self, run: Run, handler: CompiledHandler) -> AsyncIterator[None]:
        if handler.policy.defer.mode is not DeferMode.NEVER:
            async with self._own_slots.slot(handler), self._slots.slot():
                yield
            return
        async with contextlib.AsyncExitStack() as held:
            try:
                async with self._edge.clock.deadline(run.conversation.remaining()):
                    await held.enter_async_context(self._own_slots.slot(handler))
                    await held.enter_async_context(self._quick_slots.slot())
            except TimeoutError:
                # It was shed, not served: the user may try again at once.
                await self._admission.refund(handler, run.interaction)
                raise ShedError("no slot was free in time") from None
            yield

    def _context(self, run: Run, handler: CompiledHandler) -> AnyContext:
        interaction, bot = run.interaction, self._edge.bot
        if interaction.kind is InteractionKind.AUTOCOMPLETE:
            return AutocompleteContext(interaction, run.conversation, bot=bot, handler=handler.label)
        sessions = Sessions(self._edge.sessions, interaction.user_id or "", self._edge.clock, self._edge.telemetry)
        kind = _CONTEXTS[interaction.kind]
        return kind(interaction, run.conversation, bot=bot, sessions=sessions, handler=handler.label)
