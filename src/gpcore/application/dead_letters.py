"""What a person does with dead letters: look, show one, throw away.

A shelf holds what it has taken until it is closed, so a letter that was passed over keeps its place.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from gpcore.domain.dead_letters import UNKNOWN, DeadLetterEntry, Selection, entry_of
from gpcore.domain.headers import first_seen_ms
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import DecodeError, IgnoredBodyError, PortError
from gpcore.ports.clock import Clock
from gpcore.ports.codec import Codec
from gpcore.ports.dead_letters import DeadLetters, DeadLetterShelf
from gpcore.ports.delivery import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A dead letter that is still held.

    Attributes:
        entry: What it tells about itself.
        delivery: To settle it.
    """

    entry: DeadLetterEntry
    delivery: Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the letters that were meant.

    Attributes:
        moved: Ids of those that were put back or thrown away; on a dry run, of those that would be.
        left: How many were left where they are, by the reason in a word.
        failure: Why it stopped before the end, ``None`` if it did not.
    """

    moved: Sequence[str]
    left: Mapping[str, int]
    failure: str | None = None


class LetterReader:
    """Reads what a shelf holds."""

    def __init__(self, codec: Codec, clock: Clock) -> None:
        self._codec: Final = codec
        self._clock: Final = clock

    async def meant(
        self, shelf: DeadLetterShelf, lane: Lane, selection: Selection, *, most: int | None = None
    ) -> AsyncIterator[Found]:
        """Take what a shelf had when it was opened, at most the first ``most``, and give what is meant."""
        bound = shelf.depth if most is None else min(shelf.depth, most)
        for _ in range(bound):
            delivery = await shelf.take()
            if delivery is None:
                return
            entry = self._entry(delivery.message, lane)
            if selection.meets(entry):
                yield Found(entry=entry, delivery=delivery)

    def redacted(self, message: WireMessage) -> WireMessage:
        """Return a message as it may be shown."""
        return self._codec.redact(message)

    def _entry(self, message: WireMessage, lane: Lane) -> DeadLetterEntry:
        now_ms = self._clock.now_us() // 1000
        try:
            envelope = self._codec.decode(message, received_at_ms=first_seen_ms(message.headers) or now_ms)
        except (DecodeError, IgnoredBodyError):
            named = self._codec.named_type(self._codec.redact(message)) or UNKNOWN
            letter_id = _id_without_envelope(message)
            return entry_of(message.headers, letter_id=letter_id, lane=lane, event_type=named, decodes=False)
        letter_id, event_type = envelope.event_id, envelope.event_type
        return entry_of(message.headers, letter_id=letter_id, lane=lane, event_type=event_type)


class DeadLetterOffice:
    """Looks at the dead letters of both lanes, and throws some away."""

    def __init__(self, letters: DeadLetters, reader: LetterReader) -> None:
        self._letters: Final = letters
        self._reader: Final = reader

    async def look(self, lane: Lane, selection: Selection, *, most: int) -> Sequence[DeadLetterEntry]:
        """Return what is meant among the first ``most`` letters of a lane; changes nothing.

        Raises:
            PortError: The broker cannot be reached, or has no such queue.
        """
        async with self._letters.open(lane) as shelf:
            return [found.entry async for found in self._reader.meant(shelf, lane, selection, most=most)]

    async def show(self, letter_id: str) -> tuple[DeadLetterEntry, WireMessage] | None:
        """Return the first letter with this id, its tokens redacted; ``None`` if there is none.

        Raises:
            PortError: The broker cannot be reached, or has no such queue.
        """
        for lane in Lane:
            async with self._letters.open(lane) as shelf:
                async for found in self._reader.meant(shelf, lane, Selection(id=letter_id)):
                    return found.entry, self._reader.redacted(found.delivery.message)
        return None

    async def purge(self, lane: Lane, selection: Selection, *, really: bool) -> Outcome:
        """Throw letters away, never more than there were at the start.

        Raises:
            PortError: The dead-letter queue could not be opened.
        """
        moved: list[str] = []
        async with self._letters.open(lane) as shelf:
            try:
                async for found in self._reader.meant(shelf, lane, selection):
                    if not really or await found.delivery.ack():
                        moved.append(found.entry.id)  # noqa: PERF401 - what went before a failure must be known
            except PortError as error:
                return Outcome(moved=moved, left={}, failure=str(error))
        return Outcome(moved=moved, left={})


def _id_without_envelope(message: WireMessage) -> str:
    if message.message_id is not None:
        return message.message_id.lower()
    return f"body:{sha256(message.body).hexdigest()[:16]}"
