"""Wherever a bot's code fails, the user is told once and never left looking at "thinking"."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore import (
    AnyContext,
    CallNext,
    CommandContext,
    ComponentContext,
    Defer,
    Interaction,
    InteractionContext,
    ModalContext,
    Reject,
    Router,
    SlidingWindow,
    Texts,
    UserError,
)
from gpcore.domain.messages import CallbackType
from gpcore.domain.settling import Ack, DeadLetter
from gpcore.domain.wire_message import WireMessage
from tests.unit.application.worlds import Process, World

pytestmark = pytest.mark.property

POINTS = ("check", "scope", "provider", "before", "start", "deferred", "replied", "after", "provider ends")
OWN_WORDS = {"first", "caught"}


class Resource:
    """What a provider makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One run.

    Attributes:
        kind: ``command``, ``component``, ``modal``, or ``form`` for a modal that a component opened.
        defer: The policy.
        point: Where it fails.
        error: With what.
        seconds: How long after the point is reached.
        answer: What the error handler does: ``None`` if there is none.
        named: Whether it names the error's type, not ``Exception``.
    """

    kind: str
    defer: Defer
    point: str
    error: Exception
    seconds: float
    answer: str | None
    named: bool

    @property
    def asked(self) -> str | None:
        """What the error handler does if it gets the error at all."""
        meant = isinstance(self.error, (UserError, Reject))
        return self.answer if self.named or not meant else None


FAILURES = st.builds(
    Failure,
    kind=st.sampled_from(["command", "component", "modal", "form"]),
    defer=st.sampled_from([Defer.never(), Defer.auto(0), Defer.auto(1), Defer.always(), Defer.always(ephemeral=True)]),
    point=st.sampled_from(POINTS),
    error=st.sampled_from([ZeroDivisionError(), UserError("No."), Reject("spam"), TimeoutError()]),
    seconds=st.sampled_from([0.0, 0.5, 1.0, 2.0]),
    answer=st.sampled_from([None, "silent", "text", "reply", "raise", "tell", "reply and raise"]),
    named=st.booleans(),
)


class FailingBot:
    """A bot that fails as it is told."""

    def __init__(self, world: World, failure: Failure) -> None:
        self.world = world
        self.failure = failure
        self.router = Router()
        self.router.provide(Resource, self.resource)
        self.router.use(self.around)
        if failure.answer is not None:
            self.router.error(type(failure.error) if failure.named else Exception)(self.caught)
        policy = {
            "defer": failure.defer,
            "checks": [self.check],
            "limits": [SlidingWindow(5, per=60, scope=self.scope)],
        }
        self.router.command("work", **policy)(self.command)  # type: ignore[arg-type]  # the policy above
        self.router.component("work", **policy)(self.component)  # type: ignore[arg-type]  # likewise
        self.router.modal("work", **policy)(self.modal)  # type: ignore[arg-type]  # likewise

    async def reach(self, point: str) -> None:
        if point == self.failure.point:
            await self.world.clock.sleep(self.failure.seconds)
            raise self.failure.error

    async def check(self, ctx: AnyContext) -> bool:
        await self.reach("check")
        return True

    def scope(self, interaction: Interaction) -> str:
        if self.failure.point == "scope":
            raise self.failure.error
        return "all"

    async def resource(self) -> AsyncIterator[Resource]:
        await self.reach("provider")
        yield Resource()
        await self.reach("provider ends")

    async def around(self, ctx: AnyContext, call_next: CallNext) -> object:
        await self.reach("before")
        value = await call_next()
        await self.reach("after")
        return value

    async def work(self, ctx: InteractionContext) -> str | None:
        await self.reach("start")
        if self.failure.point == "deferred":
            await ctx.defer()
            await self.reach("deferred")
        if self.failure.point == "replied":
            await ctx.reply("first")
            await self.reach("replied")
        return "never said, because what is around it fails"

    async def command(self, ctx: CommandContext, resource: Resource) -> str | None:
        return await self.work(ctx)

    async def component(self, ctx: ComponentContext, resource: Resource) -> str | None:
        return await self.work(ctx)

    async def modal(self, ctx: ModalContext, resource: Resource) -> str | None:
        return await self.work(ctx)

    async def caught(self, ctx: InteractionContext, error: Exception) -> str | None:
        answer = self.failure.answer or ""
        if "reply" in answer:
            await ctx.reply("caught")
        if "raise" in answer:
            raise RuntimeError
        if answer == "tell":
            raise UserError("Told.")
        return "caught" if answer == "text" else None


def a_message(world: World, kind: str) -> WireMessage:
    if kind == "command":
        return world.command("work")
    if kind == "component":
        return world.component("work")
    return world.modal("work", message={"id": "1"}) if kind == "form" else world.modal("work")


@given(failure=FAILURES)
async def test_wherever_it_fails_the_user_is_told_once(failure: Failure) -> None:
    world = World()
    process = Process(world, FailingBot(world, failure).router)
    message = a_message(world, failure.kind)

    ended = await process.handle(message, seconds=10)

    # A component keeps its own message while it is deferred, which has no text here.
    shown = [text for text in world.texts(message) if text]
    told = world.told(message)
    assert told is not None
    by_gp = [text for text in shown if text not in OWN_WORDS]
    assert shown, "nobody said anything"
    assert len(by_gp) <= 1, "gp said it twice"
    assert shown.count("caught") <= 1
    silenced = failure.asked in {"silent", "text", "reply"}
    if "first" in shown and failure.asked == "silent":
        assert by_gp == []
    elif not silenced:
        assert by_gp in (["No."], ["Told."], [Texts().failed])
    if told.first.type is CallbackType.DEFERRED_MESSAGE:
        assert world.texts(message)[0], "left thinking"
    rejected = isinstance(failure.error, Reject) and failure.asked is None
    assert isinstance(ended, DeadLetter if rejected else Ack)
    first_answers = [call for call in world.discord.calls if call.callback is not None]
    assert len(first_answers) == 1


@given(failure=FAILURES)
async def test_a_failure_never_makes_a_second_attempt(failure: Failure) -> None:
    world = World()
    process = Process(world, FailingBot(world, failure).router)
    message = a_message(world, failure.kind)
    await process.handle(message, seconds=10)
    calls = world.calls()

    assert await process.handle(message, redelivered=True, seconds=10) == Ack("duplicate")
    assert world.calls() == calls
