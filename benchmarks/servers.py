"""The servers of one run: a broker, a state store and a peer in Discord's place, all private and on loopback."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from gprunner.settings import EMBEDDED_APPLICATION_ID
from tests.servers.rabbitmq_process import RabbitProcess
from tests.servers.redis_process import RedisProcess

APPLY: Final = ("topology", "apply")


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """Where they are.

    Attributes:
        prefix: Before the names of exchange and queues.
    """

    rabbitmq: str
    redis: str
    peer: str
    prefix: str = "bench"

    @property
    def interactions(self) -> str:
        """The queue of interactions."""
        return f"{self.prefix}.interactions"

    @property
    def events(self) -> str:
        """The queue of events."""
        return f"{self.prefix}.events.guild"

    def environment(self) -> Mapping[str, str]:
        """Return the settings of a worker on these servers."""
        return {
            "RABBITMQ_URL": self.rabbitmq,
            "REDIS_URL": self.redis,
            "DISCORD_API_URL": self.peer,
            "DISCORD_APPLICATION_ID": EMBEDDED_APPLICATION_ID,
            "GP_PREFIX": self.prefix,
            "PORT": "0",
            "LOG_LEVEL": "warning",
        }


@contextmanager
def private_servers() -> Iterator[Servers]:
    """Start all of them for the body."""
    with ExitStack() as stack:
        rabbitmq, redis = RabbitProcess(), RedisProcess()
        stack.callback(rabbitmq.close)
        rabbitmq.start()
        stack.callback(redis.close)
        redis.start()
        peer = stack.enter_context(private_peer())
        yield Servers(rabbitmq=rabbitmq.url, redis=redis.url, peer=peer)


@contextmanager
def private_peer() -> Iterator[str]:
    """Start only the peer and give its address."""
    process = subprocess.Popen((sys.executable, "-m", "benchmarks.peer"), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
