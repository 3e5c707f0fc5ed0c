"""Makes redis-py connections as gp wants them."""

from collections.abc import Sequence
from typing import Any, Final, Protocol, cast

from redis.asyncio.connection import Connection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from gpadapters.redis.settings import RedisSettings
from gpcore.errors import ConfigurationError

Argument = str | bytes | int

_UNUSABLE: Final = (
    "REDIS_URL: give redis://[user:password@]host[:port][/database], rediss://… for TLS, or unix:///path;"
    " special characters in the password must be percent-encoded"
)

_OF_A_POOL: Final = ("max_connections", "timeout")
"""Options of a URL's query that mean nothing to a single connection."""


class Wire(Protocol):
    """What gp uses of a redis-py connection; that package's own annotations leave gaps."""

    async def connect(self) -> None:
        """Open the socket, log in and choose the database, unless connected."""

    async def disconnect(self, *, nowait: bool = False) -> None:
        """Close the socket; harmless if there is none."""

    async def send_packed_command(self, command: Sequence[bytes], *, check_health: bool = True) -> None:
        """Write them."""

    async def read_response(self) -> object:
        """Return or raise the next reply."""


def connection_to(settings: RedisSettings) -> tuple[Wire, str]:
    """Return a connection that is not open yet, and where it leads, without credentials.

    redis-py by itself repeats a command up to ten times when a reply is lost, which would run a
    script twice: no retry here, and no time-out of its own, since ``MultiplexedConnection`` keeps the time.

    Raises:
        ConfigurationError: The URL cannot be used; the text never contains it.
    """
    try:
        options: dict[str, Any] = dict(parse_url(settings.url.reveal()))
        for name in _OF_A_POOL:
            options.pop(name, None)
        options |= {
            "socket_timeout": None,
            "socket_connect_timeout": settings.connect_timeout,
            "retry": Retry(NoBackoff(), 0),
            "protocol": 2,
            "driver_info": None,
            "client_name": settings.client_name,
        }
        connection = options.pop("connection_class", Connection)(**options)
    except (TypeError, ValueError):
        # The cause may quote the URL with its password.
        raise ConfigurationError(_UNUSABLE) from None
    return cast("Wire", connection), _address(options)


def _address(options: dict[str, Any]) -> str:
    database = options.get("db", 0)
    if "path" in options:
        return f"{options['path']} (database {database})"
    return f"{options.get('host', 'localhost')}:{options.get('port', 6379)} (database {database})"
