"""The stores without a worker around them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from gpadapters.redis.admission_store import RedisAdmissionStore
from gpadapters.redis.claim_store import RedisClaimStore
from gpadapters.redis.client import RedisClient
from gpadapters.redis.cluster_admission_store import RedisClusterAdmissionStore
from gpadapters.redis.probe import RedisProbe
from gpadapters.redis.session_store import RedisSessionStore
from gpadapters.redis.settings import RedisSettings
from gpcore.domain.secrets import Secret
from gpcore.ports.admission_store import AdmissionStore


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisStores:
    """What ``open_stores`` gives."""

    admissions: AdmissionStore
    claims: RedisClaimStore
    sessions: RedisSessionStore
    probe: RedisProbe


def admission_store(client: RedisClient, key_prefix: str = "") -> AdmissionStore:
    """Return the limits' store for one server or for a cluster, whichever the client leads to."""
    return (RedisClusterAdmissionStore if client.clustered else RedisAdmissionStore)(client, key_prefix)


@asynccontextmanager
async def open_stores(url: str | Secret, *, key_prefix: str = "") -> AsyncIterator[RedisStores]:
    """Give the stores on one server and close their connections at the end.

    Nothing is connected before it is needed, so an unreachable server shows in the first call.

    Args:
        url: As ``RedisSettings.url``.
        key_prefix: Put before every key; share it with the workers to share their state.

    Raises:
        ConfigurationError: The URL cannot be used; the text never contains it.
    """
    secret = url if isinstance(url, Secret) else Secret(url)
    settings = RedisSettings(url=secret, key_prefix=key_prefix)
    hot = RedisClient(settings, timeout=settings.hot_timeout)
    background = RedisClient(settings, timeout=settings.background_timeout)
    try:
        yield RedisStores(
            admissions=admission_store(hot, key_prefix),
            claims=RedisClaimStore(hot, key_prefix, background=background),
            sessions=RedisSessionStore(hot, key_prefix),
            probe=RedisProbe(background),
        )
    finally:
        await hot.close()
        await background.close()
