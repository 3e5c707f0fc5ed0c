"""Turns what redis-py raises into port errors. The one table of this package."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from gpcore.errors import PortError, PortRejectedError, PortTimeoutError, PortUnavailableError

NOT_ON_ONE_NODE: Final = "it is part of a cluster: write REDIS_URL as redis+cluster://host:port"

UNAVAILABLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ASK": NOT_ON_ONE_NODE,
        "BUSY": "it is busy running a script",
        "CLUSTERDOWN": "its cluster is down",
        "CROSSSLOT": NOT_ON_ONE_NODE,
        "LOADING": "it is still loading its data",
        "MASTERDOWN": "it is a replica that lost its master",
        "MISCONF": "it refuses writes because it cannot save to disk",
        "MOVED": NOT_ON_ONE_NODE,
        "NOAUTH": "it wants a password",
        "NOPERM": "this user lacks a permission",
        "NOREPLICAS": "it refuses writes for want of replicas",
        "OOM": "it is out of memory",
        "READONLY": "it is a replica and takes no writes",
        "TRYAGAIN": "its cluster is moving keys",
        "WRONGPASS": "user name or password is wrong",
    }
)
"""Error codes that say something about the server, not about the command."""


def translated(error: Exception, address: str) -> PortError:
    """Return the port error for what a call raised.

    Args:
        error: A ``RedisError``, ``OSError`` or ``TimeoutError``.
        address: The server, without credentials.
    """
    if isinstance(error, RedisTimeoutError | TimeoutError):
        return PortTimeoutError(f"Redis at {address} did not answer in time")
    code = code_of(error)
    if code in UNAVAILABLE:
        return PortUnavailableError(f"Redis at {address}: {UNAVAILABLE[code]} ({code})")
    if isinstance(error, RedisConnectionError | OSError):
        return PortUnavailableError(f"Redis at {address} cannot be reached or hung up")
    # The text of such an error names the script and line, never an argument's value.
    return PortRejectedError(f"Redis at {address} refused a command: {type(error).__name__} {code}")


def code_of(error: Exception) -> str:
    """Return the upper-case word that an error reply starts with, or ``""``."""
    if not isinstance(error, RedisError):
        return ""
    word = error.status_code or str(error).partition(" ")[0]
    return word if word.isupper() else ""
