"""Bytes to envelopes and back."""

from abc import ABC, abstractmethod

from gpcore.domain.envelope import Envelope
from gpcore.domain.wire_message import WireMessage


class Codec(ABC):
    """Decodes the bodies that ingestors publish.

    Guarantees:
        - ``decode`` either returns a checked envelope or raises ``DecodeError``; no body,
          however hostile, makes it raise anything else or block for more than about 100 ms.
        - An error's reason never contains any part of the body.
        - ``redact`` never returns an interaction token.
    """

    __slots__ = ()

    @abstractmethod
    def decode(self, message: WireMessage, *, received_at_ms: int) -> Envelope:
        """Decode and check one message.

        Args:
            message: The body with its properties.
            received_at_ms: Unix ms of the receipt; only tells a joined guild from one that came back.

        Raises:
            IgnoredBodyError: A body known to be useless: acknowledge and count.
            DecodeError: Anything else that cannot be processed: dead-letter.
        """

    @abstractmethod
    def redact(self, message: WireMessage) -> WireMessage:
        """Return the message as it may be kept: tokens replaced by ``[redacted]``.

        A body that cannot be parsed becomes ``{"unparsable": true, "length": n, "sha256": "…"}``.
        """

    @abstractmethod
    def named_type(self, message: WireMessage) -> str | None:
        """Return what a body calls its own type, whether or not it can be decoded.

        Only for showing it to a person: a redacted interaction no longer decodes. An envelope's event
        type or a frame's dispatch name, at most 128 characters; ``None`` if it names none.
        """
