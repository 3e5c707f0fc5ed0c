"""Commands by name with Python values, checked as Discord would check them."""

import pytest

from gpcore import Mentionable
from gpcore.domain.messages import CallbackType
from gprunner.testing import KitError, TestClient
from tests.unit.testing.kit_bot import Color


async def test_a_command_is_answered(client: TestClient) -> None:
    result = await client.command("ping")

    assert result.reply.content == "pong"
    assert (result.outcome, result.error, result.deferred) == ("handled", None, False)
    assert result.answer is CallbackType.MESSAGE


async def test_options_arrive_as_the_values_that_were_given(client: TestClient) -> None:
    result = await client.command(
        "show all", text="hi", count=3, ratio=1, flag=True, color=Color.BLUE, mode="slow", renamed="x"
    )

    assert result.reply.content == "hi|3|1|True|BLUE|slow|x"


async def test_options_of_other_names_are_given_as_a_mapping(client: TestClient) -> None:
    result = await client.command("show all", options={"other-name": "y"}, color="blue")

    assert result.reply.content == "|1|0.5|False|BLUE|fast|y"


async def test_entities_arrive_with_their_details(client: TestClient) -> None:
    role = client.new.role("staff")
    bob = client.new.user("bob")
    result = await client.command(
        "show all",
        who=bob,
        member=client.new.member("carol", roles=[role]),
        role=role,
        where=client.new.channel("lounge"),
        target=role,
        file=client.new.attachment("cat.png", size=99),
    )

    (entities,) = result.followups
    assert entities.content == f"bob|('{role.id}',)|staff|lounge|{role}|('cat.png', 99)"


async def test_a_mentionable_may_be_a_user_or_wrapped(client: TestClient) -> None:
    bob = client.new.user("bob")

    for target in (bob, Mentionable(id=bob.id, user=bob), client.new.member(user=bob)):
        result = await client.command("show all", target=target)
        assert "username='bob'" in result.followups[0].content


async def test_an_option_may_be_left_out_by_none(client: TestClient) -> None:
    assert (await client.command("show all", text=None)).reply.content.startswith("|1|")


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        ("pin", {}, "there is no command 'pin': did you mean 'ping'?"),
        ("zzzzzz", {}, "there is no command 'zzzzzz': there is 'again', 'bounded'"),
        ("ping", {"text": 1}, "'ping' has no option 'text': there is none"),
        ("show all", {"tex": "x"}, "did you mean 'text'?"),
        ("show all", {"text": 1}, "option 'text' takes str, not int"),
        ("show all", {"count": True}, "option 'count' takes int, not bool"),
        ("show all", {"flag": 1}, "option 'flag' takes bool, not int"),
        ("show all", {"ratio": "1"}, "option 'ratio' takes int or float, not str"),
        ("show all", {"who": "bob"}, "option 'who' takes User or Member, not str"),
        ("show all", {"count": 10}, "count: must be at most 9, so Discord would not send it"),
        ("show all", {"mode": "medium"}, "mode: is none of the choices"),
        ("remember", {}, "what: is missing"),
    ],
)
async def test_what_discord_would_not_send_is_refused_with_a_hint(
    client: TestClient, path: str, options: dict[str, object], message: str
) -> None:
    with pytest.raises(KitError) as caught:
        await client.command(path, options=options)

    assert message in str(caught.value)
    assert client.transcript == ()


async def test_an_option_that_is_named_as_a_parameter_is_given_as_a_mapping(client: TestClient) -> None:
    bob, carol = client.new.user("bob"), client.new.user("carol")

    with pytest.raises(KitError, match="give it as options="):
        await client.command("needs", user=bob)
    result = await client.command("needs", user=carol, options={"user": bob}, note="ok")

    assert result.reply.content == "bob by carol ok"


async def test_somebody_else_acts_elsewhere_in_another_language(client: TestClient) -> None:
    member = client.new.member("dana", roles=["849256214691971079"])
    lounge = client.new.channel("lounge")

    usual = await client.command("where")
    there = await client.command("where", user=member, channel=lounge, locale="de", guild="849255963033731099")
    direct = await client.acting(guild=None).command("where")

    assert usual.reply.content == f"{client.guild_id} general en-US ()"
    assert there.reply.content == "849255963033731099 lounge de ('849256214691971079',)"
    assert direct.reply.content == "None None en-US None"


async def test_an_application_that_only_the_user_installed_sends_five_followups(client: TestClient) -> None:
    guest = client.acting(user_install_only=True)

    assert len((await guest.command("many", count=5)).followups) == 5
    refused = await guest.command("many", count=6)
    assert refused.outcome == "failed"
    assert "five follow-ups" in str(refused.error)
    assert len((await client.command("many", count=7)).followups) == 8


async def test_the_context_menus_take_their_targets(client: TestClient) -> None:
    greeted = await client.user_command("Greet", client.new.member("eve", roles=["849256214691971079"]))
    quoted = await client.message_command("Quote", client.new.message("so it goes"))

    assert greeted.reply.content == "Hello, eve ('849256214691971079',)"
    assert quoted.reply.content == "> so it goes"
    assert (await client.entry_point("launch")).reply.content == "up"
    with pytest.raises(KitError, match="did you mean 'Greet'"):
        await client.user_command("Gret", client.user)


async def test_an_option_is_suggested_for_while_it_is_typed(client: TestClient) -> None:
    result = await client.autocomplete("show all", "text", "ab", count=3)

    assert [choice.name for choice in result.choices] == ["ab3"]
    assert not result.replied
    with pytest.raises(KitError, match="nothing suggests values for option 'count'"):
        await client.autocomplete("show all", "count", "1")


async def test_direct_messages_have_no_members(client: TestClient) -> None:
    result = await client.acting(guild=None).command("show all", who=client.new.user("bob"))

    assert result.followups[0].content.startswith("bob|None")
