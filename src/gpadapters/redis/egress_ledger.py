"""What Discord holds against an egress address, in Redis."""

from typing import Final

from typing_extensions import override

from gpadapters.redis.client import RedisClient
from gpadapters.redis.scripted_store import ScriptedStore
from gpadapters.redis.scripts import load
from gpcore.domain.egress import EgressNews, EgressView
from gpcore.domain.keys import egress_key
from gpcore.ports.clock import Clock
from gpcore.ports.egress_ledger import EgressLedger


class RedisEgressLedger(ScriptedStore, EgressLedger):
    """Keeps an address's counts in one hash; one script tells and asks.

    Args:
        client: The connection.
        egress: A name of the address, the same for everybody who leaves by it.
        key_prefix: Put before every key.
        clock: Only in tests; otherwise the server's own clock decides.
    """

    def __init__(self, client: RedisClient, egress: str, key_prefix: str = "", clock: Clock | None = None) -> None:
        super().__init__(client, key_prefix, clock)
        self._keys: Final = [self._key(egress_key(egress))]
        self._tell: Final = load("egress", repeatable=True)

    @override
    async def tell(self, news: EgressNews) -> EgressView:
        reply = await self._client.evaluate(self._tell, self._keys, (self._now(), news.invalid, news.paused_us))
        invalid, paused_us = map(int, reply)
        return EgressView(invalid=invalid, paused_us=paused_us)
