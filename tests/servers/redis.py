"""Fixtures around a real Redis or Valkey.

``GP_TEST_REDIS_URL`` names one to use; otherwise a private process is started. Without either the
tests fail with a hint: a missing server is never a reason to skip.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from gpadapters.redis.client import RedisClient
from gpadapters.redis.settings import RedisSettings
from gpcore.domain.secrets import Secret
from tests.servers.redis_process import RedisProcess, ServerMissingError, url_from_environment

PATIENT = 10.0
"""Seconds that a call may take on a busy test machine."""


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Give the URL of a server that all tests share."""
    if url := url_from_environment():
        yield url
        return
    process = _started()
    yield process.unix_url
    process.close()


@pytest.fixture
def redis_prefix() -> str:
    """Give a key prefix that no other test uses."""
    return f"t{uuid4().hex}:"


@pytest.fixture
async def redis_client(redis_url: str) -> AsyncIterator[RedisClient]:
    """Give an open client of the shared server."""
    async with connected(redis_url) as client:
        yield client


@pytest.fixture
def redis_server() -> Iterator[RedisProcess]:
    """Give a running server of this test's own, to stop, kill and start again."""
    process = _started()
    yield process
    process.close()


def a_client(url: str, *, timeout: float = PATIENT) -> RedisClient:
    """Return a client that waits long enough for a busy machine."""
    return RedisClient(RedisSettings(url=Secret(url)), timeout=timeout)


@asynccontextmanager
async def connected(url: str, *, timeout: float = PATIENT) -> AsyncIterator[RedisClient]:
    """Give a client and close it."""
    client = a_client(url, timeout=timeout)
    try:
        yield client
    finally:
        await client.close()


def _started() -> RedisProcess:
    process = RedisProcess()
    try:
        process.start()
    except ServerMissingError as missing:
        process.close()
        pytest.fail(str(missing), pytrace=False)
    return process
