"""Giving an id its attempts back."""

from abc import ABC, abstractmethod

from gpcore.domain.claims import Reopening


class ClaimReopener(ABC):
    """Lets an id be tried again whose attempts are used up, for whoever puts a dead letter back.

    Guarantees:
        - Done stays done, and a live lease stays its owner's: neither is touched.
        - The fence is kept, so that the next claim's is still the highest.
        - Doing it again changes nothing more.
    """

    __slots__ = ()

    @abstractmethod
    async def reopen(self, claim_id: str) -> Reopening:
        """Forget the attempts at an id.

        Args:
            claim_id: A lower-case event id.

        Raises:
            PortUnavailableError: The store did not answer; asking again does no harm.
        """
