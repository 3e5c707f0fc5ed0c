"""What Discord holds against an egress address, whoever uses it."""

from abc import ABC, abstractmethod

from gpcore.domain.egress import EgressNews, EgressView


class EgressLedger(ABC):
    """Adds up what the processes behind one address tell; the rules are those of ``gpcore.domain.egress``.

    Guarantees:
        - The count holds every invalid request that was told in the last ten minutes.
        - A block of the edge that one process tells holds for all until it is over.
        - Time is the ledger's own.

    No guarantee:
        - News whose reply was lost may count twice; a count may hold ten seconds too much.
    """

    __slots__ = ()

    @abstractmethod
    async def tell(self, news: EgressNews) -> EgressView:
        """Tell what happened since the last time, perhaps nothing, and learn what everybody told.

        Raises:
            PortUnavailableError: The ledger did not answer; the news may be counted.
        """
