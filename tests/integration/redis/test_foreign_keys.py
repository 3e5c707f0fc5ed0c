"""Keys that another system wrote under our names are understood or replaced, never an error."""

import pytest

from gpadapters.redis.admission_store import RedisAdmissionStore
from gpadapters.redis.claim_store import RedisClaimStore
from gpadapters.redis.client import RedisClient
from gpadapters.redis.session_store import RedisSessionStore
from gpcore.domain.claims import Completion, Progress, Ticket, Verdict
from gpcore.domain.limit_rules import CooldownRule, CounterRule, GcraRule, Rule, WindowRule

pytestmark = pytest.mark.integration

HOUR_US = 3600 * 1_000_000
WINDOW = WindowRule(key="rl:x", limit=1, window_us=HOUR_US)
COUNTER = CounterRule(key="rl:x", limit=1, window_us=HOUR_US)
GCRA = GcraRule(key="rl:x", interval_us=HOUR_US)
COOLDOWN = CooldownRule(key="cd:x", duration_us=HOUR_US)

SHAPES = {
    "a string": ("SET", "1"),
    "a time": ("SET", "1795435207405"),
    "a hash": ("HSET", "data", "{}"),
    "a list": ("RPUSH", "1795435207405"),
    "a set": ("SADD", "x"),
    "a sorted set of milliseconds": ("ZADD", "1795435207405", "1795435207405-0.5"),
}


@pytest.fixture(params=list(SHAPES))
def shape(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return SHAPES[request.param]


async def seeded(client: RedisClient, key: str, shape: tuple[str, ...]) -> None:
    command, *values = shape
    await client.execute(command, key, *values)
    await client.execute("PEXPIRE", key, 60_000)


@pytest.mark.parametrize("rule", [WINDOW, COUNTER, GCRA, COOLDOWN], ids=["window", "counter", "gcra", "cooldown"])
async def test_a_foreign_limit_or_cooldown_is_replaced(
    redis_client: RedisClient, redis_prefix: str, shape: tuple[str, ...], rule: Rule
) -> None:
    store = RedisAdmissionStore(redis_client, redis_prefix)
    await seeded(redis_client, redis_prefix + rule.key, shape)

    looked = await store.peek([rule])
    await store.refund([rule], nonce="mine")
    first = await store.admit([rule], nonce="mine")
    second = await store.admit([rule], nonce="yours")

    assert [looked.allowed, first.allowed, second.allowed] == [True, True, False]


async def test_a_foreign_claim_means_done(redis_client: RedisClient, redis_prefix: str, shape: tuple[str, ...]) -> None:
    store = RedisClaimStore(redis_client, redis_prefix)
    key = f"{redis_prefix}event:processed:7"
    await seeded(redis_client, key, shape)
    before = await redis_client.execute("DUMP", key)
    ticket = Ticket(claim_id="7", owner="", fence=0)

    assert (await store.claim("7", owner="a", lease_us=1, max_attempts=1)).verdict is Verdict.DONE
    assert await store.complete(ticket) is Completion.ALREADY
    assert not await store.note(ticket, Progress.ANSWERED)
    assert not await store.release(ticket)
    assert await store.extend([ticket], lease_us=1) == [False]
    assert await redis_client.execute("DUMP", key) == before


async def test_a_foreign_session_is_missing_and_replaced_by_a_new_one(
    redis_client: RedisClient, redis_prefix: str, shape: tuple[str, ...]
) -> None:
    store = RedisSessionStore(redis_client, redis_prefix)
    key = f"{redis_prefix}sess:form:1"
    await seeded(redis_client, key, shape)
    before = await redis_client.execute("DUMP", key)

    assert await store.read("form", "1") is None
    assert await store.replace("form", "1", b"", expected_version=1) is None
    assert not await store.delete("form", "1")
    assert await redis_client.execute("DUMP", key) == before

    session = await store.create("form", "1", b"mine", ttl_us=HOUR_US)
    assert await store.read("form", "1") == session
