import pytest

from gpadapters.discord.brake import Brake
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.fleet_gate import FleetGate
from gpadapters.discord.probe import DiscordProbe
from gpadapters.discord.settings import DiscordSettings
from gpadapters.discord.transport import DiscordTransport
from gpadapters.memory.request_limiter import InMemoryRequestLimiter
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.simulator.faults import InjectedFault
from gpcore.domain.secrets import Secret
from gpcore.errors import ConfigurationError
from tests.settable_clock import SettableClock
from tests.unit.discord.http_world import APPLICATION, BOT_TOKEN, HttpWorld, settings


def a_probe(world: HttpWorld, *, bot_token: str | None = BOT_TOKEN) -> DiscordProbe:
    return DiscordProbe(world.exchange, world.gate, settings(world.simulator.url, bot_token=bot_token), world.clock)


async def test_without_a_bot_token_it_asks_for_the_gateway(world: HttpWorld) -> None:
    result = await a_probe(world, bot_token=None).check()

    assert (result.name, result.ok, result.required) == ("discord", True, False)
    assert "without a bot token" in result.detail
    assert [request.template for request in world.simulator.requests] == ["/gateway"]


async def test_with_a_bot_token_it_asks_whose_it_is(world: HttpWorld) -> None:
    result = await a_probe(world).check()

    assert result.ok
    assert result.detail.endswith("as gp-demo")


async def test_a_refused_bot_token_is_told_with_what_to_do(world: HttpWorld) -> None:
    result = await a_probe(world, bot_token="another").check()

    assert (result.ok, result.required) == (False, False)
    assert "DISCORD_BOT_TOKEN" in result.detail
    assert "another" not in result.detail


async def test_a_token_that_the_fleet_knows_to_be_refused_is_not_tried_again(world: HttpWorld) -> None:
    first = await a_probe(world, bot_token="another").check()
    again = await a_probe(world, bot_token="another").check()

    assert (first.ok, again.ok) == (False, False)
    assert world.statuses() == [401]


async def test_it_takes_a_place_in_the_fleets_limits_and_waits_a_second_at_most(world: HttpWorld) -> None:
    world.simulator.inject(InjectedFault(kind="429_global", seconds=30.0))
    first = await a_probe(world).check()
    again = await a_probe(world).check()

    assert (first.ok, again.ok) == (False, False)
    assert (world.statuses(), world.clock.monotonic() <= 1.0) == ([429], True)


async def test_a_discord_that_cannot_be_reached_is_no_exception(unused_port: int) -> None:
    chosen = settings(f"http://127.0.0.1:{unused_port}/api/v10")
    async with DiscordTransport(chosen) as transport:
        clock = SettableClock()
        limiter = InMemoryRequestLimiter(clock)
        exchange = DiscordExchange(transport, Brake(clock), InMemoryTelemetry())
        result = await DiscordProbe(exchange, FleetGate(limiter, limiter), chosen, clock).check()

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
