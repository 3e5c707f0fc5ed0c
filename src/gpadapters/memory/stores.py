"""The stores of one process without a worker around them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from gpadapters.memory.admission_store import InMemoryAdmissionStore
from gpadapters.memory.claim_store import InMemoryClaimStore
from gpadapters.memory.session_store import InMemorySessionStore
from gpcore.ports.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryStores:
    """What ``open_stores`` gives."""

    admissions: InMemoryAdmissionStore
    claims: InMemoryClaimStore
    sessions: InMemorySessionStore


@asynccontextmanager
async def open_stores(clock: Clock) -> AsyncIterator[MemoryStores]:
    """Give the stores in this process, entered as those of ``gpadapters.redis`` are.

    They decide exactly alike, for one process only, and forget everything with it.

    Args:
        clock: Tells the time; ``gpadapters.system.clock.SystemClock()`` outside tests.
    """
    yield MemoryStores(
        admissions=InMemoryAdmissionStore(clock),
        claims=InMemoryClaimStore(clock),
        sessions=InMemorySessionStore(clock),
    )
