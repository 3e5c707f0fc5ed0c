"""docs/components.md"""

from collections.abc import Callable
from typing import Any

import pytest

from gpcore import (
    Attachment,
    Checkbox,
    CheckboxGroup,
    CommandContext,
    Defer,
    FileUpload,
    Label,
    Modal,
    ModalContext,
    RadioGroup,
    Router,
    Select,
    TextDisplay,
    TextInput,
)
from gpcore.domain.modals import LabelChild
from gprunner.testing import TestClient
from tests.documents.pages import block_with, router_of, run, table

PAGE = "components.md"
ATTACHMENT = Attachment(id="849256214691971079", filename="proof.png", url="https://example.org/proof.png", size=1)


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


async def test_a_function_answers_to_each_of_its_templates() -> None:
    size = run(block_with(PAGE, '"order"'), PAGE).size
    found = [registration.name for registration in run(block_with(PAGE, '"order"'), PAGE).router.registrations]

    assert {"order:{number:int}:size", "size-of:{number:int}"} < set(found)
    assert size.id(number=7) == "order:7:size"


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
            tier="gold",
            referrer=[bob],
            proof=[client.new.attachment("proof.png")],
            days=["Monday", "Friday"],
        )
        apply = await client.command("apply", team="blue")
        bare = await apply.submit(why="Because I can.", tier="silver", days=["Tuesday"])

    assert full.deferred_ephemeral
    assert full.reply.content == (
        f"Team red: Because I can.\ntier gold, sent by {bob.mention}\nproof: proof.png\non Monday, Friday"
    )
    assert bare.reply.content == "Team blue: Because I can.\ntier silver, sent by nobody\nproof: none\non Tuesday"


FIELDS: dict[str, tuple[LabelChild, Any, Callable[[ModalContext], object]]] = {
    "TextInput": (TextInput("it"), "a", lambda ctx: ctx.text("it")),
    "Select": (Select("it", ["a", "b"], max_values=2), ["a", "b"], lambda ctx: list(ctx.values("it"))),
    "FileUpload": (FileUpload("it"), ATTACHMENT, lambda ctx: ctx.chosen("it").attachments[0]),
    "RadioGroup": (RadioGroup("it", ["a", "b"]), "a", lambda ctx: ctx.text("it")),
    "CheckboxGroup": (CheckboxGroup("it", ["a", "b"]), ["a", "b"], lambda ctx: list(ctx.values("it"))),
    "Checkbox": (Checkbox("it"), True, lambda ctx: ctx.checked("it")),
}


@pytest.mark.parametrize("field", FIELDS)
async def test_the_table_says_how_each_kind_of_field_is_read(field: str) -> None:
    router, seen = Router(), list[object]()
    component, answer, read = FIELDS[field]

    @router.command("form", defer=Defer.never())
    async def form(ctx: CommandContext) -> None:
        await ctx.show_modal(Modal("Form", id="form", fields=[TextDisplay("Words"), Label("It", component)]))

    @router.modal("form")
    async def sent(ctx: ModalContext) -> None:
        seen.append(read(ctx))

    async with TestClient(router) as client:
        await (await client.command("form")).submit(it=answer)

    assert seen == [answer]
    [row] = [row for row in table(PAGE, "field") if f"{field}(" in row[1].replace("Label(", "")]
    reader = next(name for name in ("text", "values", "chosen", "checked") if name in read.__code__.co_names)
    assert f"`ctx.{reader}(id)" in row[2]


async def test_blocks_are_shown_and_changed() -> None:
    async with TestClient(router_of(PAGE, '"card"')) as client:
        card = await client.command("card")
        before = card.reply.text
        signed = await card.click("Sign")

    assert before.startswith("## Petition\nNobody has signed.")
    assert signed.message.text == f"## Petition\nSigned by {client.user.mention}."
    assert signed.message.buttons == ()
