"""docs/components.md"""

from typing import Any

import pytest

from gpcore import CommandContext, Defer, Label, Modal, ModalContext, Raw, Router
from gprunner.testing import TestClient
from tests.documents.pages import block_with, router_of, run, table

PAGE = "components.md"


async def test_buttons_and_selects_bring_their_parameters_back() -> None:
    async with TestClient(router_of(PAGE, '"order"')) as client:
        order = await client.command("order", number=7)
        eve = client.new.user("eve")
        foreign = await order.click("Cancel", user=eve)
        sized = await order.select("l", name="Size")
        helped = await order.select(client.new.user("bob"), eve, name="Who helps?")
        cancelled = await order.click("Cancel")

    assert (foreign.outcome, foreign.reply.content) == ("user_error", "This is somebody else's order.")
    assert sized.reply.content == "Order 7 will be size l."
    assert helped.reply.content == "bob, eve will help."
    assert (cancelled.message.content, cancelled.message.buttons) == ("Order 7 is cancelled.", ())


def test_a_custom_id_that_cannot_come_back_is_refused() -> None:
    cancel = run(block_with(PAGE, '"order"'), PAGE).cancel

    with pytest.raises(ValueError, match="longer than 100 characters"):
        cancel.id(number=1, owner="x" * 100)
    with pytest.raises(ValueError, match="number must be int"):
        cancel.id(number="1", owner="x")


async def test_a_form_gives_back_every_kind_of_field() -> None:
    async with TestClient(router_of(PAGE, '"apply"')) as client:
        bob = client.new.user("bob")
        form = await client.command("apply", team="red")
        full = await form.submit(
            why="Because I can.",
            tier=["gold"],
            referrer=[bob],
            proof=[client.new.attachment("proof.png")],
            rules=True,
        )
        bare = await (await client.command("apply", team="blue")).submit(why="Because I can.", tier=["silver"])

    assert full.deferred_ephemeral
    assert full.reply.content == f"Team red: Because I can.\ntier gold, sent by {bob.id}\nproof: proof.png\nrules read"
    assert bare.reply.content == ("Team blue: Because I can.\ntier silver, sent by nobody\nproof: none\nrules not read")


FIELDS: dict[int, tuple[str, Any]] = {
    19: ("`ctx.values(id)`, ids of attachments", ["849256214691971079"]),
    21: ("`ctx.text(id)`", "a"),
    22: ("`ctx.values(id)`", ["a", "b"]),
    23: ("`ctx.checked(id)`", True),
}


@pytest.mark.parametrize("type_", FIELDS)
async def test_the_table_says_how_each_kind_of_field_is_read(type_: int) -> None:
    router, seen = Router(), list[object]()

    @router.command("form", defer=Defer.never())
    async def form(ctx: CommandContext) -> None:
        options = [{"label": value, "value": value} for value in ("a", "b")] if type_ in {21, 22} else []
        raw = {"type": type_, "custom_id": "it", "max_values": 2, **({"options": options} if options else {})}
        await ctx.show_modal(Modal("Form", id="form", fields=[Label("It", Raw(raw))]))

    @router.modal("form")
    async def sent(ctx: ModalContext) -> None:
        seen.extend([ctx.text("it"), list(ctx.values("it")), ctx.checked("it")])

    async with TestClient(router) as client:
        await (await client.command("form")).submit(it=FIELDS[type_][1])

    [row] = [row for row in table(PAGE, "field") if f'"type": {type_}' in row[1]]
    readers, (reader, answer) = ("`ctx.text(id)`", "`ctx.values(id)`", "`ctx.checked(id)`"), FIELDS[type_]
    assert row[2] == reader
    assert [name for name, value in zip(readers, seen, strict=True) if value == answer] == [reader.split(",")[0]]


async def test_blocks_are_shown_and_changed() -> None:
    async with TestClient(router_of(PAGE, '"card"')) as client:
        card = await client.command("card")
        before = card.reply.text
        signed = await card.click("Sign")

    assert before.startswith("## Petition\nNobody has signed.")
    assert signed.message.text == f"## Petition\nSigned by {client.user.mention}."
    assert signed.message.buttons == ()
