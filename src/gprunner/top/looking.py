"""Asking workers for their metrics, again and again."""

import asyncio
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import aiohttp

from gprunner.top.figures import Figures, figures, together
from gprunner.top.series import Read, Series, by_worker

_PATIENCE: Final = aiohttp.ClientTimeout(total=3.0)
_LARGEST: Final = 8 * 1_048_576
_OK: Final = 200
_SCHEMES: Final = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at one moment.

    Attributes:
        workers: A line for each, faults included.
        everybody: All that answered, together.
    """

    workers: Sequence[Figures]
    everybody: Figures

    @property
    def seen(self) -> bool:
        """Whether any worker answered."""
        return any(not one.fault for one in self.workers)


class Looker:
    """Looks at workers; the second look and all later ones tell what happened since the one before.

    Args:
        addresses: Of health endpoints, such as ``http://10.0.0.5:8080``; ``/metrics`` may stand at the end.
        read: Reads an exposition.
    """

    def __init__(self, addresses: Sequence[str], read: Read) -> None:
        self._addresses: Final = tuple(dict.fromkeys(_base(address) for address in addresses))
        self._read: Final = read
        self._before: dict[str, tuple[float, Series]] = {}

    async def look(self) -> Look:
        """Ask everybody at once."""
        async with aiohttp.ClientSession(timeout=_PATIENCE) as session:
            found = await asyncio.gather(*(self._ask(session, address) for address in self._addresses))
        workers: list[Figures] = []
        done: list[Series] = []
        for address, answer in zip(self._addresses, found, strict=True):
            if isinstance(answer, str):
                workers.append(Figures(name=_short(address), fault=answer))
                continue
            for worker, series in answer.items():
                one, changed = self._figures(f"{_short(address)} {worker}".strip(), series)
                workers.append(one)
                done.append(changed)
        return Look(workers, together([one for one in workers if not one.fault], done))

    def _figures(self, name: str, series: Series) -> tuple[Figures, Series]:
        now = time.monotonic()
        known = self._before.get(name)
        self._before[name] = (now, series)
        if known is None:
            return figures(name, series, None, 0.0), series
        return figures(name, series, known[1], now - known[0]), series.since(known[1])

    async def _ask(self, session: aiohttp.ClientSession, address: str) -> Mapping[str, Series] | str:
        """Return the series of each process there, or why there are none."""
        try:
            async with session.get(f"{address}/metrics") as response:
                body = await response.content.read(_LARGEST)
                if response.status != _OK:
                    return f"/metrics answers {response.status}"
            workers = {
                name: series for name, series in by_worker(self._read(body.decode("utf-8", "replace"))).items()
                if series.label("gp_build_info", "version")
            }  # fmt: skip
        except TimeoutError:
            return f"no answer within {_PATIENCE.total:g} s"
        except (aiohttp.ClientError, OSError) as error:
            return f"not reachable: {_reason(error)}"
        except ValueError:
            return "answers with something that is no metrics"
        return workers or "answers with metrics that are not gp's"


def _reason(error: Exception) -> str:
    number = getattr(error, "errno", None)
    return os.strerror(number).lower() if isinstance(number, int) and number > 0 else type(error).__name__


def _base(address: str) -> str:
    with_scheme = address if address.startswith(_SCHEMES) else f"http://{address}"
    return with_scheme.rstrip("/").removesuffix("/metrics").rstrip("/")


def _short(address: str) -> str:
    return address.removeprefix("http://")
