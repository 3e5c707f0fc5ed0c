"""Fixtures around a real RabbitMQ.

``GP_TEST_RABBITMQ_URL`` names one to use; otherwise a private process is started. Without either
the tests fail with a hint: a missing server is never a reason to skip.
"""

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.servers.rabbitmq_process import RabbitProcess, ServerMissingError
from tests.servers.rabbitmq_sandbox import Sandbox
from tests.servers.tcp_proxy import TcpProxy


@pytest.fixture(scope="session")
def rabbitmq_node() -> Iterator[RabbitProcess]:
    """Give a private broker that all tests share."""
    process = _started()
    yield process
    process.close()


@pytest.fixture
def rabbitmq_own_node() -> Iterator[RabbitProcess]:
    """Give a broker of this test's own, to stop and start."""
    process = _started()
    yield process
    process.close()


@pytest.fixture(scope="session")
def rabbitmq_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of a broker that all tests share."""
    if url := os.environ.get("GP_TEST_RABBITMQ_URL"):
        return url
    node: RabbitProcess = request.getfixturevalue("rabbitmq_node")
    return node.url


@pytest.fixture
async def rabbit(rabbitmq_url: str) -> AsyncIterator[Sandbox]:
    """Give a corner of the shared broker in which nothing is declared yet."""
    sandbox = Sandbox(rabbitmq_url)
    yield sandbox
    await sandbox.close()


@pytest.fixture
async def declared_rabbit(rabbit: Sandbox) -> Sandbox:
    """Give a corner of the shared broker with everything declared."""
    await rabbit.topology().apply()
    return rabbit


@pytest.fixture
async def rabbitmq_proxy(rabbitmq_url: str) -> AsyncIterator[TcpProxy]:
    """Give a way to the shared broker that can be cut or frozen."""
    async with TcpProxy.to(rabbitmq_url) as proxy:
        yield proxy


def _started() -> RabbitProcess:
    try:
        process = RabbitProcess()
    except ServerMissingError as missing:
        pytest.fail(str(missing), pytrace=False)
    process.start()
    return process
