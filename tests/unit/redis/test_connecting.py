import pytest
from redis.asyncio.connection import Connection

from gpadapters.redis.connecting import connection_to
from gpadapters.redis.settings import RedisSettings
from gpcore.domain.secrets import Secret
from gpcore.errors import ConfigurationError


@pytest.mark.parametrize(
    "url",
    [
        "http://user:hunter2@localhost",
        "redis://user:hunter2/@localhost:six",
        "redis://user:hunter2@localhost:99999999",
        "redis://user:hunter2@localhost?nonsense=1",
        "redis://user:hunter2@localhost?socket_read_size=x",
        "hunter2",
    ],
)
def test_an_unusable_url_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        connection_to(RedisSettings(url=Secret(url)))

    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://user:hunter2@example.test:7000/3", "example.test:7000 (database 3)"),
        ("rediss://:hunter2@example.test?ssl_cert_reqs=none", "example.test:6379 (database 0)"),
        ("redis://", "localhost:6379 (database 0)"),
        ("redis://example.test?max_connections=10&timeout=3", "example.test:6379 (database 0)"),
        ("unix:///run/redis.sock?db=2&password=hunter2", "/run/redis.sock (database 2)"),
    ],
)
def test_the_address_holds_no_credentials(url: str, address: str) -> None:
    assert connection_to(RedisSettings(url=Secret(url)))[1] == address


def test_no_retry_and_no_timeout_of_redis_py_remains() -> None:
    connection, _ = connection_to(RedisSettings(url=Secret("redis://h?socket_timeout=9&retry_on_timeout=yes")))

    assert isinstance(connection, Connection)
    assert connection.socket_timeout is None
    assert connection.retry.get_retries() == 0
