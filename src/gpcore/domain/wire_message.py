"""A message as the broker carries it: bytes, headers, properties."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

NO_HEADERS: Final[Mapping[str, object]] = MappingProxyType({})


def no_headers() -> Mapping[str, object]:
    """Return an empty mapping that nobody can change, as a dataclass default."""
    return NO_HEADERS


class Lane(StrEnum):
    """The two streams of work, each with its own queue, prefetch and handler slots."""

    INTERACTIONS = "interactions"
    EVENTS = "events"


@dataclass(frozen=True, slots=True, kw_only=True)
class WireMessage:
    """A body with the AMQP properties that gp reads or writes.

    Attributes:
        body: The bytes as published; may hold an interaction token, so it is left out of ``repr``.
        headers: Application headers. Names starting with ``x-`` belong to the broker and are
            never sent back to it.
        message_id: The event id, if the publisher set one.
        content_type: ``application/json`` for everything that gp publishes.
        content_encoding: Anything but ``None``, ``""`` or ``utf-8`` is refused by the codec.
        priority: 0 to 10, see ``gpcore.domain.priorities``.
    """

    body: bytes = field(repr=False)
    headers: Mapping[str, object] = field(default_factory=no_headers, repr=False)
    message_id: str | None = None
    content_type: str | None = "application/json"
    content_encoding: str | None = None
    priority: int = 0
