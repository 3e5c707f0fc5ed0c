"""What the server sees of a worker: two connections, and every command as often as it was asked for."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from gpadapters.redis import RedisStores, open_stores
from gpadapters.redis.settings import RedisSettings
from gpcore.domain.claims import Progress, Ticket
from gpcore.domain.limit_rules import CooldownRule
from gpcore.domain.secrets import Secret
from gpcore.errors import PortUnavailableError
from tests.servers.dropping_proxy import dropping_proxy
from tests.servers.redis import connected
from tests.servers.redis_process import RedisProcess

pytestmark = pytest.mark.integration

HOUR_US = 3600 * 1_000_000
TICKET = Ticket(claim_id="7", owner="a", fence=1)
RULES = [CooldownRule(key="cd:x", duration_us=HOUR_US)]

Call = Callable[[RedisStores], Awaitable[object]]

REPEATED: dict[str, Call] = {
    "admit": lambda stores: stores.admissions.admit(RULES, nonce="x"),
    "peek": lambda stores: stores.admissions.peek(RULES),
    "refund": lambda stores: stores.admissions.refund(RULES, nonce="x"),
    "claim": lambda stores: stores.claims.claim("7", owner="a", lease_us=HOUR_US, max_attempts=6),
    "note": lambda stores: stores.claims.note(TICKET, Progress.DEFERRED),
    "extend": lambda stores: stores.claims.extend([TICKET], lease_us=HOUR_US),
    "complete": lambda stores: stores.claims.complete(TICKET),
    "release": lambda stores: stores.claims.release(TICKET),
    "read": lambda stores: stores.sessions.read("form", "1"),
}
"""Calls that doing twice does no harm, so that they are repeated once after their connection broke."""

SENT_ONCE: dict[str, Call] = {
    "create": lambda stores: stores.sessions.create("form", "1", b"", ttl_us=HOUR_US),
    "replace": lambda stores: stores.sessions.replace("form", "1", b"", expected_version=1),
    "delete": lambda stores: stores.sessions.delete("form", "1"),
    "reset": lambda stores: stores.admissions.reset(RULES),
}
"""Calls whose caller must decide itself whether to ask again."""

CALLS = {**REPEATED, **SENT_ONCE}


@pytest.mark.parametrize("name", CALLS)
async def test_a_call_is_sent_once_and_again_only_if_its_connection_broke_and_that_does_no_harm(
    redis_server: RedisProcess, tmp_path: Path, name: str
) -> None:
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url), open_stores(url) as stores:
        await CALLS[name](stores)  # The server knows the script now.
        proxy.requests.clear()

        await CALLS[name](stores)
        assert commands(proxy.requests) == 1

        proxy.requests.clear()
        proxy.drop_replies = 1
        with suppress(PortUnavailableError):
            await CALLS[name](stores)
        assert commands(proxy.requests) == (2 if name in REPEATED else 1)


@pytest.mark.parametrize("name", CALLS)
async def test_a_call_whose_reply_never_comes_is_given_up_without_a_second_try(
    redis_server: RedisProcess, tmp_path: Path, name: str
) -> None:
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url), open_stores(url) as stores:
        await CALLS[name](stores)
        proxy.requests.clear()
        proxy.drop_replies = 0
        proxy.hold.clear()

        call = asyncio.ensure_future(CALLS[name](stores))
        while not commands(proxy.requests):
            await asyncio.sleep(0.001)
        if name in {"extend", "complete", "release"}:
            # In the background nobody waits, and it may take five seconds.
            call.cancel()
        await asyncio.wait([call])

        assert call.cancelled() or isinstance(call.exception(), PortUnavailableError)
        assert commands(proxy.requests) == 1
        proxy.hold.set()


async def test_however_many_ask_at_once_there_are_two_connections(redis_server: RedisProcess) -> None:
    async with open_stores(redis_server.url) as stores, connected(redis_server.unix_url) as admin:
        await stores.probe.check()
        results = await asyncio.gather(
            *(stores.claims.claim(str(number), owner="a", lease_us=HOUR_US, max_attempts=6) for number in range(50))
        )
        await asyncio.gather(*(stores.claims.complete(result.ticket) for result in results))
        await asyncio.gather(*(stores.sessions.read("form", str(number)) for number in range(50)))

        listed = await admin.execute("CLIENT", "LIST")
    assert isinstance(listed, bytes)
    assert listed.count(b"laddr=127.0.0.1:%d " % redis_server.port) == 2


def test_an_interaction_never_waits_longer_than_a_quarter_of_a_second_for_the_state() -> None:
    assert 0.1 <= RedisSettings(url=Secret("redis://h")).hot_timeout <= 0.25


def commands(requests: list[bytes]) -> int:
    """Count the scripts and deletions among what was sent."""
    sent = b"".join(requests)
    return sent.count(b"$7\r\nEVALSHA\r\n") + sent.count(b"$4\r\nEVAL\r\n") + sent.count(b"$3\r\nDEL\r\n")
