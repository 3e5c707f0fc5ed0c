"""Asks Redis whether it works and suits."""

from typing import Final

from typing_extensions import override

from gpadapters.redis.client import RedisClient
from gpcore.errors import PortError
from gpcore.ports.probe import Probe, ProbeResult

OLDEST: Final = 7
"""Major version of the oldest Redis that gp works with; Valkey began at 7.2."""

OLDEST_VALKEY: Final = 8
"""Major version of the oldest Valkey that is not warned of."""


class RedisProbe(Probe):
    """Reports version, role and eviction policy.

    Args:
        client: A connection that may take its time.
        required: Whether the worker is not ready without Redis.
    """

    def __init__(self, client: RedisClient, *, required: bool = True) -> None:
        self._client = client
        self._required = required

    @override
    async def check(self) -> ProbeResult:
        try:
            await self._client.execute("PING")
            facts = await self._facts()
        except PortError as error:
            return self._result(ok=False, detail=str(error))
        at = f"{_product(facts)} at {self._client.address}"
        if _major(facts.get("redis_version", "")) < OLDEST:
            detail = f"{at} is too old: gp needs Redis {OLDEST}.0 or Valkey {OLDEST_VALKEY}, or later"
            return self._result(ok=False, detail=detail)
        if facts.get("cluster_enabled") == "1" and not self._client.clustered:
            return self._result(ok=False, detail=f"{at} is part of a cluster: write REDIS_URL as redis+cluster://…")
        if facts.get("cluster_state", "ok") != "ok":
            return self._result(ok=False, detail=f"{at} does not cover every slot: see CLUSTER INFO")
        if facts.get("role", "master") != "master":
            return self._result(ok=False, detail=f"{at} is a replica: give the address of its master")
        return self._result(ok=True, detail="; ".join([at, *_warnings(facts)]))

    async def _facts(self) -> dict[str, str]:
        text = ""
        asked = [("INFO", section) for section in ("server", "replication", "memory", "cluster")]
        for command in [*asked, ("CLUSTER", "INFO")] if self._client.clustered else asked:
            reply = await self._client.execute(*command)
            text += reply.decode() if isinstance(reply, bytes) else str(reply)
        pairs = (line.partition(":") for line in text.splitlines())
        return {name: value for name, colon, value in pairs if colon}

    def _result(self, *, ok: bool, detail: str) -> ProbeResult:
        return ProbeResult(name="redis", ok=ok, detail=detail, required=self._required)


def _product(facts: dict[str, str]) -> str:
    # Valkey says which Redis it stands in for under the old name and its own version beside it.
    if "valkey_version" in facts:
        return f"Valkey {facts['valkey_version']}"
    return f"Redis {facts.get('redis_version', 'of unknown version')}"


def _major(version: str) -> int:
    """Return the major version, 0 for anything that is none."""
    first = version.partition(".")[0]
    return int(first) if first.isdecimal() else 0


def _warnings(facts: dict[str, str]) -> list[str]:
    warnings = []
    if "valkey_version" in facts and _major(facts["valkey_version"]) < OLDEST_VALKEY:
        warnings.append(f"gp is tested with Valkey {OLDEST_VALKEY} and later: upgrade it")
    policy = facts.get("maxmemory_policy", "noeviction")
    if policy != "noeviction" and facts.get("maxmemory", "0") != "0":
        warnings.append(f"maxmemory-policy is {policy}: an evicted key resets a limit, prefer noeviction")
    return warnings
