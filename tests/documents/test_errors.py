"""docs/errors.md"""

from dataclasses import fields

import pytest

from gpcore import Permission, Texts
from gprunner.testing import TestClient
from tests.documents.pages import router_of, table

PAGE = "errors.md"


@pytest.mark.parametrize(
    ("what", "said", "outcome"),
    [
        ("honey", "You own honey now.", "handled"),
        ("bread", "The shop is closed. Come back tomorrow.", "error_handled"),
        ("nothing", "Something went wrong. Please try again later.", "error_handled"),
        ("moon", "The moon is not for sale.", "user_error"),
    ],
)
async def test_the_nearest_error_handler_is_asked(what: str, said: str, outcome: str) -> None:
    async with TestClient(router_of(PAGE, "ShopClosedError")) as client:
        result = await client.command("buy", what=what)

    assert (result.reply.content, result.outcome) == (said, outcome)


@pytest.mark.parametrize(
    ("permissions", "channel", "said"),
    [
        (Permission.MODERATE_MEMBERS, "day", "Muted: noise"),
        (Permission.MODERATE_MEMBERS, "night", "Not at night."),
        (Permission.KICK_MEMBERS, "night", "You may not do this."),
    ],
)
async def test_checks_decide(permissions: Permission, channel: str, said: str) -> None:
    async with TestClient(router_of(PAGE, "is_moderator")) as client:
        bob = client.new.member("bob", permissions=permissions)
        result = await client.command("mute", reason="noise", user=bob, channel=client.new.channel(channel))

    assert result.reply.content == said


async def test_a_bot_words_its_refusals() -> None:
    async with TestClient(router_of(PAGE, "refusal.when")) as client:
        await client.command("daily")
        refused = await client.command("daily")
        in_a_day = int(client.now.timestamp()) + 86_400

    assert refused.outcome == "refused"
    assert refused.reply.ephemeral
    assert refused.reply.content in {f"You are full. Be hungry <t:{in_a_day + late}:R>." for late in (-1, 0, 1)}


async def test_gp_speaks_the_users_language() -> None:
    async with TestClient(router_of(PAGE, "Fertig.")) as client:
        german = await client.acting(locale="de").command("tidy")
        french = await client.acting(locale="fr").command("tidy")

    assert (german.reply.content, french.reply.content) == ("Fertig.", "Done.")


@pytest.mark.parametrize(
    ("locale", "said"),
    [("de", "`zimmer` braucht mindestens 2 Zeichen."), ("fr", "`room` must have at least 2 characters.")],
)
async def test_what_does_not_fit_is_told_in_the_users_words(locale: str, said: str) -> None:
    async with TestClient(router_of(PAGE, "Fertig.")) as client:
        tidied = await client.acting(locale=locale).command("tidy", room="hall")
        short = {"name": "room", "type": 3, "value": "x"}
        data = tidied.raw["data"] | {"options": [short]}
        # Discord's own client would not let anybody send it.
        fresh = {"id": client.new.user().id, "token": "another"}
        result = await client.dispatch("INTERACTION_CREATE", {**tidied.raw, **fresh, "data": data})

    assert (result.outcome, result.reply.content) == ("bad_option", said)


def test_the_table_lists_every_text() -> None:
    _, *rows = table(PAGE, "text")

    assert [row[0].strip("`") for row in rows] == [field.name for field in fields(Texts)]
