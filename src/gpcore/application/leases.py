"""Leases, extended while they are held: all of one length in one sweep."""

import asyncio
from typing import Final

from gpcore.domain.claims import FIRST_ANSWER_LEASE_US, Ticket
from gpcore.domain.wire_message import Lane
from gpcore.ports.claim_store import ClaimStore
from gpcore.ports.clock import Clock

_SWEEPS_PER_LEASE: Final = 3
_MICROSECONDS: Final = 1_000_000


class Leases:
    """Knows which claims to extend by ``lease_us``; sleeps while there are none."""

    def __init__(self, store: ClaimStore, clock: Clock, lease_us: int) -> None:
        self.lease_us: Final = lease_us
        self._store: Final = store
        self._clock: Final = clock
        self._held: Final[set[Ticket]] = set()
        self._some: Final = asyncio.Event()

    def __contains__(self, ticket: Ticket) -> bool:
        return ticket in self._held

    def add(self, ticket: Ticket) -> None:
        """Extend this one too, from the next sweep on."""
        self._held.add(ticket)
        self._some.set()

    def discard(self, ticket: Ticket) -> None:
        """Extend this one no more; harmless if it is not there."""
        self._held.discard(ticket)

    async def sweep(self) -> None:
        """Wait for the next moment at which something must be extended, and do it.

        Raises:
            PortError: The state store does not work; the next sweep comes in time if it does then.
        """
        if not self._held:
            self._some.clear()
            await self._some.wait()
        await self._clock.sleep(self.lease_us / _MICROSECONDS / _SWEEPS_PER_LEASE)
        if self._held:
            await self._store.extend(tuple(self._held), lease_us=self.lease_us)


class Leasing:
    """The leases of this process.

    An interaction's lease is short until its first answer, so that the worker that gets it after
    a crash can still make one. All others are ``long_us``.
    """

    def __init__(self, store: ClaimStore, clock: Clock, *, long_us: int) -> None:
        self.long: Final = Leases(store, clock, long_us)
        self.short: Final = Leases(store, clock, FIRST_ANSWER_LEASE_US)

    def of(self, lane: Lane) -> Leases:
        """Return the leases that a lane's claims begin with."""
        return self.short if lane is Lane.INTERACTIONS else self.long

    def keep_long(self, ticket: Ticket) -> None:
        """Extend the lease of an answered interaction like any other from now on, if it is still held."""
        if ticket in self.short:
            self.short.discard(ticket)
            self.long.add(ticket)

    def forget(self, ticket: Ticket) -> None:
        """Stop to extend a lease."""
        self.short.discard(ticket)
        self.long.discard(ticket)
