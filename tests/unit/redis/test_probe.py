import pytest
from typing_extensions import override

from gpadapters.redis.client import RedisClient
from gpadapters.redis.connecting import Argument
from gpadapters.redis.probe import RedisProbe
from gpadapters.redis.settings import RedisSettings
from gpcore.domain.secrets import Secret


class AnsweringClient(RedisClient):
    """Answers every command with the same text."""

    def __init__(self, info: str) -> None:
        super().__init__(RedisSettings(url=Secret("redis://:hunter2@example.test")), timeout=1)
        self._info = info

    @override
    async def execute(self, *command: Argument, key: str | None = None) -> object:
        return self._info.encode()


@pytest.mark.parametrize(
    ("info", "ok", "said"),
    [
        ("redis_version:7.0.15\r\nrole:master\r\n", True, "Redis 7.0.15 at example.test:6379"),
        ("redis_version:10.1.0\r\nrole:master\r\n", True, "Redis 10.1.0"),
        ("redis_version:7.2.4\r\nvalkey_version:9.1.2\r\nrole:master\r\n", True, "Valkey 9.1.2"),
        ("redis_version:7.2.4\r\nvalkey_version:7.2.9\r\nrole:master\r\n", True, "tested with Valkey 8 and later"),
        ("redis_version:7.2.4\r\nvalkey_version:8.0.0\r\nrole:master\r\n", True, "example.test:6379 (database 0)"),
        ("redis_version:6.2.14\r\nrole:master\r\n", False, "Redis 6.2.14 at example.test:6379 (database 0) is too old"),
        ("something_else:1\r\n", False, "Redis of unknown version"),
        ("redis_version:7.0.15\r\nrole:slave\r\n", False, "is a replica"),
    ],
)
async def test_judges_version_and_role(info: str, ok: bool, said: str) -> None:
    result = await RedisProbe(AnsweringClient(info)).check()

    assert result.ok == ok
    assert said in result.detail
    assert "hunter2" not in result.detail


async def test_a_version_and_a_policy_that_suit_are_not_warned_of() -> None:
    for version in ("redis_version:7.0.0", "redis_version:7.2.4\r\nvalkey_version:8.0.0"):
        result = await RedisProbe(AnsweringClient(f"{version}\r\nmaxmemory:0\r\nmaxmemory_policy:allkeys-lru")).check()

        assert result.detail.endswith("(database 0)")
