"""Claims, shared by the whole fleet."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from gpcore.domain.claims import ClaimResult, Completion, Progress, Ticket


class ClaimStore(ABC):
    """Keeps who processes what; the transitions are those of ``gpcore.domain.claiming``.

    Guarantees:
        - At most one owner holds a live lease on an id.
        - ``fence`` grows by one with every ``CLAIMED``.
        - Done stays done until it is forgotten, 24 h after its completion.
        - A stale ticket never changes anything.
        - Repeating a ``claim`` whose reply was lost returns ``OWNED`` with the same fence.
        - Every key has an expiry.
        - Time is the store's own.

    No guarantee:
        - A store that loses its last writes (failover) may let an id run twice.
    """

    __slots__ = ()

    @abstractmethod
    async def claim(
        self,
        claim_id: str,
        *,
        owner: str,
        lease_us: int,
        max_attempts: int,
        intent: Progress = Progress.NONE,
        ephemeral: bool = False,
    ) -> ClaimResult:
        """Ask for an id.

        Args:
            claim_id: An interaction's id or a lower-case event id.
            owner: Unique for this delivery.
            lease_us: How long the claim holds without ``extend``.
            max_attempts: Attempts after which the verdict is ``EXHAUSTED``.
            intent: Written as the progress if this claim succeeds and the progress was ``NONE``
                (``DEFERRING`` for handlers that always defer: one round trip less).
            ephemeral: Stored beside a ``DEFERRING`` intent.

        Raises:
            ValueError: An empty owner, or a lease or number of attempts below 1; nothing was written.
            PortUnavailableError: The store did not answer; the claim may have been taken, and
                asking again with the same owner tells.
        """

    @abstractmethod
    async def note(self, ticket: Ticket, progress: Progress, *, ephemeral: bool = False, lease_us: int = 0) -> bool:
        """Write what Discord is about to be told or was told; ``False`` if the ticket is stale.

        Args:
            ticket: The proof of the claim.
            progress: What to write.
            ephemeral: Stored beside a defer.
            lease_us: Prolong the lease to that much from now, as ``extend`` does; never shortens it.

        Raises:
            PortUnavailableError: The store did not answer.
        """

    @abstractmethod
    async def complete(self, ticket: Ticket) -> Completion:
        """Mark the id as done.

        Raises:
            PortUnavailableError: The store did not answer.
        """

    @abstractmethod
    async def release(self, ticket: Ticket, *, give_back_attempt: bool = False) -> bool:
        """Give the id up so that the next delivery can claim it at once; ``False`` if stale.

        Args:
            ticket: The proof of the claim.
            give_back_attempt: Do not count this attempt (a drain, not a failure).

        Raises:
            PortUnavailableError: The store did not answer; the lease will run out.
        """

    @abstractmethod
    async def extend(self, tickets: Sequence[Ticket], *, lease_us: int) -> Sequence[bool]:
        """Prolong the leases to ``lease_us`` from now; ``False`` for each ticket that is stale or lost.

        Raises:
            PortUnavailableError: The store did not answer.
        """
