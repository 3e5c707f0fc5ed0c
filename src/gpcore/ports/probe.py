"""Asking a peer whether it works."""

from abc import ABC, abstractmethod
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """What a probe found.

    Attributes:
        name: The peer, such as ``redis``.
        ok: Whether it works.
        detail: Version and address without credentials, or the fault and what to do.
        required: Whether the worker is not ready without it.
    """

    name: str
    ok: bool
    detail: str
    required: bool = True


class Probe(ABC):
    """Tells whether one peer works now.

    Guarantees:
        - ``check`` returns within a few seconds and never raises.
    """

    __slots__ = ()

    @abstractmethod
    async def check(self) -> ProbeResult:
        """Ask the peer."""
