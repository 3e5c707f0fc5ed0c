"""The broker's exchanges, queues and bindings, over a connection of its own for each call."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from typing_extensions import override

from gpadapters.rabbitmq.connection import close_quietly, open_connection, server_version
from gpadapters.rabbitmq.declaration import Declaration, TopologyPlan
from gpadapters.rabbitmq.examination import DIFFERENT, MISSING, Examiner
from gpadapters.rabbitmq.settings import RabbitSettings
from gpcore.errors import ConfigurationError, PortRejectedError
from gpcore.ports.topology import Topology, TopologyFinding


class RabbitTopology(Topology):
    """Checks and declares the plan for the broker's version.

    ``check`` compares arguments by declaring again what is there. Should somebody delete a queue
    between the two questions, that declare creates it anew.
    """

    def __init__(self, settings: RabbitSettings, plan: TopologyPlan) -> None:
        self._settings = settings
        self._plan = plan

    @override
    async def check(self) -> Sequence[TopologyFinding]:
        async with self._examiner() as (examiner, declaration):
            return await examiner.examine(declaration)

    @override
    async def apply(self) -> Sequence[TopologyFinding]:
        async with self._examiner() as (examiner, declaration):
            findings = await examiner.examine(declaration)
            refuse_differences(findings)
            await self._declare_missing(examiner, declaration, findings)
            bindings = [await examiner.bind(binding) for binding in declaration.bindings]
            now = await examiner.examine(declaration)
            return [*(found for found in now if found.kind != "binding"), *bindings]

    async def _declare_missing(
        self, examiner: Examiner, declaration: Declaration, findings: Sequence[TopologyFinding]
    ) -> None:
        missing = {(found.kind, found.name) for found in findings if found.state == MISSING}
        try:
            for exchange in declaration.exchanges:
                if ("exchange", exchange.name) in missing and not exchange.adopted:
                    await examiner.declare(exchange)
            for queue in declaration.queues:
                if ("queue", queue.name) in missing and not queue.adopted:
                    await examiner.declare(queue)
        except PortRejectedError as refusal:
            raise ConfigurationError(str(refusal)) from None

    @asynccontextmanager
    async def _examiner(self) -> AsyncIterator[tuple[Examiner, Declaration]]:
        connection = await open_connection(self._settings, name="gp topology")
        try:
            declaration = self._plan.declare_for(server_version(connection))
            yield Examiner(connection, self._settings), declaration
        finally:
            await close_quietly(connection)


def refuse_differences(findings: Sequence[TopologyFinding]) -> None:
    """Raise if anything is there with other arguments.

    Raises:
        ConfigurationError: With every difference, both sides in words.
    """
    faults = [f"{found.kind} {found.name} differs: {found.detail}" for found in findings if found.state == DIFFERENT]
    if faults:
        raise ConfigurationError(faults)
