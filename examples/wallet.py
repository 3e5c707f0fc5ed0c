"""Proving that a wallet is yours, in several steps: ``gp demo --app examples.wallet:router``.

Command, button, form; what was said so far is kept in a session, so every step may reach another worker.
"""

import itertools
import secrets
from typing import Protocol

from gpcore import (
    Button,
    CommandContext,
    ComponentContext,
    Cooldown,
    Defer,
    Embed,
    Modal,
    ModalContext,
    RetryLater,
    Router,
    Row,
    TextInput,
    UserError,
)

MOST_TRIES = 3
MINUTES_OPEN = 15


class ChainUnavailableError(Exception):
    """The chain's service does not answer; it may in a moment."""


class Chain(Protocol):
    """The outside service that knows about signatures."""

    async def signed_by(self, address: str, code: str, signature: str) -> bool:
        """Tell whether the owner of ``address`` signed ``code``; raises ``ChainUnavailableError``."""


class ChainOfTheDemo:
    """Takes every signature that begins with 0x, and is away at every fourth question."""

    def __init__(self) -> None:
        self._questions = itertools.count(1)

    async def signed_by(self, address: str, code: str, signature: str) -> bool:  # noqa: ARG002 - the protocol's
        """Answer without asking anybody."""
        if next(self._questions) % 4 == 0:
            raise ChainUnavailableError
        return signature.startswith("0x")


# What the handlers need from outside is an argument: a test gives them a chain of its own.
def make_router(chain: Chain) -> Router:
    """Return the bot."""
    router = Router()

    # Only the user sees the code, and that is fixed by the defer.
    @router.command("verify", defer=Defer.always(ephemeral=True))
    async def verify(ctx: CommandContext, address: str) -> None:
        """Prove that a wallet is yours."""
        if not address.startswith("0x"):
            raise UserError("That is no address: it begins with 0x.")
        code = secrets.token_hex(4)
        session = {"address": address, "code": code, "tries": 0}
        await ctx.sessions.create("verification", session, ttl=MINUTES_OPEN * 60)
        steps = Embed(title=f"Verify {address}", description=f"Sign `{code}` with your wallet, then press the button.")
        await ctx.reply(embeds=[steps], components=[Row(Button("I have signed", id=signed.id()))])

    # A form cannot follow a defer. The cooldown keeps people from guessing quickly, on all workers together.
    @router.component("verify:signed", defer=Defer.never(), cooldown=Cooldown(seconds=10))
    async def signed(ctx: ComponentContext) -> None:
        """Ask for the signature."""
        field = TextInput("signature", label="Signature", max_length=200)
        await ctx.show_modal(Modal("Signature", id=signature.id(), fields=[field]))

    @router.modal("verify:signature", defer=Defer.always(ephemeral=True))
    async def signature(ctx: ModalContext) -> None:
        """Check the signature."""
        session = await ctx.sessions.get("verification")
        if session is None:
            await ctx.update("This took too long. Use /verify again.", components=[])
            return
        try:
            right = await chain.signed_by(session["address"], session["code"], ctx.text("signature"))
        except ChainUnavailableError as error:
            # Deferred, so there is time: this handler runs again, perhaps on another worker.
            raise RetryLater from error
        if not right:
            await count_try(ctx)
            return
        await ctx.sessions.delete("verification")
        await ctx.update(f"{session['address']} is yours.", components=[])

    async def count_try(ctx: ModalContext) -> None:
        session = await ctx.sessions.update("verification", lambda value: {**value, "tries": value["tries"] + 1})
        left = MOST_TRIES - (session["tries"] if session is not None else MOST_TRIES)
        if left <= 0:
            await ctx.sessions.delete("verification")
            await ctx.update("That was the last try. Use /verify again.", components=[])
            return
        raise UserError(f"The signature is wrong. Tries left: {left}.")

    return router


router = make_router(ChainOfTheDemo())
