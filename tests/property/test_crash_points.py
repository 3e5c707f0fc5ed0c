"""A worker is killed or cancelled at each of its calls, and another one takes over.

Whatever the call, and whether or not it had its effect: no interaction gets a second first answer, an interaction
that was answered never runs again, no event is lost, and no handler starts more often than there were attempts.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore import (
    AutocompleteContext,
    Choice,
    CommandContext,
    ComponentContext,
    Cooldown,
    Defer,
    EventContext,
    MemberJoin,
    Modal,
    Reject,
    RetryLater,
    Router,
    TextInput,
    UserError,
)
from gpcore.domain.messages import CallbackType
from gpcore.domain.wire_message import Lane, WireMessage
from tests.property.crashing import Harm
from tests.property.fleet import UNHARMED, Fleet

pytestmark = pytest.mark.property

DEFERS = {CallbackType.DEFERRED_MESSAGE, CallbackType.DEFERRED_UPDATE}


@dataclass
class Story:
    """One message on its way through a fleet, and what its handler saw.

    Attributes:
        starts: For each start of the handler: whether the user had been told something before.
        ends: How often the handler ran to its end.
    """

    fleet: Fleet = field(default_factory=Fleet)
    router: Router = field(default_factory=Router)
    message: WireMessage = field(init=False)
    lane: Lane = Lane.INTERACTIONS
    starts: list[bool] = field(default_factory=list)
    ends: int = 0

    def start(self) -> None:
        self.fleet.fuse.check()
        self.starts.append(self.user_was_told())

    def end(self) -> None:
        self.fleet.fuse.check()
        self.ends += 1

    async def sleep(self, seconds: float) -> None:
        await self.fleet.world.clock.sleep(seconds)
        self.fleet.fuse.check()

    def user_was_told(self) -> bool:
        """Tell whether the user has seen anything but a defer."""
        if self.lane is Lane.EVENTS:
            return False
        answered = self.fleet.world.told(self.message)
        if answered is None:
            return False
        return answered.first.type not in DEFERS or any(shown.content for shown in answered.messages.values())


Scenario = Callable[[Story], None]
SCENARIOS: dict[str, Scenario] = {}


def scenario(tell: Scenario) -> Scenario:
    SCENARIOS[tell.__name__] = tell
    return tell


def a_command(
    story: Story,
    body: Callable[[CommandContext], Awaitable[str | None]],
    defer: Defer | None = None,
    *,
    cooldown: Cooldown | None = None,
) -> None:
    story.message = story.fleet.world.command("work")

    @story.router.command("work", defer=defer or Defer.auto(), cooldown=cooldown)
    async def work(ctx: CommandContext) -> str | None:
        story.start()
        answer = await body(ctx)
        story.end()
        return answer


@scenario
def always_deferred(story: Story) -> None:
    async def body(ctx: CommandContext) -> str:
        await story.sleep(5)
        return "done"

    a_command(story, body, Defer.always(ephemeral=True), cooldown=Cooldown(60))


@scenario
def deferred_by_time(story: Story) -> None:
    async def body(ctx: CommandContext) -> str:
        await story.sleep(5)
        return "done"

    a_command(story, body)


@scenario
def answered_at_once(story: Story) -> None:
    async def body(ctx: CommandContext) -> str:
        return "done"

    a_command(story, body)


@scenario
def never_deferred(story: Story) -> None:
    async def body(ctx: CommandContext) -> str:
        return "done"

    a_command(story, body, Defer.never())


@scenario
def deferred_by_hand(story: Story) -> None:
    async def body(ctx: CommandContext) -> None:
        await ctx.defer(ephemeral=True)
        await story.sleep(3)
        await ctx.reply("done")
        await ctx.followup("more")
        await ctx.edit("done")

    a_command(story, body, Defer.never())


@scenario
def a_follow_up_first(story: Story) -> None:
    async def body(ctx: CommandContext) -> None:
        sent = await ctx.followup("done")
        await ctx.edit("done", message=sent)

    a_command(story, body, Defer.always())


@scenario
def a_bug(story: Story) -> None:
    async def body(ctx: CommandContext) -> str:
        raise ZeroDivisionError

    a_command(story, body, Defer.always(), cooldown=Cooldown(60))


@scenario
def a_user_error(story: Story) -> None:
    async def body(ctx: CommandContext) -> str:
        raise UserError("done")

    a_command(story, body)


@scenario
def rejected(story: Story) -> None:
    async def body(ctx: CommandContext) -> str:
        raise Reject("spam")

    a_command(story, body, Defer.always())


@scenario
def once_more(story: Story) -> None:
    async def body(ctx: CommandContext) -> str:
        if len(story.starts) == 1:
            raise RetryLater
        return "done"

    a_command(story, body, Defer.always())


@scenario
def a_form(story: Story) -> None:
    async def body(ctx: CommandContext) -> None:
        await ctx.show_modal(Modal("Form", id="form", fields=[TextInput("text", label="What?")]))

    a_command(story, body, Defer.never())


@scenario
def a_silent_component(story: Story) -> None:
    story.message = story.fleet.world.component("press")

    @story.router.component("press")
    async def press(ctx: ComponentContext) -> None:
        story.start()
        story.end()


@scenario
def a_slow_component(story: Story) -> None:
    story.message = story.fleet.world.component("press")

    @story.router.component("press")
    async def press(ctx: ComponentContext) -> None:
        story.start()
        await story.sleep(4)
        await ctx.update("done")
        await ctx.followup("more")
        story.end()


@scenario
def an_autocomplete(story: Story) -> None:
    story.message = story.fleet.world.autocomplete("work", focused="thing")

    @story.router.command("work")
    async def work(ctx: CommandContext, thing: str) -> None: ...

    @story.router.autocomplete("work", "thing")
    async def things(ctx: AutocompleteContext, typed: str) -> list[Choice]:
        story.start()
        story.end()
        return [Choice(name="done", value="done")]


@scenario
def nobody(story: Story) -> None:
    story.message = story.fleet.world.command("nobody")


def an_event(story: Story, body: Callable[[], Awaitable[None]]) -> None:
    story.message = story.fleet.world.event()
    story.lane = Lane.EVENTS

    @story.router.event("member.join")
    async def welcome(ctx: EventContext[MemberJoin]) -> None:
        story.start()
        await body()
        story.end()


@scenario
def an_event_handled(story: Story) -> None:
    async def body() -> None:
        await story.sleep(2)

    an_event(story, body)


@scenario
def an_event_that_fails_once(story: Story) -> None:
    async def body() -> None:
        if len(story.starts) == 1:
            raise ZeroDivisionError

    an_event(story, body)


@scenario
def an_event_that_always_fails(story: Story) -> None:
    async def body() -> None:
        raise ZeroDivisionError

    an_event(story, body)


@scenario
def an_event_rejected(story: Story) -> None:
    async def body() -> None:
        raise Reject("spam")

    an_event(story, body)


MOST_ATTEMPTS = 6
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
        always_fails = name in {"an_event_that_always_fails", "an_event_rejected"}
        assert always_fails or dead == 0
        assert always_fails or story.ends <= 1 + len(harms)
        return
    accepted = [call for call in fleet.world.discord.calls if call.callback is not None]
    assert len(accepted) <= 2 + 2 * len(harms)
    answered = fleet.world.told(story.message)
    if answered is not None and not story.user_was_told() and answered.first.type is CallbackType.DEFERRED_MESSAGE:
        begun = any("answering" in made for made in calls[:-1])
        assert begun, "the user is left thinking, though nobody had begun to answer"


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


def test_a_story_is_told_by_no_other_loop() -> None:
    """Guards the guard: the fleets above must really have been harmed."""

    async def first() -> list[list[str]]:
        return (await tell("always_deferred", [Harm(at=4)]))[1]

    killed, second = asyncio.run(first())
    assert len(killed) == 4
    assert second[0] == "claim"
