"""A worker is killed or cancelled at each of its steps, and another one takes over.

A step is each time that a delivery's task waits, found by the tasks themselves (``tests.property.stepping``): before a
call had its effect, after it, and for slots and time. Whatever the step: no interaction gets a second first answer, an
interaction that was answered never runs again, no event is lost, and no handler starts more often than there were
attempts.
"""

from collections.abc import Sequence
from typing import Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore.domain.wire_message import Lane
from tests.property.crashing import Harm
from tests.property.fleet import UNHARMED
from tests.property.stepping import Place, Steps, waits_in
from tests.property.stories import Story
from tests.property.stories_around import ALL_SCENARIOS as SCENARIOS

pytestmark = pytest.mark.property

MOST_ATTEMPTS = 6
ON_THE_WAY = (
    *("lanes", "settlement", "events", "interactions", "claiming", "joining", "answering", "recovery", "conversation"),
    *("exchange", "first_answers", "endings", "admission", "calling", "deferral", "slots", "handler_slots", "company"),
    *("holding", "boundary", "supplying", "middleware"),
)
"""What of the application is between a delivery and its acknowledgement."""

ELSEWHERE = {
    "the worker's, not a delivery's": "start stop_consuming finish cancel keep _keep",
    "the state, the broker or Discord fails too (test_state_faults, unit tests)": (
        "settle _work _wait_for_state claim say _defer send _unsaid _was_deferred _from_nothing _start_over"
        " _first_answer _note_fact recover"
    ),
    "only a suspect or a used-up claim gets there (test_interactions)": "_condemn _give_up give_up given_up",
    "says what another story's handler says in the same way": (
        "refused rescued _finish _answer_alone _refused refused_handler returned raised _tell _say_something"
        " not_available delete edit_followup delete_followup"
    ),
    "nothing waits there in any story: it is taken at once": (
        "_process _among_others _claim _claim_and_answer run acquire enter __aenter__ through _admit_and_run _stopped"
        " contain_within _make __call__ note"
    ),
}
"""Functions that have a wait which no story reaches, by the reason."""

NEVER_DEFERRED = {"never_deferred", "a_form", "an_autocomplete", "nobody"}
"""Stories whose first answer cannot be made sure of by a defer once it was begun."""
How = Literal["kill", "cancel"]
SWEPT: dict[tuple[str, str], tuple[int, set[Place]]] = {}
LONGEST = 2_000.0
"""Seconds: the whole ladder of the events, and a lease for each crash."""


async def tell(name: str, harms: list[Harm], steps: Sequence[Steps] = ()) -> tuple[Story, list[list[str]]]:
    """Run a scenario through one worker after the other; the last one is not harmed.

    Args:
        name: The scenario.
        harms: What happens to each of the workers but the last.
        steps: Count the steps of each worker, and may have its harm done at one of them.

    Returns:
        The story, and the calls of each worker.
    """
    story = Story()
    SCENARIOS[name](story)
    story.fleet.put(story.message, story.lane)
    calls = []
    counters = iter(steps)
    for harm in harms:
        with next(counters, Steps()).counted() as counter:
            await story.fleet.start(story.router, harm)
            counter.fuse = story.fleet.fuse
            for _ in range(20):
                await story.fleet.world.clock.advance(0.5)
                if story.fleet.fuse.blown:
                    break
        await story.fleet.end()
        calls.append(story.fleet.fuse.calls)
    with next(counters, Steps()).counted():
        await story.fleet.start(story.router, UNHARMED)
        await story.fleet.settle_down(story.lane, within=LONGEST)
    await story.fleet.end()
    await story.fleet.world.broker.close()
    calls.append(story.fleet.fuse.calls)
    return story, calls


async def sweep(name: str, how: How) -> int:
    """Do the harm at each step of a scenario, once in this process.

    Returns:
        How many steps there were.
    """
    if (name, how) not in SWEPT:
        points, places = 0, set[Place]()
        while True:
            harm, steps, afterwards = Harm(at=0, how=how), Steps(at=points + 1), Steps()
            story, calls = await tell(name, [harm], [steps, afterwards])
            await check(name, story, calls, [harm])
            places |= steps.places | afterwards.places
            if steps.count <= points:
                break
            points += 1
        SWEPT[name, how] = points, places
    return SWEPT[name, how][0]


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


@pytest.mark.parametrize("how", ["kill", "cancel"])
@pytest.mark.parametrize("name", SCENARIOS)
async def test_whatever_happens_at_any_one_step_the_next_worker_goes_on(name: str, how: How) -> None:
    points = await sweep(name, how)
    assert points >= 6, "before and after a claim, a completion and an ack at least"


async def test_the_steps_are_all_there_are() -> None:
    """A new wait between delivery and acknowledgement must be met by a story, or be named with the reason."""
    for name in SCENARIOS:
        for how in get_args(How):
            await sweep(name, how)
    reached = set[Place]().union(*(places for _, places in SWEPT.values()))
    waits = {place: function for file in ON_THE_WAY for place, function in waits_in(f"{file}.py").items()}
    missed = {function for place, function in waits.items() if place not in reached}
    named = {function for functions in ELSEWHERE.values() for function in functions.split()}
    assert missed == named
    assert len(reached & set(waits)) > len(waits) / 2


@given(
    name=st.sampled_from(sorted(SCENARIOS)),
    points=st.lists(st.tuples(st.integers(1, 40), st.sampled_from(get_args(How))), min_size=2, max_size=4),
)
async def test_whatever_happens_to_several_workers_the_last_one_ends_it(
    name: str, points: list[tuple[int, How]]
) -> None:
    harms = [Harm(at=0, how=how) for _, how in points]
    story, calls = await tell(name, harms, [Steps(at=at) for at, _ in points])

    await check(name, story, calls, harms)


async def test_the_harm_is_really_done() -> None:
    """Guards the guards above."""
    _, (killed, second) = await tell("always_deferred", [Harm(at=4)])
    assert (killed[-1], len(killed), second[0]) == ("deferred", 4, "claim")

    _, (cancelled, second) = await tell("an_event_handled", [Harm(at=2, how="cancel")])
    assert cancelled == ["claim", "complete", "complete", "give_back"]
    assert second == ["claim", "ack"]
