"""The bot that ``gp demo`` runs; every kind of handler once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Literal

from gpcore import (
    AutocompleteContext,
    Button,
    Choice,
    CommandContext,
    ComponentContext,
    Cooldown,
    Defer,
    Embed,
    EventContext,
    MemberJoin,
    Modal,
    ModalContext,
    Option,
    Router,
    Row,
    SlidingWindow,
    TextInput,
    User,
    UserError,
)

router = Router()


class Wallets:
    """Stands for a database that the bot opens at start."""

    known = ("0x0abc", "0x0def", "0y0bad")


@router.lifespan
async def wallets() -> AsyncIterator[Wallets]:
    """Open it before the first message, close it after the last."""
    yield Wallets()


@router.command("ping", defer=Defer.never())
async def ping(ctx: CommandContext) -> str:
    """Answer at once."""
    return "pong"


@router.command("wallet check", defer=Defer.always(ephemeral=True), cooldown=Cooldown(seconds=2))
async def wallet_check(
    ctx: CommandContext,
    address: str,
    chain: Literal["main", "test"] = "main",
    depth: Annotated[int, Option(min=1, max=10, description="How far back")] = 1,
) -> None:
    """Check a wallet; takes its time, so it is deferred."""
    await asyncio.sleep(0.05 * depth)
    if address.startswith("0y"):
        raise UserError("That is no address.")
    confirm_button = Button("Confirm", id=confirm.id(order_id=depth))
    await ctx.reply(embeds=[Embed(title=f"{address} on {chain}")], components=[Row(confirm_button)])


@router.autocomplete("wallet check", "address")
async def addresses(ctx: AutocompleteContext, typed: str, wallets: Wallets) -> list[Choice]:
    """Suggest known wallets."""
    return [Choice(name=address, value=address) for address in wallets.known if typed in address]


@router.command("report", defer=Defer.auto(after=0.3), limits=[SlidingWindow(10, per=5, scope="guild")])
async def report(ctx: CommandContext, days: int = 2) -> str:
    """Answer fast for few days, slowly for many; deferred only when it is slow."""
    await asyncio.sleep(0.1 * days)
    return f"{days} days, all quiet."


@router.component("confirm:{order_id:int}")
async def confirm(ctx: ComponentContext, order_id: int) -> None:
    """Change the message of the pressed button."""
    await ctx.update(f"Order {order_id} is confirmed.", components=[])


@router.command("feedback", defer=Defer.never())
async def feedback(ctx: CommandContext) -> None:
    """Open a form."""
    await ctx.show_modal(Modal("Feedback", id=sent.id(ticket="42"), fields=[TextInput("text", label="What happened?")]))


@router.modal("feedback:{ticket}")
async def sent(ctx: ModalContext, ticket: str) -> str:
    """Thank for a form."""
    return f"Thank you. Ticket {ticket} has {len(ctx.text('text'))} characters."


@router.user_command("Greet")
async def greet(ctx: CommandContext, target: User) -> str:
    """Greet somebody from the context menu."""
    return f"Hello, {target.mention}."


@router.event("member.join")
async def welcome(ctx: EventContext[MemberJoin]) -> None:
    """Take note of a new member."""
    ctx.log.debug("welcome")
