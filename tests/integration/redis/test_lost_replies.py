"""Replies that are lost on the way back: nothing of claims and sessions happens twice."""

from pathlib import Path
from random import Random

import pytest

from gpadapters.redis.claim_store import RedisClaimStore
from gpadapters.redis.session_store import RedisSessionStore
from gpcore.domain.claims import Completion, Progress, Verdict
from gpcore.errors import PortUnavailableError
from tests.servers.dropping_proxy import DroppingProxy, dropping_proxy
from tests.servers.redis import connected
from tests.servers.redis_process import RedisProcess

pytestmark = pytest.mark.integration

HOUR_US = 3600 * 1_000_000
OWNED = {Verdict.CLAIMED, Verdict.OWNED}


def perhaps_lose_the_next(proxy: DroppingProxy, random: Random) -> bool:
    proxy.drop_replies = int(random.random() < 0.5)
    return bool(proxy.drop_replies)


@pytest.mark.parametrize("seed", range(5))
async def test_i13_claims_whose_replies_are_lost_are_made_once(
    redis_server: RedisProcess, tmp_path: Path, seed: int
) -> None:
    random = Random(seed)
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url), connected(url) as client:
        store = RedisClaimStore(client)
        for one in map(str, range(20)):
            lost = perhaps_lose_the_next(proxy, random)
            result = await store.claim(one, owner="a", lease_us=HOUR_US, max_attempts=6)
            assert result.verdict is (Verdict.OWNED if lost else Verdict.CLAIMED) or one == "0"
            assert (result.ticket.fence, result.attempts) == (1, 1)
            perhaps_lose_the_next(proxy, random)
            assert await store.note(result.ticket, Progress.ANSWERING)
            perhaps_lose_the_next(proxy, random)
            assert await store.extend([result.ticket], lease_us=HOUR_US) == [True]
            perhaps_lose_the_next(proxy, random)
            if random.random() < 0.5:
                assert await store.release(result.ticket, give_back_attempt=True)
                perhaps_lose_the_next(proxy, random)
                again = await store.claim(one, owner="b", lease_us=HOUR_US, max_attempts=6)
                assert again.verdict in OWNED
                assert (again.ticket.fence, again.attempts, again.progress) == (2, 1, Progress.ANSWERING)
            else:
                assert await store.complete(result.ticket) is Completion.OK

        assert proxy.connections > 10


@pytest.mark.parametrize("seed", range(5))
async def test_s1_a_session_write_whose_reply_is_lost_is_never_made_twice(
    redis_server: RedisProcess, tmp_path: Path, seed: int
) -> None:
    random = Random(seed)
    unknown = 0
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url), connected(url) as client:
        store = RedisSessionStore(client)
        session = await store.create("count", "1", b"0", ttl_us=HOUR_US)
        written = 0
        for _ in range(40):
            lost = perhaps_lose_the_next(proxy, random)
            try:
                after = await store.replace("count", "1", b"", expected_version=session.version + written)
            except PortUnavailableError:
                assert lost
                unknown += 1
                now = await store.read("count", "1")
                assert now is not None
                # Made or not, but not more than once; whoever wants to know reads.
                assert now.version - session.version - written in {0, 1}
                written = now.version - session.version
            else:
                assert after is not None
                written += 1

        assert unknown > 5
