"""Stories of messages on their way through a fleet: what their handlers do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

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
from tests.property.fleet import Fleet

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
