"""A worker is killed or cancelled at each of its calls, and another one takes over.

Whatever the call, and whether or not it had its effect: no interaction gets a second first answer, an interaction
that was answered never runs again, no event is lost, and no handler starts more often than there were attempts.
"""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore.domain.wire_message import Lane
from tests.property.crashing import Harm
from tests.property.fleet import UNHARMED
from tests.property.stories import Story
from tests.property.stories_around import ALL_SCENARIOS as SCENARIOS

pytestmark = pytest.mark.property

MOST_ATTEMPTS = 6
NEVER_DEFERRED = {"never_deferred", "a_form", "an_autocomplete", "nobody"}
"""Stories whose first answer cannot be made sure of by a defer once it was begun."""
LONGEST = 2_000.0
"""Seconds: the whole ladder of the events, and a lease for each crash."""


async def tell(name: str, harms: list[Harm]) -> tuple[Story, list[list[str]]]:
    """Run a scenario through one worker after the other; the last one is not harmed.

    Returns:
        The story, and the calls of each worker.
    """
    story = Story()
    SCENARIOS[name](story)
    story.fleet.put(story.message, story.lane)
    calls = []
    for harm in harms:
        await story.fleet.start(story.router, harm)
        for _ in range(20):
            await story.fleet.world.clock.advance(0.5)
            if story.fleet.fuse.blown:
                break
        await story.fleet.end()
        calls.append(story.fleet.fuse.calls)
    await story.fleet.start(story.router, UNHARMED)
    await story.fleet.settle_down(story.lane, within=LONGEST)
    await story.fleet.end()
    await story.fleet.world.broker.close()
    calls.append(story.fleet.fuse.calls)
    return story, calls


async def check(name: str, story: Story, calls: list[list[str]], harms: list[Harm]) -> None:
    fleet = story.fleet
    assert not any(story.starts), "a handler ran again although the user had been told"
    assert len(story.starts) <= MOST_ATTEMPTS
    dead = fleet.dead_letters(story.lane)
    if story.lane is Lane.EVENTS:
        assert story.ends > 0 or dead > 0, "the event is lost"
        assert await fleet.is_done(story.message) or dead > 0
        cleanly = all(harm.how == "cancel" for harm in harms)
        assert not cleanly or story.ends <= 1, "a drain makes nobody do it twice"
        always_fails = name in {"an_event_that_always_fails", "an_event_rejected"}
        assert always_fails or dead == 0
        assert always_fails or story.ends <= 1 + len(harms)
        return
    accepted = [call for call in fleet.world.discord.calls if call.callback is not None]
    assert len(accepted) <= 2 + 2 * len(harms)
    answered = fleet.world.told(story.message)
    assert answered is None or not answered.thinking, "the user is left thinking"
    if len(harms) == 1 and not (name in NEVER_DEFERRED and "answering" in calls[0]):
        assert answered is not None, "nobody answered, though another worker was there in time"


@pytest.mark.parametrize("name", SCENARIOS)
async def test_without_harm_every_story_ends_well(name: str) -> None:
    story, calls = await tell(name, [])

    await check(name, story, calls, [])
    assert story.lane is Lane.EVENTS or story.user_was_told() or name == "a_silent_component"
    assert await story.fleet.is_done(story.message) or story.fleet.dead_letters(story.lane)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("how", ["kill", "cancel"])
@pytest.mark.parametrize("name", SCENARIOS)
async def test_whatever_happens_at_any_one_call_the_next_worker_goes_on(
    name: str, how: Literal["kill", "cancel"], after: bool
) -> None:
    points = 0
    while True:
        harm = Harm(at=points + 1, how=how, after=after)
        story, calls = await tell(name, [harm])
        await check(name, story, calls, [harm])
        if len(calls[0]) <= points:
            break
        points += 1
    assert points >= 3, "a claim, a completion and an ack at least"


@given(
    name=st.sampled_from(sorted(SCENARIOS)),
    harms=st.lists(
        st.builds(Harm, at=st.integers(1, 12), how=st.sampled_from(["kill", "cancel"]), after=st.booleans()),
        min_size=2,
        max_size=4,
    ),
)
async def test_whatever_happens_to_several_workers_the_last_one_ends_it(name: str, harms: list[Harm]) -> None:
    story, calls = await tell(name, harms)

    await check(name, story, calls, harms)


async def test_the_harm_is_really_done() -> None:
    """Guards the guards above."""
    _, (killed, second) = await tell("always_deferred", [Harm(at=4)])
    assert (killed[-1], len(killed), second[0]) == ("deferred", 4, "claim")

    _, (cancelled, second) = await tell("an_event_handled", [Harm(at=2, how="cancel")])
    assert cancelled == ["claim", "complete", "complete", "give_back"]
    assert second == ["claim", "ack"]
