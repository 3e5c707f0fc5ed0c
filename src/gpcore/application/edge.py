"""The outside that interactions are answered through, and how long that may take."""

from dataclasses import dataclass, field

from gpcore.application.context import Bot
from gpcore.application.supplying import Resources
from gpcore.application.texts import Wordings
from gpcore.application.waiting import Waiting
from gpcore.domain.ladders import DEFAULT_LADDERS, Ladders
from gpcore.ports.clock import Clock
from gpcore.ports.first_responder import FirstResponder
from gpcore.ports.followups import Followups
from gpcore.ports.session_store import SessionStore
from gpcore.ports.telemetry import Telemetry
from gpcore.ports.tracer import NO_TRACER, Tracer


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When gp loses patience.

    Attributes:
        defer_timeout_ms: Age of an interaction at which it is deferred at the latest.
        handler_timeout: Seconds that a handler may run unless it says otherwise.
        ladders: When a failed delivery comes back.
    """

    defer_timeout_ms: int = 2500
    handler_timeout: float = 15.0
    ladders: Ladders = DEFAULT_LADDERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Everything that answering needs from the outside.

    Attributes:
        resources: What the bot's lifespans yield once they have started.
        waiting: Who has no first answer yet.
    """

    responder: FirstResponder
    followups: Followups
    sessions: SessionStore
    bot: Bot
    clock: Clock
    telemetry: Telemetry
    tracer: Tracer = NO_TRACER
    texts: Wordings = field(default_factory=Wordings)
    resources: Resources = field(default_factory=Resources)
    waiting: Waiting = field(default_factory=Waiting)
    timing: Timing = field(default_factory=Timing)
