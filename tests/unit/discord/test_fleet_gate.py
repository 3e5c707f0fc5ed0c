from collections.abc import AsyncIterator

import pytest

from gpadapters.discord.answers import Answer
from gpadapters.discord.bot_api import BotApi
from gpadapters.discord.brake import Brake
from gpadapters.discord.channels import HttpChannels
from gpadapters.discord.egress_watch import EgressWatch
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.fleet_gate import FleetGate, _window
from gpadapters.discord.members import HttpMembers
from gpadapters.memory.request_limiter import InMemoryRequestLimiter
from gpadapters.simulator.faults import FaultKind, InjectedFault
from gpcore.domain.messages import Callback, CallbackType, OutgoingMessage
from gpcore.domain.request_pacing import MOST_PER_SECOND, Ask, Permit, Target
from gpcore.errors import ConfigurationError, PortRejectedError, PortThrottledError
from tests.contracts.members import GUILD, MEMBER, ROLE
from tests.contracts.messages import CHANNEL
from tests.settable_clock import SECOND
from tests.unit.discord.http_world import HttpWorld, http_world, settings

OTHER_GUILD = "849255963033731075"
OTHER_ROLE = str(int(ROLE) + 1)


class Worker:
    """Another worker of the fleet: its own process memory, the same limiter."""

    def __init__(self, world: HttpWorld, *, bot_token: str | None = None) -> None:
        self.lone = InMemoryRequestLimiter(world.clock, most_per_second=1)
        self.gate = FleetGate(world.limiter, self.lone)
        chosen = world.settings if bot_token is None else settings(world.simulator.url, bot_token=bot_token)
        api = BotApi(world.exchange, self.gate, chosen, world.clock)
        self.members, self.channels = HttpMembers(api), HttpChannels(api)


@pytest.fixture
async def world() -> AsyncIterator[HttpWorld]:
    async with http_world(open_to_strangers=True) as made:
        made.simulator.register_member(GUILD, MEMBER)
        made.simulator.register_member(OTHER_GUILD, MEMBER)
        yield made


async def test_what_one_worker_learns_holds_for_all(world: HttpWorld) -> None:
    one, two = Worker(world), Worker(world)

    for number in range(30):
        worker = one if number % 2 else two
        await worker.members.add_role(GUILD, MEMBER, str(int(ROLE) + number))

    assert set(world.statuses()) == {204}


async def test_a_token_that_one_worker_saw_refused_is_sent_by_none_until_it_is_another(world: HttpWorld) -> None:
    one, two = Worker(world, bot_token="wrong-token"), Worker(world, bot_token="wrong-token")
    with pytest.raises(ConfigurationError):
        await one.members.add_role(GUILD, MEMBER, ROLE)

    with pytest.raises(ConfigurationError, match="DISCORD_BOT_TOKEN"):
        await two.channels.fetch(CHANNEL)
    await Worker(world).members.add_role(GUILD, MEMBER, ROLE)

    assert world.statuses() == [401, 204]


async def test_what_is_forbidden_is_asked_once_a_minute_and_told_with_discords_code(world: HttpWorld) -> None:
    world.simulator.inject(InjectedFault(kind="error", status=403, code=50013, message="Missing", template="/roles"))
    for _ in range(3):
        with pytest.raises(PortRejectedError) as caught:
            await Worker(world).members.add_role(GUILD, MEMBER, ROLE)
        assert caught.value.code == 50013
    await Worker(world).members.add_role(GUILD, MEMBER, OTHER_ROLE)
    await world.clock.sleep(60.0)
    await Worker(world).members.add_role(GUILD, MEMBER, ROLE)

    assert world.statuses() == [403, 204, 204]


async def test_a_shared_429_holds_one_guild_and_no_other(world: HttpWorld) -> None:
    world.simulator.inject(InjectedFault(kind="429_shared", seconds=30.0))
    with pytest.raises(PortThrottledError):
        await Worker(world).members.add_role(GUILD, MEMBER, ROLE)

    with pytest.raises(PortThrottledError):
        await Worker(world).members.add_role(GUILD, MEMBER, OTHER_ROLE)
    await Worker(world).members.add_role(OTHER_GUILD, MEMBER, ROLE)

    assert world.statuses() == [429, 204]
    assert world.simulator.invalid_requests == 0


