"""Rounds of contenders that empty a queue one after the other."""

from collections.abc import Callable, Sequence

from benchmarks.contenders import Program, order_for, started
from benchmarks.load import loading
from benchmarks.results import Samples
from benchmarks.scenarios.scale import Scale
from benchmarks.servers import Servers

Make = Callable[[int], Sequence[bytes]]


async def rounds_of(
    programs: Sequence[Program],
    servers: Servers,
    queue: str,
    make: Make,
    *,
    usual: int,
    in_flight: int,
    scale: Scale,
) -> list[Samples]:
    """Measure all contenders, interleaved, so that a busy moment of the machine hits all alike."""
    samples = [Samples(program.name) for program in programs]
    async with loading(servers.rabbitmq) as load:
        for _ in range(scale.rounds):
            for program, found in zip(programs, samples, strict=True):
                count = scale.count(int(usual * program.share))
                order = order_for(servers, queue, count=count, in_flight=in_flight)
                await load.empty([queue])
                async with started(program, servers) as child:
                    await load.put(queue, make(count))
                    await child.begin(order)
                    told = await child.says()
                found.per_second.append(told["per_second"])
                found.cpu_us.append(told["cpu_us"])
    return samples
