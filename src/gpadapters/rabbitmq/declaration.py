"""What gp declares on the broker, as data.

Two variants exist because mirrored classic queues are gone from RabbitMQ 4 and quorum queues have
no strict priorities before it. The variant for 4.x has not been run on a broker yet; its data is
proven by unit tests only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gpadapters.rabbitmq.names import Names, dead_letter_key
from gpcore.domain.wire_message import Lane

Arguments = Mapping[str, str | int]
Version = tuple[int, int]

FIRST_SUPPORTED: Final[Version] = (3, 10)
"""At-least-once dead-lettering and message TTL on quorum queues came with 3.10."""

FIRST_WITHOUT_MIRRORING: Final[Version] = (4, 0)

INTERACTION_TTL_MS: Final = 900_000
DEAD_LETTER_TTL_MS: Final = 604_800_000
INTERACTION_DEAD_LETTER_TTL_MS: Final = 60_000
INTERACTION_DEAD_LETTERS: Final = 1_000
DELIVERY_LIMIT: Final = 20
HIGHEST_PRIORITY: Final = 10


@dataclass(frozen=True, slots=True)
class ExchangeDeclaration:
    """A durable exchange; ``adopted`` ones are used as they are and never created."""

    name: str
    kind: str
    adopted: bool = False


@dataclass(frozen=True, slots=True)
class QueueDeclaration:
    """A durable queue; ``adopted`` ones are used whatever their arguments and never created."""

    name: str
    lane: Lane
    arguments: Arguments = field(default_factory=dict, hash=False)
    adopted: bool = False


@dataclass(frozen=True, slots=True)
class BindingDeclaration:
    """Messages of ``exchange`` whose routing key matches ``routing_key`` go to ``queue``."""

    exchange: str
    queue: str
    routing_key: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """Everything for one broker version."""

    exchanges: tuple[ExchangeDeclaration, ...]
    queues: tuple[QueueDeclaration, ...]
    bindings: tuple[BindingDeclaration, ...]

    def of_lane(self, lane: Lane) -> "Declaration":
        """Return what one lane needs: both exchanges and its own queues with their bindings."""
        queues = tuple(queue for queue in self.queues if queue.lane is lane)
        names = {queue.name for queue in queues}
        return Declaration(self.exchanges, queues, tuple(one for one in self.bindings if one.queue in names))


@dataclass(frozen=True, slots=True, kw_only=True)
class TopologyPlan:
    """What is wanted, whatever the broker's version.

    Attributes:
        names: Names below the prefix.
        dispatch_names: Gateway dispatch names that the app handles, such as ``GUILD_MEMBER_ADD``;
            each gets a binding, because ``*`` in a topic binding stands for a whole dotted word.
        message_events: Whether to bind ``message.#`` and ``MESSAGE_CREATE``.
        adopt_main: Use the main exchanges and queues of the system that gp replaces as they are.
        events_max_length: Messages in the events queue, and in each of its delay queues, beyond
            which the broker refuses a publish.
    """

    names: Names = field(default_factory=Names)
    dispatch_names: tuple[str, ...] = ()
    message_events: bool = False
    adopt_main: bool = False
    events_max_length: int = 500_000

    def declare_for(self, version: Version) -> Declaration:
        """Return the declaration for a broker of this version, at least ``FIRST_SUPPORTED``."""
        modern = version >= FIRST_WITHOUT_MIRRORING
        main = {Lane.INTERACTIONS: _interactions(self, modern=modern), Lane.EVENTS: _events(self)}
        return Declaration(
            exchanges=(
                ExchangeDeclaration(self.names.events_exchange, "topic", self.adopt_main),
                ExchangeDeclaration(self.names.dead_letter_exchange, "direct", self.adopt_main),
            ),
            queues=tuple(
                queue
                for lane in Lane
                for queue in (
                    QueueDeclaration(self.names.queue(lane), lane, main[lane], self.adopt_main),
                    *_delay_queues(self, lane, modern=modern),
                    _dead_letter_queue(self, lane, modern=modern),
                )
            ),
            bindings=_bindings(self),
        )


def _interactions(plan: TopologyPlan, *, modern: bool) -> Arguments:
    dead_letter: Arguments = {
        "x-message-ttl": INTERACTION_TTL_MS,
        "x-dead-letter-exchange": plan.names.dead_letter_exchange,
        "x-dead-letter-routing-key": dead_letter_key(Lane.INTERACTIONS),
    }
    if modern:
        return {"x-queue-type": "quorum", "x-delivery-limit": DELIVERY_LIMIT, **dead_letter}
    return {"x-queue-type": "classic", "x-max-priority": HIGHEST_PRIORITY, **dead_letter}


def _events(plan: TopologyPlan) -> Arguments:
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": plan.names.dead_letter_exchange,
        "x-dead-letter-routing-key": dead_letter_key(Lane.EVENTS),
        **_never_lose_on_the_way(plan),
    }


def _never_lose_on_the_way(plan: TopologyPlan) -> Arguments:
    """At-least-once needs all of these, else the broker silently falls back to at-most-once."""
    return {
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
        "x-max-length": plan.events_max_length,
    }


def _delay_queues(plan: TopologyPlan, lane: Lane, *, modern: bool) -> tuple[QueueDeclaration, ...]:
    """Queues that nobody consumes: a message leaves by expiry, through the default exchange."""
    back: Arguments = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": plan.names.queue(lane)}
    kind: Arguments = {"x-queue-type": "quorum" if modern else "classic"}
    if lane is Lane.EVENTS:
        # A classic queue dead-letters at most once: what expires while the events queue has no leader would be lost.
        kind = {"x-queue-type": "quorum", **_never_lose_on_the_way(plan)}
    return tuple(
        QueueDeclaration(plan.names.retry_queue(lane, rung), lane, {**kind, "x-message-ttl": rung * 1000, **back})
        for rung in plan.names.delays(lane)
    )


def _dead_letter_queue(plan: TopologyPlan, lane: Lane, *, modern: bool) -> QueueDeclaration:
    name = plan.names.dead_letter_queue(lane)
    if lane is Lane.INTERACTIONS:
        # May hold live tokens: forgets fast, so it need not survive the loss of a node.
        short_lived: Arguments = {
            "x-queue-type": "classic",
            "x-message-ttl": INTERACTION_DEAD_LETTER_TTL_MS,
            "x-max-length": INTERACTION_DEAD_LETTERS,
            "x-overflow": "drop-head",
        }
        return QueueDeclaration(name, lane, short_lived)
    # Browsing returns what it takes: a quorum queue with a delivery limit would drop it in the end.
    kind: Arguments = {"x-queue-type": "quorum", "x-delivery-limit": -1} if modern else {"x-queue-type": "classic"}
    return QueueDeclaration(name, lane, {**kind, "x-message-ttl": DEAD_LETTER_TTL_MS}, plan.adopt_main)


def _bindings(plan: TopologyPlan) -> tuple[BindingDeclaration, ...]:
    source, names = plan.names.events_exchange, plan.names
    wanted = ["member.#", "guild.#", *dict.fromkeys(plan.dispatch_names)]
    if plan.message_events:
        wanted += ["message.#", "MESSAGE_CREATE"]
    keys = {Lane.INTERACTIONS: ("interaction.#", "INTERACTION_CREATE"), Lane.EVENTS: tuple(dict.fromkeys(wanted))}
    live = [BindingDeclaration(source, names.queue(lane), key) for lane in Lane for key in keys[lane]]
    dead = [
        BindingDeclaration(names.dead_letter_exchange, names.dead_letter_queue(lane), dead_letter_key(lane))
        for lane in Lane
    ]
    return (*live, *dead)
