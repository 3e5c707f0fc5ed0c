"""Handler and automatic defer race for the first answer, on any timing and with any latency and loss."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpadapters.memory.discord import InMemoryFirstResponder
from gpcore import CommandContext, ComponentContext, Defer, Router, Texts
from gpcore.domain.messages import CallbackType
from gpcore.domain.settling import Ack
from tests.unit.application.pacing import Pace, PacedResponder
from tests.unit.application.worlds import Process, World

pytestmark = pytest.mark.property

# Coarse steps, so that events often fall on the same moment.
SECONDS = st.integers(0, 14).map(lambda steps: steps * 0.25)
PACES = st.lists(st.builds(Pace, there=SECONDS, back=SECONDS), max_size=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """One run.

    Attributes:
        works: Seconds until the handler answers.
        after: The policy's seconds until the automatic defer.
        age_ms: The interaction's age on delivery.
        paces: Latencies of the first calls.
        by_hand: Whether the handler defers before it answers.
        component: Whether it is a component's.
    """

    works: float
    after: float
    age_ms: int
    paces: list[Pace]
    by_hand: bool
    component: bool


RACES = st.builds(
    Race,
    works=SECONDS,
    after=st.integers(0, 10).map(lambda steps: steps * 0.25),
    age_ms=st.integers(0, 26).map(lambda steps: steps * 100),
    paces=PACES,
    by_hand=st.booleans(),
    component=st.booleans(),
)
DEFERS = (CallbackType.DEFERRED_MESSAGE, CallbackType.DEFERRED_UPDATE)


def a_bot(world: World, race: Race) -> Router:
    router = Router()

    @router.command("work", defer=Defer.auto(race.after))
    async def work(ctx: CommandContext) -> str:
        await world.clock.sleep(race.works)
        if race.by_hand:
            await ctx.defer()
        return "done"

    @router.component("work", defer=Defer.auto(race.after))
    async def press(ctx: ComponentContext) -> None:
        await world.clock.sleep(race.works)
        if race.by_hand:
            await ctx.defer()
        await ctx.update("done")

    return router


@given(race=RACES)
async def test_there_is_one_first_answer_and_nobody_is_left_thinking(race: Race) -> None:
    world = World()
    responder = PacedResponder(InMemoryFirstResponder(world.discord), world.clock, race.paces)
    process = Process(world, a_bot(world, race), responder=responder)
    make = world.component if race.component else world.command
    message = make("work", age_ms=race.age_ms)

    disposition = await process.handle(message, seconds=30)

    answered = world.told(message)
    sent = [call.callback.type for call in world.discord.calls if call.callback is not None]
    assert (answered is not None) == any(world.texts(message)) or race.component
    if answered is not None and answered.first.type in DEFERS:
        # A defer that arrived, whatever became of its reply, is followed by a word: the handler's, or gp's own where
        # a reply was lost more than once.
        told = (disposition, world.texts(message)[-1:])
        assert told == (Ack("handled"), ["done"]) or (told == (Ack("failed"), [Texts().failed]) and len(race.paces) > 1)
    if not race.paces and race.works * 1000 + race.age_ms < 2_400:
        assert (disposition, len(sent)) == (Ack("handled"), 1)
