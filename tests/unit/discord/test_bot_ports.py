from collections.abc import AsyncIterator

import pytest

from gpadapters.discord.bot_api import BotApi
from gpadapters.discord.channels import HttpChannels
from gpadapters.discord.command_registry import HttpCommandRegistry
from gpadapters.discord.members import HttpMembers
from gpadapters.discord.messages import HttpMessages
from gpadapters.simulator.faults import InjectedFault
from gpcore.domain.messages import OutgoingMessage
from gpcore.domain.metrics import LIMIT_WAITS
from gpcore.errors import ConfigurationError, PortRejectedError, PortThrottledError, PortUnavailableError
from tests.contracts.channels import ChannelsContract
from tests.contracts.command_registry import CommandRegistryContract
from tests.contracts.members import GUILD, MEMBER, ROLE, MembersContract
from tests.contracts.messages import CHANNEL, MessagesContract
from tests.unit.discord.http_world import BOT_TOKEN, HttpChannelWorld, HttpWorld, http_world, settings


@pytest.fixture
def members(world: HttpWorld) -> HttpMembers:
    world.simulator.register_member(GUILD, MEMBER)
    return HttpMembers(world.api)


class TestHttpMembers(MembersContract):
    pass


class TestHttpMessages(MessagesContract):
    @pytest.fixture
    async def world(self) -> AsyncIterator[HttpChannelWorld]:
        async with http_world() as made:
            yield HttpChannelWorld(made.simulator, HttpMessages(made.api))


class TestHttpChannels(ChannelsContract):
    @pytest.fixture
    def channels(self, world: HttpWorld) -> HttpChannels:
        return HttpChannels(world.api)

    @pytest.fixture
    async def message_id(self, world: HttpWorld) -> str:
        return (await HttpMessages(world.api).send(CHANNEL, OutgoingMessage(content="hello"))).id


class TestHttpCommandRegistry(CommandRegistryContract):
    @pytest.fixture
    def registry(self, world: HttpWorld) -> HttpCommandRegistry:
        return HttpCommandRegistry(world.api, world.settings)


async def test_without_a_bot_token_the_error_says_what_to_set(world: HttpWorld) -> None:
    api = BotApi(world.exchange, world.gate, settings(world.simulator.url, bot_token=None), world.clock)

    with pytest.raises(ConfigurationError, match="DISCORD_BOT_TOKEN"):
        await HttpMembers(api).add_role(GUILD, MEMBER, ROLE)

    assert world.requests() == 0


async def test_after_a_refused_bot_token_nothing_more_is_sent(world: HttpWorld) -> None:
    api = BotApi(world.exchange, world.gate, settings(world.simulator.url, bot_token="another-token"), world.clock)

    for _ in range(3):
        with pytest.raises(ConfigurationError, match="DISCORD_BOT_TOKEN"):
            await HttpMembers(api).add_role(GUILD, MEMBER, ROLE)

    assert world.statuses() == [401]


async def test_an_expired_interaction_says_nothing_about_the_bot_token(world: HttpWorld, members: HttpMembers) -> None:
    world.simulator.inject(InjectedFault(kind="error", status=401, code=50027, message="Invalid Webhook Token"))
    given = world.interaction()
    with pytest.raises(PortRejectedError):
        await world.followups.create(given.token, OutgoingMessage(content="x"))

    await members.add_role(GUILD, MEMBER, ROLE)

    assert world.simulator.roles_of(GUILD, MEMBER) == frozenset({ROLE})


async def test_a_role_call_is_repeated_after_a_lost_answer(world: HttpWorld, members: HttpMembers) -> None:
    world.simulator.inject(InjectedFault(kind="error_after", status=503))

    await members.add_role(GUILD, MEMBER, ROLE)

    assert world.statuses() == [503, 204]


async def test_a_message_without_a_nonce_is_not_repeated(world: HttpWorld) -> None:
    world.simulator.inject(InjectedFault(kind="error_after", status=500))

    with pytest.raises(PortUnavailableError):
        await HttpMessages(world.api).send(CHANNEL, OutgoingMessage(content="hello"))

    assert world.simulator.contents(CHANNEL) == ["hello"]


async def test_a_message_with_a_nonce_is_repeated_and_sent_once(world: HttpWorld) -> None:
    world.simulator.inject(InjectedFault(kind="disconnect_after"))

    await HttpMessages(world.api).send(CHANNEL, OutgoingMessage(content="hello"), nonce="n")

    assert world.simulator.contents(CHANNEL) == ["hello"]
    assert len(world.simulator.requests) == 2


async def test_a_thread_is_not_started_twice(world: HttpWorld) -> None:
    world.simulator.inject(InjectedFault(kind="error_after", status=500))

    with pytest.raises(PortUnavailableError):
        await HttpChannels(world.api).start_thread(CHANNEL, "more")

    assert world.statuses() == [500]


async def test_a_global_limit_holds_every_call_of_the_bot(world: HttpWorld, members: HttpMembers) -> None:
    world.simulator.inject(InjectedFault(kind="429_global", seconds=30.0))
    with pytest.raises(PortThrottledError):
        await members.add_role(GUILD, MEMBER, ROLE)

    with pytest.raises(PortThrottledError) as caught:
        await HttpChannels(world.api).fetch(CHANNEL)

    assert caught.value.retry_after == pytest.approx(30.0, abs=0.01)
    assert world.requests() == 1


async def test_a_global_limit_of_the_bot_does_not_hold_interactions(world: HttpWorld, members: HttpMembers) -> None:
    world.simulator.inject(InjectedFault(kind="429_global", seconds=30.0))
    with pytest.raises(PortThrottledError):
        await members.add_role(GUILD, MEMBER, ROLE)
    given = world.interaction()

    with pytest.raises(PortRejectedError):
        await world.followups.create(given.token, OutgoingMessage(content="x"))

    assert world.requests() == 2


async def test_calls_of_one_guild_are_paced_so_that_discord_never_refuses(
    world: HttpWorld, members: HttpMembers
) -> None:
    for number in range(25):
        await members.add_role(GUILD, MEMBER, str(int(ROLE) + number))

    assert set(world.statuses()) == {204}
    assert world.clock.monotonic() > 0
    [waits] = [waits for (name, *_), waits in world.telemetry.observations.items() if name == LIMIT_WAITS.name]
    assert all(seconds > 0 for seconds in waits)
    assert len(waits) < 25


async def test_the_reason_reaches_the_audit_log_header(world: HttpWorld, members: HttpMembers) -> None:
    await members.add_role(GUILD, MEMBER, ROLE, reason="Grüße – 1/2")

    assert "x-audit-log-reason" in world.simulator.requests[0].headers


def test_the_bot_token_is_not_in_the_settings_repr() -> None:
    assert BOT_TOKEN not in repr(settings("https://discord.com/api/v10"))
