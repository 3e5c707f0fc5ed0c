"""Feeds one lane from its queue, across broken connections."""

import logging
import random
from collections.abc import Callable, Sequence

from aio_pika.abc import AbstractConnection
from typing_extensions import override

from gpadapters.rabbitmq.connection import close_quietly, open_channel, open_connection, server_version, wire
from gpadapters.rabbitmq.consumption import Consumption
from gpadapters.rabbitmq.declaration import TopologyPlan
from gpadapters.rabbitmq.errors import ask
from gpadapters.rabbitmq.examination import MISSING, UNCHECKED, Examiner
from gpadapters.rabbitmq.settings import RabbitSettings
from gpadapters.rabbitmq.supervisor import MissingTopologyError, SessionLostError, Supervisor
from gpadapters.rabbitmq.topology import refuse_differences
from gpadapters.rabbitmq.transport import take_deliveries
from gpcore.domain.wire_message import Lane
from gpcore.errors import ConfigurationError, PortError, PortRejectedError
from gpcore.ports.delivery import Delivery, DeliverySource, Receive
from gpcore.ports.telemetry import Telemetry
from gpcore.ports.topology import TopologyFinding

log = logging.getLogger("gp.rabbitmq")


class RabbitDeliverySource(DeliverySource):
    """One consumer on a connection of its own, rebuilt whenever it is lost."""

    def __init__(
        self,
        settings: RabbitSettings,
        plan: TopologyPlan,
        *,
        lane: Lane,
        prefetch: int,
        telemetry: Telemetry,
        unit: Callable[[], float] = random.random,
    ) -> None:
        """Prepare; ``start`` connects.

        Args:
            settings: Address and time-outs.
            plan: What must be on the broker before the lane consumes.
            lane: Which queue to consume.
            prefetch: Most unsettled deliveries, 1 to 65535.
            telemetry: Counts reconnects.
            unit: Returns random numbers in [0, 1), for the back-off.
        """
        self._settings = settings
        self._plan = plan
        self._lane = lane
        self._prefetch = prefetch
        self._queue = plan.names.queue(lane)
        self._state = "connecting"
        self._ready: int | None = None
        self._warned = False
        self._receive: Receive = _nobody
        self._consumption: Consumption | None = None
        self._supervisor = Supervisor(
            self._session, name=f"lane {lane.value}", settings=settings, telemetry=telemetry, unit=unit
        )

    @override
    async def start(self, receive: Receive) -> None:
        self._receive = receive
        self._supervisor.start()

    @override
    def state(self) -> str:
        return self._state

    @override
    def ready(self) -> int | None:
        return self._ready

    @override
    async def failed(self) -> None:
        await self._supervisor.over()

    @override
    async def stop(self) -> None:
        self._state = "stopped"
        self._supervisor.no_more()
        if self._consumption is not None:
            await self._consumption.end()

    @override
    async def close(self) -> None:
        self._state = "stopped"
        await self._supervisor.close()

    async def _session(self, number: int) -> None:
        """Connect, verify, consume and watch until something breaks."""
        connection: AbstractConnection | None = None
        try:
            connection = await open_connection(self._settings, name=f"gp {self._lane.value} {number}")
            await self._verify(connection)
            await self._watch(connection, await self._consume(connection))
        except MissingTopologyError:
            self._enter("missing_topology")
            raise
        except ConfigurationError:
            self._enter("refused")
            raise
        except PortError:
            self._enter("connecting")
            raise
        finally:
            self._consumption = None
            if connection is not None:
                await close_quietly(connection)

    async def _verify(self, connection: AbstractConnection) -> None:
        declaration = self._plan.declare_for(server_version(connection)).of_lane(self._lane)
        findings = await Examiner(connection, self._settings).examine(declaration)
        refuse_differences(findings)
        self._warn_of_unchecked(findings)
        missing = [found.name for found in findings if found.state == MISSING]
        if missing:
            raise MissingTopologyError(f"the broker lacks {', '.join(missing)}")

    def _warn_of_unchecked(self, findings: Sequence[TopologyFinding]) -> None:
        for found in findings:
            if found.state == UNCHECKED and found.kind != "binding" and not self._warned:
                log.warning("%s %s: %s", found.kind, found.name, found.detail)
                self._warned = True

    async def _consume(self, connection: AbstractConnection) -> Consumption:
        channel = await wire(await open_channel(connection, self._settings))
        if self._stopped():
            raise SessionLostError("stopped")
        consumption = Consumption(
            channel,
            queue=self._queue,
            lane=self._lane,
            prefetch=self._prefetch,
            receive=self._receive,
            settings=self._settings,
        )
        take_deliveries(connection, channel.number, consumption.take)
        # Before it begins: a stop that comes meanwhile must reach it.
        self._consumption = consumption
        await consumption.begin()
        self._enter("consuming")
        if self._stopped():
            await consumption.end()
        return consumption

    async def _watch(self, connection: AbstractConnection, consumption: Consumption) -> None:
        while True:
            reason = await consumption.lost_within(self._settings.watchdog_interval)
            if reason is None:
                reason = await self._fault(connection, consumption)
            if reason is not None:
                raise SessionLostError(reason)

    async def _fault(self, connection: AbstractConnection, consumption: Consumption) -> str | None:
        """Ask the broker on a throw-away channel whether it still knows this consumer."""
        try:
            channel = await open_channel(connection, self._settings)
            question = (await wire(channel)).queue_declare(self._queue, passive=True)
            queue = await ask(question, timeout=self._settings.call_timeout, doing="look after the consumer")
        except PortRejectedError:
            return "queue_deleted"
        except PortError:
            return "no_answer"
        await close_quietly(channel)
        self._ready = queue.message_count or 0
        return consumption.fault(ready=self._ready, consumers=queue.consumer_count or 0)

    def _stopped(self) -> bool:
        return self._state == "stopped"

    def _enter(self, state: str) -> None:
        if not self._stopped():
            self._state = state


def _nobody(delivery: Delivery) -> None:
    """Stand in until ``start`` names the receiver; nothing is consumed before."""
