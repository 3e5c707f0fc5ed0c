import pytest
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from gpadapters.redis.errors import UNAVAILABLE, translated
from gpcore.errors import PortError, PortRejectedError, PortTimeoutError, PortUnavailableError


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RedisTimeoutError("Timeout reading from socket"), PortTimeoutError),
        (TimeoutError(), PortTimeoutError),
        (RedisConnectionError("Error 111 connecting"), PortUnavailableError),
        (ConnectionResetError(), PortUnavailableError),
        (AuthenticationError("invalid password", status_code="WRONGPASS"), PortUnavailableError),
        (BusyLoadingError("Redis is loading", status_code="LOADING"), PortUnavailableError),
        (ReadOnlyError("You can't write", status_code="READONLY"), PortUnavailableError),
        (ResponseError("MISCONF Redis is configured to save"), PortUnavailableError),
        (ResponseError("ERR unknown command"), PortRejectedError),
        (ResponseError("WRONGTYPE Operation"), PortRejectedError),
        (RedisError("something else"), PortRejectedError),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else repr(value),
)
def test_every_error_becomes_a_port_error(error: Exception, expected: type[PortError]) -> None:
    assert type(translated(error, "127.0.0.1:6379")) is expected


@pytest.mark.parametrize("code", sorted(UNAVAILABLE))
def test_what_is_wrong_with_the_server_is_transient_and_explained(code: str) -> None:
    error = translated(ResponseError(f"{code} whatever it says"), "127.0.0.1:6379")

    assert type(error) is PortUnavailableError
    assert UNAVAILABLE[code] in str(error)


def test_an_error_never_quotes_what_the_server_said() -> None:
    assert "secret" not in str(translated(ResponseError("ERR near 'secret'"), "127.0.0.1:6379"))
