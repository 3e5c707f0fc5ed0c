"""The broker's exchanges, queues and bindings."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TopologyFinding:
    """One declared object and what the broker has in its place.

    Attributes:
        kind: ``exchange``, ``queue`` or ``binding``.
        name: The object's name.
        state: ``ok``, ``missing``, ``different`` or ``unchecked`` (the broker refused to tell).
        detail: For ``different`` both sides in words; otherwise a hint, may be empty.
    """

    kind: str
    name: str
    state: str
    detail: str = ""


class Topology(ABC):
    """Checks and declares what the worker needs on the broker.

    Guarantees:
        - ``check`` changes nothing.
        - ``apply`` creates what is missing, is idempotent, and never deletes or replaces.
    """

    __slots__ = ()

    @abstractmethod
    async def check(self) -> Sequence[TopologyFinding]:
        """Compare every declared object with the broker.

        Raises:
            PortUnavailableError: The broker cannot be reached.
        """

    @abstractmethod
    async def apply(self) -> Sequence[TopologyFinding]:
        """Declare what is missing and return the findings afterwards.

        Raises:
            ConfigurationError: An object exists with other arguments; both sides are in the text.
            PortUnavailableError: The broker cannot be reached.
        """
