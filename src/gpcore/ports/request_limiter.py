"""The rate limits of the bot token, shared by the whole fleet."""

from abc import ABC, abstractmethod

from gpcore.domain.request_pacing import Ask, Heard, Permit


class RequestLimiter(ABC):
    """Says when a request may leave, and learns from every answer.

    The rules are those of ``gpcore.domain.reserving`` and ``gpcore.domain.hearing``.

    Guarantees:
        - No more than ``MOST_PER_SECOND`` asks get ``GO`` in any second of the store's clock.
        - Of a bucket that nothing is known of, one request is in flight at a time.
        - Of a known bucket, no more requests leave in a window than Discord said are left.
        - What a 429 asks to wait is waited: a bucket's by that bucket and major parameter alone, a
          global one by every request.
        - A refused bot token stops every ask with that token for an hour; another token goes at once.
        - What Discord forbade is not asked again for a minute.
        - A wait is never longer than the caller's patience.
        - Anything but ``GO`` changes nothing; asking or reporting again with the same nonce changes nothing.
        - A request that is never reported is forgotten after 15 s.
        - Time is the store's own.

    No guarantee:
        - Who waits longest is not first.
        - A store that loses its last writes (failover) may let a second's requests go twice.
    """

    __slots__ = ()

    @abstractmethod
    async def reserve(self, ask: Ask) -> Permit:
        """Ask for one request.

        Raises:
            PortUnavailableError: The store did not answer; the request may be counted as in flight.
        """

    @abstractmethod
    async def report(self, heard: Heard) -> None:
        """Tell what came of a request that got ``GO``.

        Raises:
            PortUnavailableError: The store did not answer; the request is forgotten in time.
        """