async def test_d3_interactions_neither_wait_for_the_global_limit_nor_use_it_up(world: HttpWorld) -> None:
    world.simulator.inject(InjectedFault(kind="429_global", seconds=600.0))
    with pytest.raises(PortThrottledError):
        await Worker(world).members.add_role(GUILD, MEMBER, ROLE)
    world.limiter.unavailable = True

    for _ in range(2 * MOST_PER_SECOND):
        given = world.interaction()
        await world.responder.respond(given.id, given.token, Callback(type=CallbackType.DEFERRED_MESSAGE), timeout=1.0)
        await world.followups.edit(given.token, OutgoingMessage(content="done"))

    assert world.clock.monotonic() == 0.0
    assert all("authorization" not in request.headers for request in world.simulator.requests[1:])


async def test_without_the_fleets_limiter_a_worker_takes_its_own_share(world: HttpWorld) -> None:
    worker = Worker(world)
    await worker.members.add_role(GUILD, MEMBER, ROLE)
    world.limiter.unavailable = True

    for number in range(4):
        await worker.members.add_role(GUILD, MEMBER, str(int(ROLE) + number))

    assert set(world.statuses()) == {204}
    assert world.clock.monotonic() == pytest.approx(3.0)


async def test_a_worker_alone_still_knows_the_buckets_that_it_heard_of(world: HttpWorld) -> None:
    worker = Worker(world)
    for number in range(10):
        await worker.members.add_role(GUILD, MEMBER, str(int(ROLE) + number))
    world.limiter.unavailable = True

    await worker.members.add_role(GUILD, MEMBER, ROLE)

    assert set(world.statuses()) == {204}


async def test_d9_a_call_that_would_wait_too_long_fails_at_once(world: HttpWorld) -> None:
    world.simulator.inject(InjectedFault(kind="429_user", seconds=world.settings.longest_wait + 1))

    with pytest.raises(PortThrottledError) as caught:
        await Worker(world).members.add_role(GUILD, MEMBER, ROLE)

    assert world.clock.monotonic() == 0.0
    assert caught.value.retry_after > world.settings.longest_wait


@pytest.mark.parametrize("kind", ["429_edge_html", "429_edge_text", "429_edge_json"])
async def test_a_block_of_the_edge_stops_everybody_behind_the_address(world: HttpWorld, kind: FaultKind) -> None:
    brakes = Brake(world.clock), Brake(world.clock)
    watches = [EgressWatch(brake, world.ledger, world.clock) for brake in brakes]
    exchanges = [
        DiscordExchange(world.transport, brake, world.telemetry, watch)
        for brake, watch in zip(brakes, watches, strict=True)
    ]
    apis = [BotApi(exchange, world.gate, world.settings, world.clock) for exchange in exchanges]
    world.simulator.inject(InjectedFault(kind=kind, seconds=60.0))
    with pytest.raises(PortThrottledError):
        await HttpMembers(apis[0]).add_role(GUILD, MEMBER, ROLE)
    for watch in watches:
        watch.look_soon()
        await watch.looked()

    with pytest.raises(PortThrottledError, match="blocks this address"):
        await HttpMembers(apis[1]).add_role(GUILD, MEMBER, ROLE)

    assert world.requests() == 1


@pytest.mark.parametrize(
    ("header", "value"),
    [("X-RateLimit-Reset", "soon"), ("X-RateLimit-Reset", "-1"), ("X-RateLimit-Bucket", "")],
)
def test_headers_that_say_nothing_sensible_are_not_learned(header: str, value: str) -> None:
    headers = {
        "x-ratelimit-bucket": "abc",
        "x-ratelimit-limit": "5",
        "x-ratelimit-remaining": "4",
        "x-ratelimit-reset-after": "1.5",
        "x-ratelimit-reset": "1795435207.405",
    }
    assert _window(Answer(status=200, headers=headers)) is not None

    assert _window(Answer(status=200, headers={**headers, header.lower(): value})) is None


async def test_no_path_and_no_token_reaches_the_limiter(world: HttpWorld) -> None:
    asked: list[Ask] = []

    class Listening(InMemoryRequestLimiter):
        async def reserve(self, ask: Ask) -> Permit:
            asked.append(ask)
            return await super().reserve(ask)

    limiter = Listening(world.clock)
    await HttpMembers(BotApi(world.exchange, FleetGate(limiter, limiter), world.settings, world.clock)).add_role(
        GUILD, MEMBER, ROLE
    )

    told: Target = asked[0].target
    assert world.settings.bot_token is not None
    assert world.settings.bot_token.reveal() not in repr(told)
    assert MEMBER not in repr(told)
    assert asked[0].patience_us == world.settings.longest_wait * SECOND
