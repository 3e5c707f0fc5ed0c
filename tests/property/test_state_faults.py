"""The state fails at any of its calls, before or after their effect: I11.

In memory every error of a port is raised in turn; on a real server the line to it is cut before the call,
or the reply never comes, and what the client makes of that is what the worker meets.
"""

from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gpcore import EventContext, MemberJoin
from gpcore.domain.claims import Progress
from gpcore.domain.headers import REASON
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortError, PortRejectedError, PortTimeoutError, PortUnavailableError
from tests.property.crashing import Fuse, Harm
from tests.property.failing_redis import AdmissionsOverThere, ClaimsOverThere, FailingRedis, When
from tests.property.fleet import UNHARMED, Fleet
from tests.property.stories import SCENARIOS, Story
from tests.servers.redis_process import RedisProcess

pytestmark = [pytest.mark.property, pytest.mark.integration]

Value = TypeVar("Value")
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


words: st.SearchStrategy[When] = st.sampled_from(["never", "before", "after"])
plans = st.lists(words, min_size=1, max_size=12)
errors = st.sampled_from([PortTimeoutError("slow"), PortUnavailableError("down"), PortRejectedError("no")])


@pytest.fixture(scope="module")
def failing_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FailingRedis]:
    """Give a server of this module's own behind a line that can fail."""
    server = RedisProcess()
    server.start()
    failing = FailingRedis(server.socket, tmp_path_factory.mktemp("line"))
    yield failing
    failing.close()
    server.close()


def told(name: str) -> Story:
    story = Story(fleet=Fleet())
    SCENARIOS[name](story)
    return story


async def lived(story: Story, fuse: Fuse) -> None:
    story.fleet.put(story.message, story.lane)
    await story.fleet.start_behind(fuse, story.router)
    await story.fleet.settle_down(story.lane, within=LONGEST)


async def check_and_end(name: str, story: Story) -> None:
    dead = story.fleet.world.broker.messages(story.fleet.world.broker.layout.dead_letter_queue(story.lane))
    assert "internal_error" not in {message.headers.get(REASON) for message in dead}, "an error that nobody handled"
    assert not any(story.starts), "a handler ran again although the user had been told"
    if story.lane is Lane.EVENTS:
        assert story.ends > 0 or (name in FAILS_ON_PURPOSE and dead), "acknowledged before its effect"
    else:
        assert story.user_was_told() or name in SILENT
        answered = story.fleet.world.told(story.message)
        assert answered is None or not answered.thinking
    await story.fleet.end()


@given(name=st.sampled_from(sorted(SCENARIOS)), plan=plans, error=errors)
async def test_i11_whatever_the_state_fails_at_is_a_policy_and_never_the_end_of_a_delivery(
    name: str, plan: list[When], error: PortError
) -> None:
    story = told(name)

    await lived(story, FaultyState(list(plan), error))

    await check_and_end(name, story)


@given(name=st.sampled_from(sorted(SCENARIOS)), plan=plans)
async def test_i11_whatever_the_line_to_a_real_server_does_is_a_policy_and_never_the_end_of_a_delivery(
    failing_redis: FailingRedis, name: str, plan: list[When]
) -> None:
    story = told(name)
    prefix = f"{uuid4().hex}:"
    story.fleet.claims = ClaimsOverThere(failing_redis, prefix, story.fleet.world.clock)
    story.fleet.admissions = AdmissionsOverThere(failing_redis, prefix, story.fleet.world.clock)
    failing_redis.plan, failing_redis.failed = list(plan), 0

    await lived(story, Fuse(UNHARMED))

    assume(failing_redis.failed)
    await check_and_end(name, story)


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
