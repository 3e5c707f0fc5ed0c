import pytest

from gpadapters.discord import bot_routes, routes
from gpadapters.discord.routes import Route
from gpcore.domain.secrets import Secret
from gpcore.errors import PortRejectedError
from tests.contracts.discord_world import NOT_SNOWFLAKES, NOT_TOKENS

ID = "1574394111514120223"
GUILD = "849255963033731074"
TOKEN = Secret("aW50ZXJhY3Rpb24.x-y_z")

ROUTES = [
    (routes.callback(ID, TOKEN), "POST", f"/interactions/{ID}/{TOKEN.reveal()}/callback"),
    (routes.create_followup(ID, TOKEN), "POST", f"/webhooks/{ID}/{TOKEN.reveal()}"),
    (routes.edit_followup(ID, TOKEN, "@original"), "PATCH", f"/webhooks/{ID}/{TOKEN.reveal()}/messages/@original"),
    (routes.delete_followup(ID, TOKEN, GUILD), "DELETE", f"/webhooks/{ID}/{TOKEN.reveal()}/messages/{GUILD}"),
    (bot_routes.member(GUILD, ID), "GET", f"/guilds/{GUILD}/members/{ID}"),
    (bot_routes.member_role("PUT", GUILD, ID, ID), "PUT", f"/guilds/{GUILD}/members/{ID}/roles/{ID}"),
    (bot_routes.channel(ID), "GET", f"/channels/{ID}"),
    (bot_routes.create_message(ID), "POST", f"/channels/{ID}/messages"),
    (bot_routes.message("PATCH", ID, GUILD), "PATCH", f"/channels/{ID}/messages/{GUILD}"),
    (bot_routes.open_dm(), "POST", "/users/@me/channels"),
    (bot_routes.commands("GET", ID, None), "GET", f"/applications/{ID}/commands?with_localizations=true"),
    (bot_routes.commands("PUT", ID, GUILD), "PUT", f"/applications/{ID}/guilds/{GUILD}/commands"),
    (bot_routes.gateway(), "GET", "/gateway"),
    (bot_routes.current_user(), "GET", "/users/@me"),
]


@pytest.mark.parametrize(("route", "method", "path"), ROUTES)
def test_a_route_has_its_path_and_a_template_without_values(route: Route, method: str, path: str) -> None:
    assert (route.method, route.path) == (method, path)
    assert route.template.count("/") == path.count("/")
    assert ID not in route.template
    assert GUILD not in route.template


@pytest.mark.parametrize(("route", "method", "path"), ROUTES)
def test_a_route_does_not_print_its_token(route: Route, method: str, path: str) -> None:
    assert TOKEN.reveal() not in f"{route!r} {route}"


@pytest.mark.parametrize("bad", NOT_SNOWFLAKES)
def test_a_bad_id_makes_no_route(bad: str) -> None:
    with pytest.raises(PortRejectedError, match="not a snowflake"):
        routes.callback(bad, TOKEN)
    with pytest.raises(PortRejectedError, match="not a snowflake"):
        bot_routes.message("PATCH", ID, bad)
    with pytest.raises(PortRejectedError, match="not a snowflake"):
        bot_routes.commands("PUT", ID, bad)


@pytest.mark.parametrize("bad", NOT_TOKENS)
def test_a_bad_token_makes_no_route(bad: str) -> None:
    with pytest.raises(PortRejectedError):
        routes.edit_followup(ID, Secret(bad), "@original")


def test_interactions_have_their_own_limits_and_guilds_theirs() -> None:
    assert routes.create_followup(ID, TOKEN).major == TOKEN.reveal()
    assert bot_routes.member_role("PUT", GUILD, ID, ID).major == GUILD
    assert bot_routes.create_message(ID).major == ID
