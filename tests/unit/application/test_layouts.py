import pytest

from gpcore import (
    Button,
    CommandContext,
    ComponentContext,
    Container,
    Defer,
    Embed,
    File,
    ReplyStateError,
    Router,
    Row,
    TextDisplay,
)
from gprunner.testing import TestClient

LAYOUT = [Container(TextDisplay("hello"), Row(Button("Press", id="press")))]


def a_bot() -> Router:
    router = Router()

    @router.command("layout", defer=Defer.never())
    async def layout(ctx: CommandContext) -> None:
        """Answer with a layout, and try to write into it."""
        await ctx.reply(components=LAYOUT)
        with pytest.raises(ReplyStateError, match="made of layout components"):
            await ctx.edit("text")
        more = await ctx.followup(components=LAYOUT)
        with pytest.raises(ReplyStateError, match="made of layout components"):
            await ctx.edit(embeds=[Embed(title="x")], message=more)
        await ctx.edit(components=LAYOUT, message=more)
        for target in (None, more):
            with pytest.raises(ReplyStateError, match="leave a TextDisplay"):
                await ctx.edit(components=[], message=target)
            await ctx.edit(files=[File("a.txt", b"a")], message=target)

    @router.command("text", defer=Defer.never())
    async def text(ctx: CommandContext) -> None:
        """Answer with text, and change it into a layout."""
        await ctx.reply("text")
        await ctx.edit(components=LAYOUT)
        with pytest.raises(ReplyStateError, match="made of layout components"):
            await ctx.edit("text again")

    @router.component("press", defer=Defer.never())
    async def press(ctx: ComponentContext) -> None:
        with pytest.raises(ReplyStateError, match="made of layout components"):
            await ctx.update("text")
        with pytest.raises(ReplyStateError, match="leave a TextDisplay"):
            await ctx.update(components=[])
        await ctx.reply("a message of its own")
        await ctx.edit("which takes text")

    return router


@pytest.mark.parametrize("command", ["layout", "text"])
async def test_a_message_made_of_layout_components_takes_no_text_any_more(command: str) -> None:
    async with TestClient(a_bot()) as client:
        assert (await client.command(command)).outcome == "handled"


async def test_the_message_of_a_component_may_be_one() -> None:
    async with TestClient(a_bot()) as client:
        pressed = await (await client.command("layout")).click("Press")

    assert pressed.outcome == "handled"
