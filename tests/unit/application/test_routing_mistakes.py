"""What is wrong with handlers taken together."""

from collections.abc import Callable

import pytest

from gpcore import (
    AutocompleteContext,
    CommandContext,
    Defer,
    Router,
    RoutingError,
)
from gpcore.application.handlers import CompiledHandler, HandlerKind, Policy
from gpcore.application.routes import Routes


async def nothing(ctx: CommandContext) -> None: ...


async def one(ctx: CommandContext, value: str) -> None: ...


async def suggest(ctx: AutocompleteContext, typed: str) -> None: ...


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (
            lambda router: [router.command("ping")(nothing), router.command("ping")(one)],
            "command 'ping' is registered already at test_routing_mistakes.py:",
        ),
        (
            lambda router: [router.command("wallet")(nothing), router.command("wallet check")(nothing)],
            "command 'wallet' has subcommands, so Discord cannot invoke it by itself",
        ),
        (
            lambda router: router.autocomplete("pick", "value")(suggest),
            "autocomplete for 'pick', but there is no such command",
        ),
        (
            lambda router: [router.command("pick")(one), router.autocomplete("pick", "other")(suggest)],
            "autocomplete for option 'other', which 'pick' does not have",
        ),
        (lambda router: router.command("Ping")(nothing), "command name 'Ping': one to three lower-case words"),
        (lambda router: router.command("")(nothing), "command name '': one to three lower-case words"),
        (lambda router: router.command("a b c d")(nothing), "command name 'a b c d': one to three"),
        (lambda router: router.command("a  b")(nothing), "command name 'a  b': one to three"),
        (lambda router: router.command("x" * 33)(nothing), "one to three lower-case words"),
        (lambda router: router.autocomplete("Pick", "value")(suggest), "command name 'Pick': one to three"),
        (lambda router: router.event("")(nothing), "event '': give one of member.join, "),
        (lambda router: router.message_command("")(one), "message command name '': give 1 to 32 characters"),
        (lambda router: router.entry_point("x" * 33)(nothing), "entry point name "),
        (
            lambda router: [router.component("a")(nothing), router.component("a")(nothing)],
            "component 'a' is registered already at",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(declare: Callable[[Router], object], message: str) -> None:
    router = Router()
    declare(router)

    with pytest.raises(RoutingError) as raised:
        router.compile()

    assert str(raised.value).startswith("test_routing_mistakes.py:")
    assert message in str(raised.value)


def test_all_mistakes_are_named_at_once() -> None:
    router = Router()
    router.command("Ping")(nothing)
    router.command("pong")(one)
    router.command("pong")(one)
    router.autocomplete("missing", "value")(suggest)

    with pytest.raises(RoutingError) as raised:
        router.compile()

    assert len(str(raised.value).splitlines()) == 3


def test_an_autocomplete_that_defers_is_refused() -> None:
    router = Router()
    router.autocomplete("pick", "value")(suggest)
    [registration] = router.registrations
    deferring = CompiledHandler(
        registration=type(registration)(
            kind=HandlerKind.AUTOCOMPLETE,
            name="pick",
            function=suggest,
            policy=Policy(defer=Defer.always()),
            source="bot.py:1",
            option="value",
        ),
        label="autocomplete:pick:value",
    )

    with pytest.raises(RoutingError, match=r"bot\.py:1: autocomplete 'pick' cannot be deferred"):
        Routes().add(deferring)


@pytest.mark.parametrize("name", ["ping", "l'heure", "größe", "prüfen jetzt", "a-b_c 1 2", "देवनागरी"])
def test_names_of_every_script_are_taken(name: str) -> None:
    router = Router()
    router.command(name)(nothing)

    assert len(router.compile()) == 1
