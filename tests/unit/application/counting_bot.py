"""A bot whose handlers count their starts, one for each way of deferring."""

from gpcore import CommandContext, ComponentContext, Defer, RetryLater, Router


class CountingBot:
    """A router whose handlers count their starts."""

    def __init__(self) -> None:
        self.router = Router()
        self.starts: list[str] = []
        self.retries = 0

        @self.router.command("auto")
        async def auto(ctx: CommandContext) -> str:
            self.starts.append("auto")
            return "done"

        @self.router.command("always", defer=Defer.always(ephemeral=True))
        async def always(ctx: CommandContext) -> str:
            self.starts.append("always")
            return "done"

        @self.router.command("never", defer=Defer.never())
        async def never(ctx: CommandContext) -> str:
            self.starts.append("never")
            return "done"

        @self.router.command("again", defer=Defer.always())
        async def again(ctx: CommandContext) -> str:
            self.starts.append("again")
            if self.retries:
                self.retries -= 1
                raise RetryLater
            return "done"

        @self.router.component("press")
        async def press(ctx: ComponentContext) -> None:
            self.starts.append("press")
