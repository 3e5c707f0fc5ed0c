"""How to test several steps, an outside service that fails, retries and cooldowns."""

from collections.abc import AsyncIterator

import pytest

from examples.wallet import ChainOfTheDemo, ChainUnavailableError, make_router
from gprunner.testing import Result, TestClient


class ChainOfTheTest:
    """Answers what the test says."""

    def __init__(self) -> None:
        self.right = True
        self.failures = 0
        self.asked: list[tuple[str, str, str]] = []

    async def signed_by(self, address: str, code: str, signature: str) -> bool:
        self.asked.append((address, code, signature))
        if self.failures:
            self.failures -= 1
            raise ChainUnavailableError
        return self.right


@pytest.fixture
def chain() -> ChainOfTheTest:
    return ChainOfTheTest()


@pytest.fixture
async def client(chain: ChainOfTheTest) -> AsyncIterator[TestClient]:
    async with TestClient(make_router(chain)) as entered:
        yield entered


async def a_signature(steps: Result) -> Result:
    form = await steps.click("I have signed")
    return await form.submit(signature="0xfeed")


async def test_a_wallet_is_verified(client: TestClient, chain: ChainOfTheTest) -> None:
    steps = await client.command("verify", address="0x1")
    done = await a_signature(steps)

    assert steps.deferred_ephemeral
    assert done.updated
    assert steps.reply.content == "0x1 is yours."
    assert steps.reply.buttons == ()
    ((address, code, signature),) = chain.asked
    assert (address, signature) == ("0x1", "0xfeed")
    assert f"`{code}`" in steps.reply.text
    assert await client.sessions.get("verification") is None


async def test_an_address_is_checked_first(client: TestClient) -> None:
    refused = await client.command("verify", address="1x1")

    assert (refused.outcome, refused.reply.ephemeral) == ("user_error", True)


async def test_a_chain_that_is_away_is_asked_again(client: TestClient, chain: ChainOfTheTest) -> None:
    chain.failures = 2
    steps = await client.command("verify", address="0x1")
    sent = await a_signature(steps)

    assert (sent.outcome, sent.deferred) == ("retried", True)
    await client.advance(1)
    assert sent.outcome == "retried"
    await client.advance(5)
    assert sent.outcomes == ("retried", "retried", "handled")
    assert steps.reply.content == "0x1 is yours."


async def test_a_chain_that_stays_away_is_told_about(client: TestClient, chain: ChainOfTheTest) -> None:
    chain.failures = 100
    sent = await a_signature(await client.command("verify", address="0x1"))
    await client.advance(60)

    assert sent.outcome == "failed"
    assert sent.followups[0].ephemeral
    # The session is still there: nothing is lost.
    assert await client.sessions.get("verification") is not None


async def test_another_worker_retries_what_a_dead_one_began(client: TestClient, chain: ChainOfTheTest) -> None:
    chain.failures = 1
    sent = await a_signature(await client.command("verify", address="0x1"))
    await client.second_worker()
    await client.crash()
    await client.advance(1)

    assert sent.outcomes == ("retried", "handled")


async def test_there_are_three_tries_ten_seconds_apart(client: TestClient, chain: ChainOfTheTest) -> None:
    chain.right = False
    steps = await client.command("verify", address="0x1")

    first = await a_signature(steps)
    assert first.followups[0].content == "The signature is wrong. Tries left: 2."
    assert (await steps.click("I have signed")).outcome == "refused"
    await client.advance(10)
    await a_signature(steps)
    await client.advance(10)
    last = await a_signature(steps)
    assert last.message.content == "That was the last try. Use /verify again."
    assert last.message.buttons == ()


async def test_a_verification_is_open_for_fifteen_minutes(client: TestClient) -> None:
    steps = await client.command("verify", address="0x1")
    await client.advance(15 * 60)

    assert (await a_signature(steps)).message.content == "This took too long. Use /verify again."


async def test_the_chain_of_the_demo_is_away_now_and_then() -> None:
    chain = ChainOfTheDemo()

    assert [await chain.signed_by("0x1", "c", word) for word in ("0x1", "no", "0x2")] == [True, False, True]
    with pytest.raises(ChainUnavailableError):
        await chain.signed_by("0x1", "c", "0x1")
