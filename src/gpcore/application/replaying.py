"""Putting dead letters back.

Each is confirmed in its queue before it leaves the dead-letter queue, and its used-up attempts are
forgotten before that: wherever it stops, a letter can only be in both places, never in neither.
"""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from gpcore.application.dead_letters import Found, LetterReader, Outcome
from gpcore.domain.claims import Reopening
from gpcore.domain.dead_letters import Selection, obstacle
from gpcore.domain.headers import replay_headers
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortError
from gpcore.ports.claim_reopener import ClaimReopener
from gpcore.ports.clock import Clock
from gpcore.ports.dead_letters import DeadLetters


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much and how fast is put back.

    Attributes:
        limit: Most letters, 0 or more.
        rate: Most letters a second, above 0.
    """

    limit: int
    rate: float


class Replayer:
    """Puts events back into the queue that they came from."""

    def __init__(self, letters: DeadLetters, reader: LetterReader, claims: ClaimReopener, clock: Clock) -> None:
        self._letters: Final = letters
        self._reader: Final = reader
        self._claims: Final = claims
        self._clock: Final = clock

    async def replay(self, selection: Selection, pace: Pace, *, really: bool, unguarded: bool = False) -> Outcome:
        """Put events back into their lane's queue, each confirmed there before it leaves here.

        Never more than there were at the start; interactions are never put back. Whatever stops it,
        a letter can only be in both places, not in neither.

        Args:
            selection: Which letters are meant.
            pace: How many, and how fast.
            really: Without it, only tell what would be done.
            unguarded: Put back, too, what is so old that nobody remembers whether it was processed.

        Raises:
            PortError: The dead-letter queue could not be opened.
        """
        moved: list[str] = []
        left: Counter[str] = Counter()
        async with self._letters.open(Lane.EVENTS) as shelf:
            try:
                async for found in self._reader.meant(shelf, Lane.EVENTS, selection):
                    if len(moved) == pace.limit:
                        break
                    refusal = obstacle(found.entry, now_ms=self._clock.now_us() // 1000, unguarded=unguarded)
                    if refusal is None and really:
                        refusal = await self._put_back(found, pace)
                    if refusal is None:
                        moved.append(found.entry.id)
                    else:
                        left[refusal] += 1
            except PortError as error:
                return Outcome(moved=moved, left=left, failure=str(error))
        return Outcome(moved=moved, left=left)

    async def _put_back(self, found: Found, pace: Pace) -> str | None:
        """Move one letter; return in a word why it was left, if it was."""
        # Attempts that are used up would park it again at once.
        if await self._claims.reopen(found.entry.id) is Reopening.BUSY:
            return "being_processed"
        message = found.delivery.message
        copy = replace(message, message_id=found.entry.id, headers=replay_headers(message.headers))
        await self._letters.resubmit(copy, lane=Lane.EVENTS)
        await found.delivery.ack()
        await self._clock.sleep(1 / pace.rate)
        return None
