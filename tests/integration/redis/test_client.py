import asyncio
import socket
from pathlib import Path
from random import Random

import pytest

from gpadapters.redis.admission_store import RedisAdmissionStore
from gpadapters.redis.client import RedisClient
from gpadapters.redis.scripts import Script
from gpadapters.redis.session_store import RedisSessionStore
from gpadapters.redis.settings import RedisSettings
from gpcore.domain.limit_rules import CooldownRule, CounterRule, Rule, WindowRule
from gpcore.domain.secrets import Secret
from gpcore.errors import ConfigurationError, PortRejectedError, PortTimeoutError, PortUnavailableError
from tests.servers.dropping_proxy import DroppingProxy, dropping_proxy
from tests.servers.redis import connected
from tests.servers.redis_process import RedisProcess

pytestmark = pytest.mark.integration

HOUR_US = 3600 * 1_000_000
RULE = WindowRule(key="rl:x", limit=10, window_us=HOUR_US)


async def test_works_over_tcp_as_over_a_unix_socket(redis_server: RedisProcess) -> None:
    for url in (redis_server.url, redis_server.unix_url):
        async with connected(url) as client:
            assert await client.execute("PING") == b"PONG"


async def test_calls_of_one_tick_go_out_together_and_each_gets_its_own_reply(redis_client: RedisClient) -> None:
    replies = await asyncio.gather(*(redis_client.execute("ECHO", str(number)) for number in range(2000)))

    assert replies == [str(number).encode() for number in range(2000)]


async def test_an_error_reply_belongs_to_its_own_command(redis_client: RedisClient, redis_prefix: str) -> None:
    key = redis_prefix + "text"
    set_it, fails, works = await asyncio.gather(
        redis_client.execute("SET", key, "x", "PX", 60_000),
        redis_client.execute("LPUSH", key, "y"),
        redis_client.execute("GET", key),
        return_exceptions=True,
    )

    assert (set_it, works) == (b"OK", b"x")
    assert isinstance(fails, PortRejectedError)
    assert "WRONGTYPE" in str(fails)


async def test_a_caller_that_gives_up_does_not_disturb_the_others(redis_client: RedisClient) -> None:
    given_up = asyncio.create_task(redis_client.execute("ECHO", "given up"))
    kept = asyncio.create_task(redis_client.execute("ECHO", "kept"))
    await asyncio.sleep(0)
    given_up.cancel()

    assert await kept == b"kept"
    assert await redis_client.execute("ECHO", "later") == b"later"


async def test_a_reply_that_nobody_waits_for_any_more_is_passed_over(
    redis_server: RedisProcess, tmp_path: Path
) -> None:
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url), connected(url) as client:
        assert await client.execute("PING") == b"PONG"
        proxy.hold.clear()
        given_up = asyncio.create_task(client.execute("ECHO", "given up"))
        while not any(b"given up" in request for request in proxy.requests):
            await asyncio.sleep(0.001)
        given_up.cancel()
        kept = asyncio.create_task(client.execute("ECHO", "kept"))
        await asyncio.sleep(0)
        proxy.hold.set()

        assert await kept == b"kept"
        assert proxy.connections == 1


async def test_forgotten_scripts_are_sent_again(redis_server: RedisProcess) -> None:
    async with connected(redis_server.unix_url) as client:
        store = RedisAdmissionStore(client)
        for use in range(3):
            await client.execute("SCRIPT", "FLUSH")
            assert (await store.admit([RULE], nonce=str(use))).remaining == RULE.limit - use - 1


async def test_p24_a_lost_reply_is_asked_for_again_and_counted_once(redis_server: RedisProcess, tmp_path: Path) -> None:
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url), connected(url) as client:
        store = RedisAdmissionStore(client)
        await store.admit([RULE], nonce="first")

        proxy.drop_replies = 1
        decision = await store.admit([RULE], nonce="second")

        assert decision.allowed
        assert (await store.peek([RULE])).remaining == RULE.limit - 2
        assert proxy.connections == 2


