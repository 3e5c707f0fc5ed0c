"""How to test a bot: the shortest example."""

from examples.quickstart import router
from gprunner.testing import TestClient


async def test_divides_and_cools_down() -> None:
    async with TestClient(router) as client:
        assert (await client.command("divide", a=1, b=4)).reply.content == "1 / 4 = 0.25"
        assert (await client.command("divide", a=1, b=4)).outcome == "refused"

        await client.advance(5)
        zero = await client.command("divide", a=1, b=0)
        assert (zero.outcome, zero.reply.content) == ("user_error", "Nobody can divide by zero.")


async def test_answers_at_once_and_greets() -> None:
    async with TestClient(router) as client:
        assert (await client.command("ping")).reply.content == "pong"
        assert (await client.event("member.join")).outcome == "handled"
