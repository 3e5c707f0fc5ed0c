"""The state fails at any of its calls, before or after their effect: I11."""

from collections.abc import Coroutine
from typing import Any, Literal, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore import EventContext, MemberJoin
from gpcore.domain.claims import Progress
from gpcore.domain.headers import REASON
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortError, PortRejectedError, PortTimeoutError, PortUnavailableError
from tests.property.crashing import Fuse, Harm
from tests.property.fleet import Fleet
from tests.property.stories import SCENARIOS, Story

pytestmark = pytest.mark.property

Value = TypeVar("Value")
When = Literal["never", "before", "after"]

STATE = {"claim", "complete", "release", "extend", "admit", "refund", "peek"} | {
    progress.value for progress in Progress
}
FAILS_ON_PURPOSE = {"an_event_that_always_fails", "an_event_rejected"}
SILENT = {"a_silent_component"}
LONGEST = 2_000.0


class FaultyState(Fuse):
    """Lets calls of the state fail as planned; the rest of the plan repeats its last word.

    Attributes:
        failed: How many did.
    """

    def __init__(self, plan: list[When], error: PortError) -> None:
        super().__init__(Harm(at=0))
        self.failed = 0
        self._plan = plan
        self._error = error

    async def around(self, name: str, work: Coroutine[Any, Any, Value]) -> Value:
        if name not in STATE:
            return await work
        when = self._plan.pop(0) if len(self._plan) > 1 else self._plan[0]
        if when == "before":
            work.close()
        result = await work if when != "before" else None
        if when == "never":
            return result  # type: ignore[return-value]  # it was awaited
        self.failed += 1
        raise self._error

    async def aside(self, name: str, work: Coroutine[Any, Any, Value]) -> Value:
        return await self.around(name, work)


plans = st.lists(st.sampled_from(["never", "before", "after"]), min_size=1, max_size=12)
errors = st.sampled_from([PortTimeoutError("slow"), PortUnavailableError("down"), PortRejectedError("no")])


async def tell(name: str, fuse: Fuse) -> Story:
    story = Story(fleet=Fleet())
    SCENARIOS[name](story)
    story.fleet.put(story.message, story.lane)
    await story.fleet.start_behind(fuse, story.router)
    await story.fleet.settle_down(story.lane, within=LONGEST)
    return story


@given(name=st.sampled_from(sorted(SCENARIOS)), plan=plans, error=errors)
async def test_i11_whatever_the_state_fails_at_is_a_policy_and_never_the_end_of_a_delivery(
    name: str, plan: list[When], error: PortError
) -> None:
    fuse = FaultyState(list(plan), error)
    story = await tell(name, fuse)

    dead = story.fleet.world.broker.messages(story.fleet.world.broker.layout.dead_letter_queue(story.lane))
    assert "internal_error" not in {message.headers.get(REASON) for message in dead}, "an error that nobody handled"
    assert not any(story.starts), "a handler ran again although the user had been told"
    if story.lane is Lane.EVENTS:
        assert story.ends > 0 or (name in FAILS_ON_PURPOSE and dead), "acknowledged before its effect"
        return
    assert story.user_was_told() or name in SILENT
    answered = story.fleet.world.told(story.message)
    assert answered is None or not answered.thinking
    await story.fleet.end()


@given(outage=st.integers(0, 30).map(lambda calls: ["before"] * calls + ["never"]), error=errors)
async def test_i11_an_event_that_waits_for_the_state_runs_once_when_it_is_back(
    outage: list[When], error: PortError
) -> None:
    story = Story()
    story.message, story.lane = story.fleet.world.event(), Lane.EVENTS

    @story.router.event("member.join", if_state_down="wait")
    async def welcome(ctx: EventContext[MemberJoin]) -> None:
        assert ctx.fence > 0, "it ran unguarded"
        story.start()
        story.end()

    fuse = FaultyState(outage, error)
    story.fleet.put(story.message, story.lane)
    await story.fleet.start_behind(fuse, story.router)
    await story.fleet.settle_down(Lane.EVENTS, within=3_600)

    assert (len(story.starts), story.ends) == (1, 1)
    assert story.fleet.dead_letters(Lane.EVENTS) == 0
    await story.fleet.end()
