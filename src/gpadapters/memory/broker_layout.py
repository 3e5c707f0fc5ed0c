"""Exchanges, queues and bindings of the in-memory broker, as data."""

from dataclasses import dataclass
from typing import Final

from gpcore.domain.ladders import DEFAULT_LADDERS, Ladders
from gpcore.domain.retrying import rung_name
from gpcore.domain.wire_message import Lane

_MAIN: Final = {Lane.INTERACTIONS: "interactions", Lane.EVENTS: "events.guild"}
_RETRY: Final = {Lane.INTERACTIONS: "interactions.retry", Lane.EVENTS: "retry"}
_DEAD: Final = {Lane.INTERACTIONS: "interactions.dlq", Lane.EVENTS: "dlq"}
_DEAD_KEY: Final = {Lane.INTERACTIONS: "interactions.dead", Lane.EVENTS: "dead"}
_MINUTE: Final = 60.0
_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeLayout:
    """A ``topic`` or ``direct`` exchange."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLayout:
    """A queue and what it does with messages.

    Attributes:
        name: Its name.
        lane: Whose it is.
        priorities: Whether higher priorities are handed out first.
        ttl: Seconds after which a message is dead-lettered, if it has not been handed out.
        dead_letter_to: Exchange and routing key for what expires or is returned too often;
            ``None`` drops it.
        return_limit: Returns beyond which a message is dead-lettered; ``None`` does not count.
        max_length: Most waiting messages.
        drop_head: Whether a full queue drops its oldest message instead of refusing a new one.
    """

    name: str
    lane: Lane
    priorities: bool = False
    ttl: float | None = None
    dead_letter_to: tuple[str, str] | None = None
    return_limit: int | None = None
    max_length: int = 500_000
    drop_head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingLayout:
    """Routes from an exchange to a queue by routing key or pattern."""

    exchange: str
    queue: str
    routing_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerLayout:
    """What the worker expects to find.

    Attributes:
        prefix: Before every name.
        dispatch_names: Gateway dispatch names that get a binding to the events queue.
        message_events: Whether ``message.#`` and ``MESSAGE_CREATE`` are bound.
        ladders: The delays of the delay queues.
    """

    prefix: str = "gp"
    dispatch_names: tuple[str, ...] = ()
    message_events: bool = False
    ladders: Ladders = DEFAULT_LADDERS

    @property
    def events_exchange(self) -> str:
        """Where ingestors publish."""
        return f"{self.prefix}.events"

    @property
    def dead_letter_exchange(self) -> str:
        """Where the broker sends what it gives up."""
        return f"{self.prefix}.dlx"

    def queue(self, lane: Lane) -> str:
        """Return the queue that the lane consumes."""
        return f"{self.prefix}.{_MAIN[lane]}"

    def retry_queue(self, lane: Lane, rung: int) -> str:
        """Return the delay queue of ``rung`` seconds."""
        return f"{self.prefix}.{_RETRY[lane]}.{rung_name(rung)}"

    def dead_letter_queue(self, lane: Lane) -> str:
        """Return the lane's dead-letter queue."""
        return f"{self.prefix}.{_DEAD[lane]}"

    def exchanges(self) -> tuple[ExchangeLayout, ...]:
        """Return every exchange."""
        return (
            ExchangeLayout(name=self.events_exchange, kind="topic"),
            ExchangeLayout(name=self.dead_letter_exchange, kind="direct"),
        )

    def queues(self) -> tuple[QueueLayout, ...]:
        """Return every queue."""
        return tuple(queue for lane in Lane for queue in self.queues_of(lane))

    def queues_of(self, lane: Lane) -> tuple[QueueLayout, ...]:
        """Return the lane's main queue, its delay queues and its dead-letter queue."""
        return (self._main(lane), *self._delay_queues(lane), self._dead_letters(lane))

    def bindings(self) -> tuple[BindingLayout, ...]:
        """Return every binding."""
        wanted = ["member.#", "guild.#", *dict.fromkeys(self.dispatch_names)]
        if self.message_events:
            wanted += ["message.#", "MESSAGE_CREATE"]
        keys = {Lane.INTERACTIONS: ["interaction.#", "INTERACTION_CREATE"], Lane.EVENTS: wanted}
        live = [
            BindingLayout(exchange=self.events_exchange, queue=self.queue(lane), routing_key=key)
            for lane in Lane
            for key in keys[lane]
        ]
        dead = [
            BindingLayout(
                exchange=self.dead_letter_exchange, queue=self.dead_letter_queue(lane), routing_key=_DEAD_KEY[lane]
            )
            for lane in Lane
        ]
        return (*live, *dead)

    def _main(self, lane: Lane) -> QueueLayout:
        dead_letter_to = (self.dead_letter_exchange, _DEAD_KEY[lane])
        name = self.queue(lane)
        if lane is Lane.INTERACTIONS:
            return QueueLayout(name=name, lane=lane, priorities=True, ttl=15 * _MINUTE, dead_letter_to=dead_letter_to)
        return QueueLayout(name=name, lane=lane, return_limit=20, dead_letter_to=dead_letter_to)

    def _delay_queues(self, lane: Lane) -> tuple[QueueLayout, ...]:
        back = ("", self.queue(lane))
        return tuple(
            QueueLayout(name=self.retry_queue(lane, rung), lane=lane, ttl=rung, dead_letter_to=back)
            for rung in self.ladders.of(lane)
        )

    def _dead_letters(self, lane: Lane) -> QueueLayout:
        name = self.dead_letter_queue(lane)
        if lane is Lane.INTERACTIONS:
            return QueueLayout(name=name, lane=lane, ttl=_MINUTE, max_length=1_000, drop_head=True)
        return QueueLayout(name=name, lane=lane, ttl=7 * _DAY)
