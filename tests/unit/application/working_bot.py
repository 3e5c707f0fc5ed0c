"""A bot whose handlers take their time."""

from gpcore import CommandContext, ComponentContext, Defer, Router
from tests.unit.application.worlds import World

FAST, SLOW = 0.2, 4.0


def a_bot(world: World, defer: Defer, seconds: float) -> Router:
    """Return a bot whose handlers take that long and then answer."""
    router = Router()

    @router.command("work", defer=defer)
    async def work(ctx: CommandContext) -> str:
        await world.clock.sleep(seconds)
        return "done"

    @router.component("work", defer=defer)
    async def press(ctx: ComponentContext) -> None:
        await world.clock.sleep(seconds)
        await ctx.update("done")

    return router
