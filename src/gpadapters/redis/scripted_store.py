"""What the stores share: how keys are named and which clock decides."""

from gpadapters.redis.client import RedisClient
from gpcore.ports.clock import Clock


class ScriptedStore:
    """Runs scripts on one server below one key prefix.

    Args:
        client: The connection.
        key_prefix: Put before every key.
        clock: Only in tests; otherwise the server's own clock decides.
    """

    def __init__(self, client: RedisClient, key_prefix: str = "", clock: Clock | None = None) -> None:
        self._client = client
        self._key_prefix = key_prefix
        self._clock = clock

    def _key(self, key: str) -> str:
        """Return the stored name of a key."""
        return self._key_prefix + key

    def _now(self) -> str:
        """Return the first argument of every script: a test's time, or ``0`` for the server's."""
        return "0" if self._clock is None else str(self._clock.now_us())
