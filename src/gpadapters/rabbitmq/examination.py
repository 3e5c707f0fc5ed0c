"""Comparing a declaration with a broker over an open connection.

A passive declare tells whether something is there, whatever its arguments; an active declare with
equal arguments is a no-op, with others the broker refuses it and says in what they differ. Either
refusal closes the channel, so channels are thrown away here.
"""

from collections.abc import Awaitable, Callable, Sequence

from aio_pika.abc import AbstractChannel, AbstractConnection
from aiormq.abc import AbstractChannel as Wire

from gpadapters.rabbitmq.connection import close_quietly, open_channel, wire
from gpadapters.rabbitmq.declaration import BindingDeclaration, Declaration, ExchangeDeclaration, QueueDeclaration
from gpadapters.rabbitmq.errors import ACCESS_REFUSED, NOT_FOUND, ask
from gpadapters.rabbitmq.settings import RabbitSettings
from gpcore.errors import PortRejectedError
from gpcore.ports.topology import TopologyFinding

Question = Callable[[Wire], Awaitable[object]]
Declared = ExchangeDeclaration | QueueDeclaration

OK = "ok"
MISSING = "missing"
DIFFERENT = "different"
UNCHECKED = "unchecked"


class Examiner:
    """Asks and declares over one connection."""

    def __init__(self, connection: AbstractConnection, settings: RabbitSettings) -> None:
        self._connection = connection
        self._settings = settings
        self._channel: AbstractChannel | None = None

    async def examine(self, declaration: Declaration) -> Sequence[TopologyFinding]:
        """Compare everything declared with the broker; changes nothing.

        Raises:
            PortUnavailableError: The connection is gone or the broker does not answer.
        """
        objects: tuple[Declared, ...] = (*declaration.exchanges, *declaration.queues)
        findings = [await self._examine(declared) for declared in objects]
        return [*findings, *(_binding(one, UNCHECKED, _NO_WAY_TO_ASK) for one in declaration.bindings)]

    async def declare(self, declared: Declared) -> None:
        """Create an exchange or queue if it is missing.

        Raises:
            PortRejectedError: It exists with other arguments, or the user may not.
            PortUnavailableError: The connection is gone or the broker does not answer.
        """
        await self._ask(_declaring(declared, passive=False), f"declare {declared.name}")

    async def bind(self, binding: BindingDeclaration) -> TopologyFinding:
        """Create a binding if it is missing; a missing end is a finding."""
        try:
            await self._ask(
                lambda channel: channel.queue_bind(binding.queue, binding.exchange, binding.routing_key),
                f"bind {binding.queue}",
            )
        except PortRejectedError as refusal:
            return _binding(binding, MISSING if refusal.code == NOT_FOUND else UNCHECKED, str(refusal))
        return _binding(binding, OK, "")

    async def close(self) -> None:
        """Close the channel, if one is open."""
        if self._channel is not None:
            await close_quietly(self._channel)
            self._channel = None

    async def _examine(self, declared: Declared) -> TopologyFinding:
        try:
            await self._ask(_declaring(declared, passive=True), f"look at {declared.name}")
            if not declared.adopted:
                await self._ask(_declaring(declared, passive=False), f"compare {declared.name}")
        except PortRejectedError as refusal:
            return _finding(declared, refusal)
        return TopologyFinding(kind=_kind(declared), name=declared.name, state=OK)

    async def _ask(self, question: Question, doing: str) -> None:
        if self._channel is None:
            self._channel = await open_channel(self._connection, self._settings)
        try:
            await ask(question(await wire(self._channel)), timeout=self._settings.call_timeout, doing=doing)
        except PortRejectedError:
            self._channel = None
            raise


_NO_WAY_TO_ASK = "AMQP has no way to ask for a binding; gp topology apply makes sure of it"


def _declaring(declared: Declared, *, passive: bool) -> Question:
    if isinstance(declared, ExchangeDeclaration):
        return lambda channel: channel.exchange_declare(
            declared.name, exchange_type=declared.kind, durable=True, passive=passive
        )
    return lambda channel: channel.queue_declare(
        declared.name, durable=True, passive=passive, arguments=dict(declared.arguments)
    )


def _finding(declared: Declared, refusal: PortRejectedError) -> TopologyFinding:
    if refusal.code == NOT_FOUND:
        hint = "belongs to the system that gp replaces, which declares it" if declared.adopted else ""
        return TopologyFinding(kind=_kind(declared), name=declared.name, state=MISSING, detail=hint)
    if refusal.code == ACCESS_REFUSED:
        detail = f"the broker refused to compare the arguments: {refusal}"
        return TopologyFinding(kind=_kind(declared), name=declared.name, state=UNCHECKED, detail=detail)
    return TopologyFinding(
        kind=_kind(declared), name=declared.name, state=DIFFERENT, detail=f"gp declares {_ours(declared)}; {refusal}"
    )


def _kind(declared: Declared) -> str:
    return "exchange" if isinstance(declared, ExchangeDeclaration) else "queue"


def _ours(declared: Declared) -> str:
    if isinstance(declared, ExchangeDeclaration):
        return f"a durable {declared.kind} exchange"
    return ", ".join(f"{name}={value}" for name, value in declared.arguments.items())


def _binding(binding: BindingDeclaration, state: str, detail: str) -> TopologyFinding:
    name = f"{binding.exchange} -> {binding.queue} ({binding.routing_key})"
    return TopologyFinding(kind="binding", name=name, state=state, detail=detail)
