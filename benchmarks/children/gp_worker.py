"""gp's own worker as it ships, over a bot that does next to nothing."""

import asyncio
import os
import signal
import sys

import uvloop

from benchmarks.children.meter import Meter, Order
from gpcore import CommandContext, Defer, EventContext, MemberJoin, Router
from gpcore.domain.wire_message import Lane
from gprunner.settings import Settings
from gprunner.worker import Worker


def bot(meter: Meter) -> Router:
    """Return handlers that are counted."""
    router = Router()

    @router.command("ping", defer=Defer.always())
    async def ping(ctx: CommandContext) -> None:
        """Defer, then edit."""
        await ctx.reply("pong")
        meter.tick()

    @router.event("member.join")
    async def joined(ctx: EventContext[MemberJoin]) -> None:
        """Do nothing."""
        meter.tick()

    return router


async def work(order: Order) -> None:
    """Consume the lane of the order's queue until everything is handled."""
    lane = Lane.INTERACTIONS if order.queue.endswith(Lane.INTERACTIONS.value) else Lane.EVENTS
    many = order.in_flight
    settings = Settings.load(
        event_prefetch=many, event_concurrency=many, interaction_prefetch=many, interaction_concurrency=many
    )
    meter, stopped = Meter(order), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with Worker(bot(meter), settings, lanes=[lane]):
        ends = asyncio.create_task(meter.over()), asyncio.create_task(stopped.wait())
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()


if __name__ == "__main__":
    assert "RABBITMQ_URL" in os.environ, "a scenario starts this with a worker's settings"
    from gprunner.cli.running import set_up_logging

    set_up_logging(Settings.load())
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work(Order.read()))
    sys.exit(0)