@pytest.mark.parametrize("seed", range(5))
async def test_p24_replies_lost_at_random_never_count_twice(
    redis_server: RedisProcess, tmp_path: Path, seed: int
) -> None:
    random = Random(seed)
    rules: list[Rule] = [WindowRule(key="rl:x", limit=1000, window_us=HOUR_US), CooldownRule(key="cd:x", duration_us=1)]
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url), connected(url) as client:
        store = RedisAdmissionStore(client)
        for use in range(40):
            if random.random() < 0.4:
                proxy.drop_replies = 1
            elif random.random() < 0.2:
                async with connected(redis_server.unix_url) as other:
                    await other.execute("SCRIPT", "FLUSH")
            assert (await store.admit(rules, nonce=str(use))).allowed
            assert (await store.peek(rules[:1])).remaining == 1000 - use - 1

        assert proxy.connections > 5


async def test_a_decision_with_a_limit_that_remembers_nobody_is_sent_once(
    redis_server: RedisProcess, tmp_path: Path
) -> None:
    counter = CounterRule(key="rl:c", limit=10, window_us=30 * 24 * HOUR_US)
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url), connected(url) as client:
        store = RedisAdmissionStore(client)
        await store.admit([counter], nonce="first")

        proxy.drop_replies = 1
        with pytest.raises(PortUnavailableError):
            await store.admit([counter, RULE], nonce="second")
        proxy.drop_replies = 1
        looked = await store.peek([counter])

        # Sent once: the lost use counts once, and looking may be repeated.
        assert looked.remaining == 8


async def test_a_session_write_whose_reply_was_lost_is_not_repeated(redis_server: RedisProcess, tmp_path: Path) -> None:
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url), connected(url) as client:
        store = RedisSessionStore(client)
        await store.replace("form", "1", b"", expected_version=1)  # The server knows the script now.
        session = await store.create("form", "1", b"one", ttl_us=HOUR_US)

        proxy.drop_replies = 1
        with pytest.raises(PortUnavailableError):
            await store.replace("form", "1", b"two", expected_version=session.version)

        after = await store.read("form", "1")
        assert after is not None
        # Not repeated is not undone: the caller cannot know, and is told so.
        assert (after.version, after.data) == (session.version + 1, b"two")


async def test_a_slow_server_costs_one_timeout_and_no_second_try(redis_server: RedisProcess, tmp_path: Path) -> None:
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url), connected(url, timeout=0.2) as client:
        assert await client.execute("PING") == b"PONG"
        proxy.hold.clear()
        proxy.requests.clear()

        with pytest.raises(PortTimeoutError):
            await RedisAdmissionStore(client).admit([RULE], nonce="slow")

        assert sum(b"EVAL" in request for request in proxy.requests) == 1
        assert proxy.connections == 1
        proxy.hold.set()


async def test_works_again_after_a_restart(redis_server: RedisProcess) -> None:
    async with connected(redis_server.unix_url) as client:
        store, sessions = RedisAdmissionStore(client), RedisSessionStore(client)
        await store.admit([RULE], nonce="before")

        redis_server.kill()
        with pytest.raises(PortUnavailableError):
            await store.admit([RULE], nonce="meanwhile")
        redis_server.start()

        # Nothing was lost between, so even a write that is never repeated succeeds at once.
        await sessions.create("form", "1", b"", ttl_us=HOUR_US)
        assert (await store.admit([RULE], nonce="after")).allowed


