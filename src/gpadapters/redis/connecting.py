"""Makes redis-py connections as gp wants them."""

from collections.abc import Sequence
from typing import Any, Final, Protocol, cast
from urllib.parse import urlsplit, urlunsplit

from redis.asyncio.connection import Connection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from gpadapters.redis.settings import RedisSettings
from gpcore.errors import ConfigurationError

Argument = str | bytes | int

_UNUSABLE: Final = (
    "REDIS_URL: give redis://[user:password@]host[:port][/database], rediss://… for TLS, unix:///path, or"
    " redis+cluster://[user:password@]host[:port][,host[:port]…] (rediss+cluster://… for TLS) for a cluster;"
    " special characters in the password must be percent-encoded"
)

_CLUSTER: Final = "+cluster"
_DEFAULT_PORT: Final = 6379

NodeAddress = tuple[str, int]
"""Host and port of one node of a cluster."""

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


def connection_to(settings: RedisSettings, node: NodeAddress | None = None) -> tuple[Wire, str]:
    """Return a connection that is not open yet, and where it leads, without credentials.

    redis-py by itself repeats a command up to ten times when a reply is lost, which would run a
    script twice: no retry here, and no time-out of its own, since ``MultiplexedConnection`` keeps the time.

    Args:
        settings: The URL, and how long connecting may take.
        node: The node of a cluster to connect to, with everything else from the URL.

    Raises:
        ConfigurationError: The URL cannot be used; the text never contains it.
    """
    try:
        options = _options(settings.url.reveal())
        if node is not None:
            options |= {"host": node[0], "port": node[1]}
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


def is_cluster(settings: RedisSettings) -> bool:
    """Tell whether the URL leads to a cluster."""
    return _CLUSTER in urlsplit(settings.url.reveal()).scheme


def seeds_of(settings: RedisSettings) -> list[NodeAddress]:
    """Return the nodes that a cluster's URL names.

    Raises:
        ConfigurationError: The URL cannot be used, or names a database other than 0.
    """
    try:
        parts = urlsplit(settings.url.reveal())
        hosts = parts.netloc.rpartition("@")[2].split(",")
        nodes = [(one.hostname or "", one.port or _DEFAULT_PORT) for one in (urlsplit(f"//{host}") for host in hosts)]
    except ValueError:
        raise ConfigurationError(_UNUSABLE) from None
    if not all(host for host, _ in nodes):
        raise ConfigurationError(_UNUSABLE)
    if parts.path.strip("/") not in ("", "0"):
        raise ConfigurationError("REDIS_URL: a cluster has database 0 only")
    return nodes


def _options(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if _CLUSTER in parts.scheme:
        # redis-py knows neither the scheme nor several hosts; the node is chosen by the caller.
        credentials, at, hosts = parts.netloc.rpartition("@")
        one_host = credentials + at + hosts.partition(",")[0]
        url = urlunsplit(parts._replace(scheme=parts.scheme.removesuffix(_CLUSTER), netloc=one_host))
    options: dict[str, Any] = dict(parse_url(url))
    for name in _OF_A_POOL:
        options.pop(name, None)
    return options


def _address(options: dict[str, Any]) -> str:
    database = options.get("db", 0)
    if "path" in options:
        return f"{options['path']} (database {database})"
    return f"{options.get('host', 'localhost')}:{options.get('port', _DEFAULT_PORT)} (database {database})"
