"""A bot's own answer to a refusal, and gp's words in the user's language."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from gpcore import (
    CommandContext,
    Cooldown,
    Defer,
    Embed,
    InteractionContext,
    Refusal,
    Router,
    Texts,
    UserError,
)
from gpcore.application.texts import Wordings
from gpcore.domain.refusals import Refusal as DomainRefusal
from gpcore.domain.settling import Ack
from gpcore.domain.wire_message import WireMessage
from tests.unit.application.one_command import FAILED, returning
from tests.unit.application.one_command import a_bot as a_bot_of_one
from tests.unit.application.worlds import Process, World


def a_bot(world: World, answer: Callable[[InteractionContext, Refusal], object], defer: Defer | None = None) -> Router:
    router = a_bot_of_one(returning("done"), defer=defer)

    @router.refused
    async def refused(ctx: InteractionContext, refusal: Refusal) -> object:
        value = answer(ctx, refusal)
        if isinstance(value, Exception):
            raise value
        if isinstance(value, float):
            await world.clock.sleep(value)
            return "late"
        return value

    return router


async def refused(world: World, router: Router, *, seconds: float = 0.0, outcome: str = "refused") -> WireMessage:
    """Use the command twice and return the second use, which is refused."""
    process = Process(world, router)
    await process.handle(world.command("work"))
    message = world.command("work")
    assert await process.handle(message, seconds=seconds) == Ack(outcome)
    return message


async def test_it_gets_the_time_that_is_left(world: World) -> None:
    seen: list[Refusal] = []

    def keep(ctx: InteractionContext, refusal: Refusal) -> str:
        seen.append(refusal)
        return "Not yet."

    message = await refused(world, a_bot(world, keep))

    [refusal] = seen
    assert (refusal.known, refusal.retry_after) == (True, timedelta(seconds=60))
    assert refusal.when == f"<t:{-(-world.clock.now_us() // 1_000_000) + 60}:R>"
    assert world.texts(message) == ["Not yet."]


@pytest.mark.parametrize("answer", ["Not yet.", Embed(title="Not yet"), None])
async def test_whatever_it_returns_only_the_user_sees(world: World, answer: object) -> None:
    await refused(world, a_bot(world, lambda ctx, refusal: answer, Defer.always()))

    callback = world.discord.calls[-1].callback
    assert callback is not None
    assert callback.message is not None
    assert callback.message.ephemeral


@pytest.mark.parametrize(
    ("answer", "outcome", "shown"),
    [
        (None, "refused", "Slow down: you can do this again <t:"),
        (UserError("Patience."), "user_error", "Patience."),
        (ZeroDivisionError(), "failed", FAILED),
        (42, "failed", FAILED),
    ],
)
async def test_what_it_does_not_say_gp_does(world: World, answer: object, outcome: str, shown: str) -> None:
    message = await refused(world, a_bot(world, lambda ctx, refusal: answer), outcome=outcome)

    [text] = world.texts(message)
    assert text is not None
    assert text.startswith(shown)


async def test_one_that_takes_its_time_is_deferred_for(world: World) -> None:
    message = await refused(world, a_bot(world, lambda ctx, refusal: 5.0, Defer.always()), seconds=6)

    assert world.texts(message) == ["late"]


async def test_the_innermost_routers_own_is_asked(world: World) -> None:
    inner, outer = a_bot(world, lambda ctx, refusal: "inner"), Router()

    @outer.refused
    async def from_outer(ctx: InteractionContext, refusal: Refusal) -> str:
        return "outer"

    outer.include(inner)
    outer.include(a_bot_of_one(returning("done")), prefix="other")
    process = Process(world, outer)
    shown = []
    for name in ("work", "other work"):
        await process.handle(world.command(name))
        message = world.command(name)
        await process.handle(message)
        shown += world.texts(message)

    assert shown == ["inner", "outer"]


async def test_limits_that_cannot_be_decided_say_that_nothing_is_known(world: World) -> None:
    seen: list[Refusal] = []
    router = Router()

    @router.command("work", cooldown=Cooldown(60), if_limits_down="refuse")
    async def work(ctx: CommandContext) -> None: ...

    @router.refused
    async def unknown(ctx: CommandContext, refusal: Refusal) -> None:
        seen.append(refusal)

    world.admissions.unavailable = True
    message = world.command("work")

    assert await Process(world, router).handle(message) == Ack("refused")
    assert [(one.known, one.retry_after, one.when) for one in seen] == [(False, None, "later")]
    assert world.texts(message) == [Texts().limits_unknown]


def test_what_is_never_allowed_again_says_never() -> None:
    assert DomainRefusal().when == "never"


GERMAN, BRITISH, SPANISH = Texts(done="Fertig."), Texts(done="Done, innit."), Texts(done="Hecho.")


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("de", "Fertig."),
        ("en-GB", "Done, innit."),
        ("en-US", "Done, innit."),
        ("es-419", "Hecho."),
        ("es-ES", "Hecho."),
        ("fr", "Done."),
        (None, "Done."),
    ],
)
def test_words_are_the_users_language_with_discords_stand_ins(locale: str | None, shown: str) -> None:
    wordings = Wordings(by_locale={"de": GERMAN, "en-GB": BRITISH, "es-ES": SPANISH})

    assert wordings.for_locale(locale).done == shown


async def test_gp_speaks_the_users_language(world: World) -> None:
    router = Router(texts={"de": GERMAN, "en-US": Texts(done="All done.")})

    @router.command("work")
    async def work(ctx: CommandContext) -> None: ...

    message = world.command("work")
    await Process(world, router).handle(message)

    assert world.texts(message) == ["All done."], "the fixture's user speaks en-US"
