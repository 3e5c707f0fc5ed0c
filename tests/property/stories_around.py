"""More stories: what a bot puts around its handlers."""

from collections.abc import AsyncIterator

from gpcore import (
    AnyContext,
    CallNext,
    CommandContext,
    Cooldown,
    Defer,
    InteractionContext,
)
from tests.property.stories import SCENARIOS, Story, a_command, an_event, scenario


class Resource:
    """What a provider makes."""


async def bug(ctx: CommandContext) -> str:
    raise ZeroDivisionError


def a_checked_command(story: Story, *, admits: bool, seconds: float) -> None:
    story.message = story.fleet.world.command("work")

    async def check(ctx: InteractionContext) -> bool:
        await story.sleep(seconds)
        return admits

    @story.router.command("work", defer=Defer.always(), checks=[check], cooldown=Cooldown(60))
    async def work(ctx: CommandContext) -> str:
        story.start()
        story.end()
        return "done"


@scenario
def a_slow_check_that_admits(story: Story) -> None:
    a_checked_command(story, admits=True, seconds=2)


@scenario
def a_slow_check_that_refuses(story: Story) -> None:
    a_checked_command(story, admits=False, seconds=2)


@scenario
def a_quick_check_that_refuses(story: Story) -> None:
    a_checked_command(story, admits=False, seconds=0)


@scenario
def an_error_handler_that_returns_a_text(story: Story) -> None:
    @story.router.error(ZeroDivisionError)
    async def caught(ctx: InteractionContext, error: ZeroDivisionError) -> str:
        await story.sleep(1)
        return "done"

    a_command(story, bug, Defer.always(), cooldown=Cooldown(60))


@scenario
def an_error_handler_that_replies_and_fails(story: Story) -> None:
    @story.router.error(ZeroDivisionError)
    async def caught(ctx: InteractionContext, error: ZeroDivisionError) -> None:
        await ctx.reply("done")
        raise RuntimeError

    a_command(story, bug)


@scenario
def middleware_and_a_resource(story: Story) -> None:
    async def resource() -> AsyncIterator[Resource]:
        await story.sleep(1)
        yield Resource()
        await story.sleep(1)

    story.router.provide(Resource, resource)

    @story.router.use
    async def around(ctx: AnyContext, call_next: CallNext, resource: Resource) -> object:
        await story.sleep(1)
        return await call_next()

    async def body(ctx: CommandContext) -> str:
        return "done"

    a_command(story, body)


@scenario
def an_event_whose_error_is_handled(story: Story) -> None:
    @story.router.error(ZeroDivisionError)
    async def caught(ctx: AnyContext, error: ZeroDivisionError) -> None:
        await story.sleep(1)
        story.end()

    async def body() -> None:
        raise ZeroDivisionError

    an_event(story, body)


ALL_SCENARIOS = dict(SCENARIOS)
"""The stories of handlers alone, and these."""
