"""docs/sessions.md"""

from gprunner.testing import TestClient
from tests.documents.pages import router_of

PAGE, BLOCK = "sessions.md", '"pizza"'


async def test_steps_build_on_each_other() -> None:
    async with TestClient(router_of(PAGE, BLOCK)) as client:
        pizza = await client.command("pizza", size="small")
        await pizza.select("olives")
        added = await pizza.select("cheese")
        assert added.message.content == "A small pizza with olives, cheese."
        ordered = await pizza.click("Order")

    assert ordered.message.content == "Your small pizza is on its way."


async def test_no_quick_press_is_lost_on_two_workers() -> None:
    async with TestClient(router_of(PAGE, BLOCK)) as client:
        await client.second_worker()
        pizza = await client.command("pizza")
        presses = [await pizza.select(topping, wait=False) for topping in ("olives", "cheese", "mushrooms")]
        for press in presses:
            await press.settled()
        longest = max((press.message.content for press in presses), key=len)

    assert all(topping in longest for topping in ("olives", "cheese", "mushrooms"))


async def test_time_ends_it_and_it_is_ordered_once() -> None:
    async with TestClient(router_of(PAGE, BLOCK)) as client:
        pizza = await client.command("pizza")
        first, second = await pizza.click("Order", wait=False), await pizza.click("Order", wait=False)
        outcomes = sorted([(await first.settled()).outcome, (await second.settled()).outcome])
        late = await client.command("pizza")
        await client.advance(15 * 60)
        added = await late.select("olives")

    assert outcomes == ["handled", "user_error"]
    assert added.reply.content == "That took too long. Use /pizza again."
