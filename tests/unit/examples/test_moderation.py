"""How to test a bot with several people, forms, channel messages and roles."""

from collections.abc import AsyncIterator

import pytest

from examples.moderation.bot import MODERATORS_CHANNEL, MUTED_ROLE, router
from gpcore import Member, Permission, User
from gpcore.errors import PortRejectedError
from gprunner.testing import KitError, Shown, TestClient


@pytest.fixture
async def client() -> AsyncIterator[TestClient]:
    async with TestClient(router) as entered:
        yield entered


@pytest.fixture
def moderator(client: TestClient) -> Member:
    return client.new.member("mod", permissions=Permission.MODERATE_MEMBERS)


async def a_report(client: TestClient, target: User) -> Shown:
    form = await client.user_command("Report user", target)
    await form.submit(reason="sells honey without a licence")
    return client.messages_in(MODERATORS_CHANNEL)[-1]


async def test_a_report_goes_to_the_moderators(client: TestClient) -> None:
    mallory = client.new.user("mallory")
    form = await client.user_command("Report user", mallory)
    sent = await form.submit(reason="sells honey without a licence")

    assert form.modal.title == "Report user"
    assert (sent.reply.content, sent.reply.ephemeral) == ("Thank you. The moderators will look at it.", True)
    (report,) = client.messages_in(MODERATORS_CHANNEL)
    assert report.embeds[0].description == "sells honey without a licence"
    assert mallory.mention in report.text
    assert client.user.mention in report.text
    assert report.buttons == ("Mute", "Dismiss")


async def test_a_report_brings_its_screenshots_along(client: TestClient) -> None:
    proof = [client.new.attachment(f"{number}.png") for number in (1, 2)]
    await (await client.user_command("Report user", client.new.user("mallory"))).submit(
        reason="See there!", proof=proof
    )

    (report,) = client.messages_in(MODERATORS_CHANNEL)
    shown = [field.value for field in report.embeds[0].fields if field.name == "Screenshot"]
    assert shown == [file.url for file in proof]


async def test_a_moderator_mutes_with_a_reason_for_the_audit_log(client: TestClient, moderator: Member) -> None:
    mallory = client.new.user("mallory")
    report = await a_report(client, mallory)
    decided = await client.acting(user=moderator).click("Mute", on=report)

    assert client.roles_of(mallory) == {MUTED_ROLE}
    assert client.bot_calls[-1].arguments["reason"] == "Report decided by mod"
    assert decided.message.content == f"{mallory.mention} was muted by {moderator.mention}."
    assert decided.message.buttons == ()


async def test_a_moderator_dismisses(client: TestClient, moderator: Member) -> None:
    mallory = client.new.user("mallory")
    decided = await client.acting(user=moderator).click("Dismiss", on=await a_report(client, mallory))

    assert decided.updated
    assert client.roles_of(mallory) == frozenset()


@pytest.mark.parametrize("button", ["Mute", "Dismiss"])
async def test_nobody_else_decides(client: TestClient, button: str) -> None:
    mallory = client.new.user("mallory")
    refused = await client.acting(user=mallory).click(button, on=await a_report(client, mallory))

    assert refused.outcome == "user_error"
    assert (refused.reply.content, refused.reply.ephemeral) == ("Only moderators decide on reports.", True)
    assert client.roles_of(mallory) == frozenset()


async def test_a_role_that_the_bot_may_not_give_leaves_the_report_open(client: TestClient, moderator: Member) -> None:
    report = await a_report(client, client.new.user("mallory"))
    client.discord_answers(PortRejectedError("Missing Permissions", code=50013))
    failed = await client.acting(user=moderator).click("Mute", on=report)

    assert failed.outcome == "failed"
    assert failed.message.buttons == ("Mute", "Dismiss")


async def test_a_report_that_is_delivered_twice_is_shown_once(client: TestClient) -> None:
    form = await client.user_command("Report user", client.new.user("mallory"))
    with client.state_down():  # Nothing remembers that it was processed.
        sent = await form.submit(reason="sells honey without a licence")
        await client.redeliver(sent)

    assert len(client.messages_in(MODERATORS_CHANNEL)) == 1


async def test_reports_need_a_reason_another_person_and_a_server(client: TestClient) -> None:
    form = await client.user_command("Report user", client.new.user("mallory"))
    with pytest.raises(KitError, match="5 to 1000 characters"):
        await form.submit(reason="hm")

    await client.advance(60)
    assert (await client.user_command("Report user", client.user)).reply.content == "You cannot report yourself."
    await client.advance(60)
    direct = client.acting(guild=None)
    assert (await direct.user_command("Report user", client.new.user("bob"))).outcome == "user_error"


async def test_one_report_a_minute(client: TestClient) -> None:
    await client.user_command("Report user", client.new.user("bob"))
    again = await client.user_command("Report user", client.new.user("bob"))

    assert again.outcome == "refused"
