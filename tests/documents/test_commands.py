"""docs/commands.md"""

import asyncio

import pytest

from gpcore import AutocompleteContext, CommandContext, Permission, Router
from gpcore.application.policies import RunPolicy
from gpcore.domain.messages import CallbackType
from gprunner.testing import TestClient
from tests.documents.pages import router_of

PAGE = "commands.md"


async def test_options_arrive_as_annotated() -> None:
    async with TestClient(router_of(PAGE, '"write"')) as client:
        bob = client.new.user("bob")
        short = await client.command("write", text="hello")
        long = await client.command("write", text="hello", tone="formal", length="long", copies=2, to=bob)
        shown = await client.command(
            "show",
            who=client.new.member("eve", nick="Evie"),
            where=(channel := client.new.channel()),
            badge=(role := client.new.role()),
            proof=client.new.attachment("proof.png"),
        )

    assert short.reply.content == "1 short friendly letter for everybody: hello"
    assert long.reply.content == f"2 long formal letter for {bob.mention}: hello"
    assert shown.reply.content == f"Evie in {channel.mention} with {role.mention} and proof.png"


def test_descriptions_come_from_option_docstring_or_name() -> None:
    [write] = [one for one in router_of(PAGE, '"write"').compile().commands if one["name"] == "write"]

    assert write["description"] == "Write a letter."
    assert {option["name"]: option["description"] for option in write["options"]} == {
        "text": "What it says.",
        "tone": "tone",
        "length": "length",
        "copies": "How many",
        "to": "Who gets it.",
    }


async def test_suggestions_know_the_other_options() -> None:
    async with TestClient(router_of(PAGE, '"visit"')) as client:
        some = await client.autocomplete("visit", "street", "An", city="Wien")
        none = await client.autocomplete("visit", "street", "An")

    assert [choice.name for choice in some.choices] == ["Annagasse"]
    assert none.choices == ()


@pytest.mark.parametrize(("policy", "seconds"), [({}, 2.5), ({"timeout": None}, 2.5), ({"timeout": 1}, 1)])
async def test_slow_suggestions_are_stopped_in_time(policy: RunPolicy, seconds: float) -> None:
    router, stopped = Router(), list[float]()

    @router.command("visit")
    async def visit(ctx: CommandContext, street: str) -> None: ...

    @router.autocomplete("visit", "street", **policy)
    async def streets(ctx: AutocompleteContext, typed: str) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            stopped.append(client.now.timestamp())

    async with TestClient(router) as client:
        begun = client.now.timestamp()
        typed = await client.autocomplete("visit", "street", "An")

    assert (typed.outcome, typed.answer, typed.choices) == ("timeout", CallbackType.SUGGESTIONS, ())
    assert stopped == [pytest.approx(begun + seconds, abs=0.1)]


async def test_subcommands_share_what_the_group_says() -> None:
    router = router_of(PAGE, "router.group")
    by_name = {command["name"]: command for command in router.compile().commands}

    assert by_name["wallet"]["description"] == "Wallets and who owns them"
    assert by_name["wallet"]["contexts"] == [0]
    assert by_name["ban"]["default_member_permissions"] == str(int(Permission.BAN_MEMBERS))
    async with TestClient(router) as client:
        assert (await client.command("wallet admin forget", address="0x1")).reply.content == "0x1 is forgotten."


async def test_context_menus_get_their_target() -> None:
    async with TestClient(router_of(PAGE, "Who is this?")) as client:
        eve = client.new.member("eve", roles=[client.new.role(), client.new.role()])
        who = await client.user_command("Who is this?", eve)
        message = client.new.message("one two three")
        words = await client.message_command("Count words", message)

    assert (who.reply.content, words.reply.content) == ("eve has 2 roles.", "3 words.")


async def test_people_are_answered_in_their_language() -> None:
    router = router_of(PAGE, '"weather"')
    [weather] = router.compile().commands

    assert weather["name_localizations"] == {"de": "wetter"}
    async with TestClient(router) as client:
        assert (await client.command("weather", city="Bonn")).reply.content == "The sun shines in Bonn."
        german = await client.acting(locale="de").command("weather", city="Bonn")
    assert german.reply.content == "In Bonn scheint die Sonne."
