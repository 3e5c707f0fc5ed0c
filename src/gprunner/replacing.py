"""Which ports a caller may implement by itself, and how that takes the place of an adapter."""

from collections.abc import Mapping
from typing import Any, Final

from gpcore.application.context import Bot
from gpcore.errors import ConfigurationError
from gpcore.ports.admission_store import AdmissionStore
from gpcore.ports.claim_store import ClaimStore
from gpcore.ports.clock import Clock
from gpcore.ports.codec import Codec
from gpcore.ports.command_registry import CommandRegistry
from gpcore.ports.egress_ledger import EgressLedger
from gpcore.ports.first_responder import FirstResponder
from gpcore.ports.followups import Followups
from gpcore.ports.publisher import Publisher
from gpcore.ports.request_limiter import RequestLimiter
from gpcore.ports.session_store import SessionStore
from gpcore.ports.telemetry import Telemetry
from gpcore.ports.topology import Topology
from gpcore.ports.tracer import Tracer

Overrides = Mapping[type[Any], object]
"""Implementations of a caller's own, by the port that they implement."""

_REPLACEABLE: Final[Mapping[type[Any], tuple[str, str]]] = {
    AdmissionStore: ("adapters", "admissions"),
    ClaimStore: ("adapters", "claim_store"),
    SessionStore: ("adapters", "sessions"),
    RequestLimiter: ("adapters", "request_limiter"),
    EgressLedger: ("adapters", "egress_ledger"),
    Clock: ("adapters", "clock"),
    Codec: ("adapters", "codec"),
    Publisher: ("adapters", "publisher"),
    Telemetry: ("adapters", "telemetry"),
    Tracer: ("adapters", "tracer"),
    Topology: ("adapters", "topology"),
    FirstResponder: ("discord", "first_responder"),
    Followups: ("discord", "followups"),
    CommandRegistry: ("discord", "command_registry"),
    Bot: ("application", "bot"),
}


def replace_ports(overrides: Overrides, parts: Mapping[str, Any]) -> None:
    """Let a caller's own implementations take the place of adapters.

    Args:
        overrides: Implementations by port.
        parts: The containers ``adapters``, ``discord`` and ``application``.

    Raises:
        ConfigurationError: A port cannot be replaced.
    """
    for port, implementation in overrides.items():
        if port not in _REPLACEABLE:
            known = ", ".join(sorted(kind.__name__ for kind in _REPLACEABLE))
            raise ConfigurationError(f"overrides: {port.__name__} cannot be replaced; choose from {known}")
        container, provider = _REPLACEABLE[port]
        getattr(parts[container], provider).override(implementation)
