"""First answers over HTTP: requests a second and CPU per call, beside httpx as it comes.

The server is a process of its own that answers 204 to everything, so that the figures are the clients'. Both
clients post the same body to the same path and keep their connections. Compare figures of one run only.
"""

import argparse
import asyncio
import multiprocessing
import socket
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Final

import httpx

from gpadapters.discord.brake import Brake
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.responder import HttpFirstResponder
from gpadapters.discord.settings import DiscordSettings
from gpadapters.discord.transport import DiscordTransport
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.system.clock import SystemClock
from gpcore.domain.messages import Callback, CallbackType
from gpcore.domain.secrets import Secret

IN_FLIGHT: Final = (1, 10, 50)
_APPLICATION: Final = "1214497633075331073"
_INTERACTION: Final = "1574394140928778273"
_TOKEN: Final = "aW50ZXJhY3Rpb24" * 12
_MICROSECONDS: Final = 1e6
_WARM_UP: Final = 100
_PATIENCE: Final = 60.0

Post = Callable[[], Awaitable[object]]
Client = Callable[[str], AbstractAsyncContextManager[Post]]


class NoContent(asyncio.Protocol):
    """Answers every request of a connection with 204, reading no more of it than where it ends."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a connection."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._read = b""

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head = self._read[:end].lower()
            _, _, length = head.partition(b"content-length:")
            whole = end + 4 + int(length.split(b"\r\n", 1)[0] or 0)
            if len(self._read) < whole:
                return
            self._read = self._read[whole:]
            self._transport.write(b"HTTP/1.1 204 No Content\r\nVia: 1.1 google\r\n\r\n")


def serve(listener: socket.socket) -> None:
    """Answer on a socket until the process is ended."""

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(NoContent, sock=listener)
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def a_server() -> Iterator[str]:
    """Give the base address of a server in a process of its own."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        process = multiprocessing.get_context("fork").Process(target=serve, args=(listener,), daemon=True)
        process.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/api/v10"
        finally:
            process.terminate()
            process.join()


@asynccontextmanager
async def gp(base: str) -> AsyncIterator[Post]:
    """First answers as a worker sends them, with everything around a request."""
    settings, clock = DiscordSettings(application_id=_APPLICATION, api_url=base), SystemClock()
    callback, token = Callback(type=CallbackType.DEFERRED_MESSAGE, ephemeral=True), Secret(_TOKEN)
    async with DiscordTransport(settings) as transport:
        responder = HttpFirstResponder(DiscordExchange(transport, Brake(clock), InMemoryTelemetry()))
        yield lambda: responder.respond(_INTERACTION, token, callback, timeout=_PATIENCE)


@asynccontextmanager
async def plain_httpx(base: str) -> AsyncIterator[Post]:
    """The same request by a client without any settings but its patience."""
    url = f"{base}/interactions/{_INTERACTION}/{_TOKEN}/callback"
    async with httpx.AsyncClient(timeout=_PATIENCE) as client:

        async def post() -> None:
            response = await client.post(url, json={"type": 5, "data": {"flags": 64}})
            response.raise_for_status()

        yield post


CLIENTS: Final[dict[str, Client]] = {"gp": gp, "httpx as it comes": plain_httpx}


async def measured(client: Client, base: str, in_flight: int, calls: int) -> tuple[float, float]:
    """Return requests a second, and microseconds of CPU for each."""
    left = calls

    async def worker(post: Post) -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await post()

    async with client(base) as post:
        await asyncio.gather(*(post() for _ in range(in_flight)))
        for _ in range(_WARM_UP):
            await post()
        began, used = time.perf_counter(), time.process_time()
        await asyncio.gather(*(worker(post) for _ in range(in_flight)))
        return calls / (time.perf_counter() - began), (time.process_time() - used) / calls * _MICROSECONDS


def main() -> None:
    """Print a table of medians and the ratio of each client to the last one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=600, help="calls in one round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of which the median counts")
    chosen = parser.parse_args()
    print("first answers over HTTP, medians of", chosen.rounds, "rounds of", chosen.calls, "calls")
    print(f"{'in flight':>9}  {'client':<18} {'requests/s':>10} {'CPU µs':>8}  ratio of requests/s, of CPU")
    with a_server() as base:
        for in_flight in IN_FLIGHT:
            rounds: dict[str, list[tuple[float, float]]] = {name: [] for name in CLIENTS}
            for _ in range(chosen.rounds):
                # In turns, so that a neighbour's load meets them alike.
                for name, client in CLIENTS.items():
                    rounds[name].append(asyncio.run(measured(client, base, in_flight, chosen.calls)))
            _print(in_flight, rounds)


def _print(in_flight: int, rounds: dict[str, list[tuple[float, float]]]) -> None:
    medians = {
        name: (statistics.median(rate for rate, _ in found), statistics.median(cpu for _, cpu in found))
        for name, found in rounds.items()
    }
    rate_beside, cpu_beside = medians["httpx as it comes"]
    for name, (rate, cpu) in medians.items():
        ratios = f"{rate / rate_beside:.1f} ×, {cpu / cpu_beside:.2f} ×"
        print(f"{in_flight:>9}  {name:<18} {rate:>10.0f} {cpu:>8.0f}  {ratios}")


if __name__ == "__main__":
    main()
