"""Decoding and checking one message of each wire format, beside parsing its JSON and nothing else."""

import json
import time
from collections.abc import Callable
from typing import Final

from benchmarks.load import events, interactions
from benchmarks.results import Result, Samples, compared
from benchmarks.scenarios.scale import Scale
from benchmarks.servers import Servers
from gpadapters.wire.json_codec import JsonCodec
from gpcore.domain.wire_message import WireMessage

_USUAL: Final = 5_000
STOCK: Final = "json.loads of the event"


async def run(_: Servers, scale: Scale) -> Result:
    """Measure in this process."""
    codec = JsonCodec()
    event, interaction = WireMessage(body=events(1)[0]), WireMessage(body=interactions(1)[0])
    now_ms = time.time_ns() // 1_000_000
    works: dict[str, Callable[[], object]] = {
        "gp, event": lambda: codec.decode(event, received_at_ms=now_ms),
        "gp, interaction": lambda: codec.decode(interaction, received_at_ms=now_ms),
        STOCK: lambda: json.loads(event.body),
        "json.loads of the interaction": lambda: json.loads(interaction.body),
    }
    samples = [Samples(name) for name in works]
    for _round in range(scale.rounds):
        for work, found in zip(works.values(), samples, strict=True):
            _measure(work, scale.count(_USUAL), found)
    return Result(
        scenario="decode",
        title="Decoding one message",
        unit="messages a second",
        baseline=STOCK,
        rows=compared(samples, STOCK),
    )


def _measure(work: Callable[[], object], count: int, found: Samples) -> None:
    started = time.process_time()
    for _ in range(count):
        work()
    each = (time.process_time() - started) / count
    found.per_second.append(1 / each)
    found.cpu_us.append(each * 1e6)