async def test_a_connection_closed_while_idle_is_noticed_before_the_next_call(redis_server: RedisProcess) -> None:
    async with connected(redis_server.unix_url) as client, connected(redis_server.unix_url) as other:
        sessions = RedisSessionStore(client)
        await sessions.create("form", "1", b"", ttl_us=HOUR_US)

        await other.execute("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        # Its reply comes after the end of the other stream, so this loop has seen that too.
        await other.execute("PING")

        await sessions.create("form", "1", b"", ttl_us=HOUR_US)


async def test_nobody_listening_is_told_at_once_and_without_credentials(redis_server: RedisProcess) -> None:
    redis_server.stop()
    async with connected(redis_server.url.replace("//", "//user:pass%20word@")) as client:
        with pytest.raises(PortUnavailableError) as refused:
            await client.execute("PING")

        assert f"127.0.0.1:{redis_server.port}" in str(refused.value)
        assert "pass" not in str(refused.value)


async def test_a_full_server_is_unavailable(redis_server: RedisProcess) -> None:
    async with connected(redis_server.unix_url) as client:
        await client.execute("CONFIG", "SET", "maxmemory", "1")

        with pytest.raises(PortUnavailableError, match="OOM"):
            await RedisAdmissionStore(client).admit([RULE], nonce="x")


async def test_a_wrong_password_is_unavailable_and_not_printed(redis_server: RedisProcess) -> None:
    async with connected(redis_server.unix_url) as admin:
        await admin.execute("CONFIG", "SET", "requirepass", "right")
        async with connected(redis_server.url.replace("//", "//:wrong-one@")) as client:
            with pytest.raises(PortUnavailableError, match="user name or password") as refused:
                await client.execute("PING")

            assert "wrong-one" not in str(refused.value)


async def test_a_replica_is_unavailable_and_not_kept(redis_server: RedisProcess) -> None:
    async with connected(redis_server.unix_url) as client:
        await client.execute("REPLICAOF", "127.0.0.1", "1")
        connection = await client.execute("CLIENT", "ID")

        with pytest.raises(PortUnavailableError, match=r"READONLY|MASTERDOWN"):
            await RedisAdmissionStore(client).admit([RULE], nonce="x")

        # Reconnecting may lead to the new master.
        assert await client.execute("CLIENT", "ID") != connection
        await client.execute("REPLICAOF", "NO", "ONE")
        assert (await RedisAdmissionStore(client).admit([RULE], nonce="x")).allowed


async def test_a_broken_script_is_rejected_by_name(redis_client: RedisClient) -> None:
    with pytest.raises(PortRejectedError):
        await redis_client.evaluate(Script("broken", "return redis.call('NOSUCH')", repeatable=True), [], [])


async def test_closing_fails_the_calls_that_wait(redis_server: RedisProcess, tmp_path: Path) -> None:
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url), connected(url) as client:
        assert await client.execute("PING") == b"PONG"
        proxy.hold.clear()
        waiting = asyncio.create_task(client.execute("PING"))
        await asyncio.sleep(0)

        await client.close()

        with pytest.raises(PortUnavailableError):
            await waiting
        with pytest.raises(PortUnavailableError):
            await client.execute("PING")
        proxy.hold.set()


async def test_a_command_does_not_wait_for_the_replies_of_earlier_ones(
    redis_server: RedisProcess, tmp_path: Path
) -> None:
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url), connected(url) as client:
        assert await client.execute("PING") == b"PONG"
        proxy.hold.clear()
        first = asyncio.create_task(client.execute("ECHO", "first"))
        await until_asked(proxy, b"first")

        second = asyncio.create_task(client.execute("ECHO", "second"))
        await until_asked(proxy, b"second")

        assert not first.done()
        proxy.hold.set()
        assert [await first, await second] == [b"first", b"second"]


async def test_commands_of_one_turn_are_one_write(redis_server: RedisProcess, tmp_path: Path) -> None:
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url), connected(url) as client:
        assert await client.execute("PING") == b"PONG"
        proxy.requests.clear()

        await asyncio.gather(*(client.execute("ECHO", str(number)) for number in range(20)))

        assert len(proxy.requests) == 1


async def test_a_server_that_is_only_slow_keeps_its_connection(redis_server: RedisProcess, tmp_path: Path) -> None:
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url), connected(url, timeout=0.05) as client:
        assert await client.execute("PING") == b"PONG"
        proxy.hold.clear()
        with pytest.raises(PortTimeoutError):
            await client.execute("ECHO", "too late")
        proxy.hold.set()

        while (echoed := await echo_if_in_time(client, "in time")) is None:
            await asyncio.sleep(0.01)

        # The late reply was passed over, not taken for this one.
        assert echoed == b"in time"
        assert proxy.connections == 1


