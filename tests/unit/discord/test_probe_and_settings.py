import pytest

from gpadapters.discord.brake import Brake
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.probe import DiscordProbe
from gpadapters.discord.settings import DiscordSettings
from gpadapters.discord.transport import DiscordTransport
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpcore.domain.secrets import Secret
from gpcore.errors import ConfigurationError
from tests.settable_clock import SettableClock
from tests.unit.discord.http_world import APPLICATION, HttpWorld, settings


async def test_without_a_bot_token_it_asks_for_the_gateway(world: HttpWorld) -> None:
    result = await DiscordProbe(world.exchange, settings(world.simulator.url, bot_token=None)).check()

    assert (result.name, result.ok, result.required) == ("discord", True, False)
    assert "without a bot token" in result.detail
    assert [request.template for request in world.simulator.requests] == ["/gateway"]


async def test_with_a_bot_token_it_asks_whose_it_is(world: HttpWorld) -> None:
    result = await DiscordProbe(world.exchange, world.settings).check()

    assert result.ok
    assert result.detail.endswith("as gp-demo")


async def test_a_refused_bot_token_is_told_with_what_to_do(world: HttpWorld) -> None:
    result = await DiscordProbe(world.exchange, settings(world.simulator.url, bot_token="another")).check()

    assert (result.ok, result.required) == (False, False)
    assert "DISCORD_BOT_TOKEN" in result.detail
    assert "another" not in result.detail


async def test_a_discord_that_cannot_be_reached_is_no_exception(unused_port: int) -> None:
    chosen = settings(f"http://127.0.0.1:{unused_port}/api/v10")
    async with DiscordTransport(chosen) as transport:
        exchange = DiscordExchange(transport, Brake(SettableClock()), InMemoryTelemetry())
        result = await DiscordProbe(exchange, chosen).check()

    assert not result.ok
    assert "Connection refused" in result.detail


def test_every_faulty_setting_is_told_at_once_without_the_token() -> None:
    with pytest.raises(ConfigurationError) as caught:
        DiscordSettings(
            application_id="12",
            api_url="https://user:pw@discord.com/api/v10",
            bot_token=Secret("with\nnewline"),
            user_agent="é",
        )

    assert len(caught.value.faults) == 4
    assert "newline" not in str(caught.value)
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize("url", ["", "discord.com/api", "ftp://discord.com", "https://", "https://discord.com/api?x=1"])
def test_an_address_that_no_request_can_go_to_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="DISCORD_API_URL"):
        DiscordSettings(application_id=APPLICATION, api_url=url)


def test_the_default_is_discords_own_address_with_its_version() -> None:
    assert DiscordSettings(application_id=APPLICATION).api_url == "https://discord.com/api/v10"
