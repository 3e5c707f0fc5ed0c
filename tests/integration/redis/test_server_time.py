import pytest

from gpadapters.redis.admission_store import RedisAdmissionStore
from gpadapters.redis.claim_store import RedisClaimStore
from gpadapters.redis.client import RedisClient
from gpadapters.redis.session_store import RedisSessionStore
from gpcore.domain.limit_rules import CooldownRule, Rule, WindowRule

pytestmark = pytest.mark.integration

HOUR_US = 3600 * 1_000_000
RULES: tuple[Rule, ...] = (
    WindowRule(key="rl:x", limit=1, window_us=HOUR_US),
    CooldownRule(key="cd:x", duration_us=HOUR_US),
)


async def server_now(client: RedisClient) -> int:
    reply = await client.execute("TIME")
    assert isinstance(reply, list)
    seconds, microseconds = map(int, reply)
    return seconds * 1_000_000 + microseconds


async def test_without_a_clock_the_server_tells_the_time(redis_client: RedisClient, redis_prefix: str) -> None:
    before = await server_now(redis_client)
    decision = await RedisAdmissionStore(redis_client, redis_prefix).admit(RULES, nonce="x")
    session = await RedisSessionStore(redis_client, redis_prefix).create("form", "1", b"", ttl_us=HOUR_US)
    after = await server_now(redis_client)

    assert before <= decision.now_us <= session.created_at_us <= after
    assert decision.reset_after_us == HOUR_US


async def test_times_are_stored_to_the_microsecond(redis_client: RedisClient, redis_prefix: str) -> None:
    # Lua's own conversion to text keeps 14 digits of the 16.
    decision = await RedisAdmissionStore(redis_client, redis_prefix).admit(RULES, nonce="x")

    assert await redis_client.execute("ZSCORE", f"{redis_prefix}rl:x", "x:1") == str(decision.now_us).encode()
    until = str(decision.now_us + HOUR_US).encode()
    assert await redis_client.execute("GET", f"{redis_prefix}cd:x") == until + b":x"


async def test_a_claim_lapses_by_the_server_clock(redis_client: RedisClient, redis_prefix: str) -> None:
    store = RedisClaimStore(redis_client, redis_prefix)
    await store.claim("7", owner="a", lease_us=HOUR_US, max_attempts=6)

    busy = await store.claim("7", owner="b", lease_us=HOUR_US, max_attempts=6)

    assert HOUR_US - 60_000_000 < busy.retry_after_us <= HOUR_US


async def test_a_key_lives_a_minute_longer_than_what_it_holds(redis_client: RedisClient, redis_prefix: str) -> None:
    await RedisAdmissionStore(redis_client, redis_prefix).admit(RULES, nonce="x")
    claims = RedisClaimStore(redis_client, redis_prefix)
    ticket = (await claims.claim("7", owner="a", lease_us=1, max_attempts=1)).ticket
    await claims.extend([ticket], lease_us=48 * HOUR_US)
    sessions = RedisSessionStore(redis_client, redis_prefix)
    session = await sessions.create("form", "1", b"", ttl_us=1_000_000)
    await sessions.replace("form", "1", b"", expected_version=session.version, extend_us=HOUR_US)

    hours = {"rl:x": 1, "cd:x": 1, "event:processed:7": 48, "sess:form:1": 1}
    lifetimes = {key: await redis_client.execute("PTTL", redis_prefix + key) for key in hours}

    for key, lifetime in lifetimes.items():
        assert isinstance(lifetime, int)
        assert 0 <= hours[key] * 3_600_000 + 60_001 - lifetime < 60_000, key