async def test_a_connection_that_stays_silent_is_made_anew(redis_server: RedisProcess, tmp_path: Path) -> None:
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url):
        client = RedisClient(RedisSettings(url=Secret(url), stall_timeout=0.1), timeout=0.05)
        while await echo_if_in_time(client, "connected") is None:
            await asyncio.sleep(0.01)
        proxy.hold.clear()
        proxy.requests.clear()

        while proxy.connections == 1:
            await echo_if_in_time(client, "silent")

        proxy.hold.set()
        while (echoed := await echo_if_in_time(client, "again")) is None:
            await asyncio.sleep(0.01)
        assert echoed == b"again"
        await client.close()


async def test_a_call_does_not_wait_for_a_connection_longer_than_its_own_time() -> None:
    """Nobody accepts here, so connecting hangs as it does behind a firewall that drops packets."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        filling = [socket.socket() for _ in range(8)]
        for one in filling:
            one.setblocking(False)
            one.connect_ex(listening.getsockname())
        settings = RedisSettings(url=Secret(f"redis://127.0.0.1:{listening.getsockname()[1]}"), connect_timeout=30)
        client = RedisClient(settings, timeout=0.05)

        with pytest.raises(PortTimeoutError):
            await client.execute("PING")

        await client.close()
        for one in filling:
            one.close()


async def echo_if_in_time(client: RedisClient, text: str) -> object:
    try:
        return await client.execute("ECHO", text)
    except PortUnavailableError:
        return None


async def until_asked(proxy: DroppingProxy, text: bytes) -> None:
    while not any(text in request for request in proxy.requests):
        await asyncio.sleep(0.001)


async def test_an_argument_that_cannot_be_sent_is_its_callers_error_alone(redis_client: RedisClient) -> None:
    calls = [redis_client.execute("ECHO", text) for text in ("before", "\ud800", "after")]

    before, unsendable, after = await asyncio.gather(*calls, return_exceptions=True)

    assert (before, after) == (b"before", b"after")
    assert isinstance(unsendable, ValueError)
    assert await redis_client.execute("ECHO", "later") == b"later"


async def test_nobody_joins_a_batch_that_has_left(redis_server: RedisProcess) -> None:
    """The writer may wake in the very turn in which a batch was begun, with callers on both sides of it."""
    random = Random(7)
    for _ in range(20):
        async with connected(redis_server.unix_url, timeout=5) as client:
            asked = [asyncio.create_task(echo_after(client, random.random() * 0.01)) for _ in range(300)]
            for _ in range(300):
                asked.append(asyncio.create_task(echo_after(client, 0)))
                await asyncio.sleep(0)

            _, hanging = await asyncio.wait(asked, timeout=10)

            assert len(hanging) == 0
            assert {task.result() for task in asked} == {b"x"}


async def echo_after(client: RedisClient, seconds: float) -> object:
    await asyncio.sleep(seconds)
    return await client.execute("ECHO", "x")


@pytest.mark.parametrize(
    "url",
    [
        "redis://u:s3cret\u2100x@h:1/0",
        "redis://[bad",
        "rediss://h:1?ssl_cert_reqs=bogus",
        "redis+cluster://u:s3cret@[bad",
        "redis+cluster://u:s3cret@h:1?db=3",
    ],
)
async def test_a_url_that_cannot_be_used_is_told_without_its_password(url: str) -> None:
    with pytest.raises(ConfigurationError, match="REDIS_URL") as refused:
        RedisClient(RedisSettings(url=Secret(url)), timeout=1)

    assert "s3cret" not in str(refused.value)
    assert refused.value.__cause__ is None


async def test_replies_are_bytes_whatever_the_url_says(redis_server: RedisProcess) -> None:
    async with connected(f"{redis_server.url}?decode_responses=true") as client:
        assert await client.execute("ECHO", b"\xff") == b"\xff"
