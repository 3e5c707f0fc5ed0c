"""The one shape that every wire format decodes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gpcore.domain.secrets import Secret
from gpcore.domain.wire_message import no_headers

INTERACTION_PREFIX = "interaction."


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One interaction or event with its routing facts, decoded and checked.

    Attributes:
        event_id: Lower-case UUID; the idempotency key of an event.
        event_type: ``interaction.command.<name>``, ``interaction.button`` (every component),
            ``interaction.modal``, ``interaction.autocomplete``, ``interaction.ping``,
            ``member.join|leave|update``, ``guild.join|available|leave|outage``,
            ``message.create``, or Discord's own name (``GUILD_ROLE_CREATE``) of any other dispatch.
        published_at_ms: When the ingestor published it (Unix ms). Never used to judge age.
        wire_format: ``v1``, ``v2`` or ``frame``.
        dispatch: Discord's event name where the format carries it.
        guild_id, channel_id, user_id: Snowflakes, or ``None``.
        interaction_id, interaction_token: Both set for interactions, both ``None`` for events.
        data: v1's ``data`` object; empty when ``raw`` is there.
        raw: Discord's own ``d`` object, untouched, or ``None`` for v1.
        trace_parent: W3C trace context, if the publisher sent one.
    """

    event_id: str
    event_type: str
    published_at_ms: int
    wire_format: str
    shard_id: int = 0
    dispatch: str | None = None
    guild_id: str | None = None
    channel_id: str | None = None
    user_id: str | None = None
    interaction_id: str | None = None
    interaction_token: Secret | None = None
    data: Mapping[str, object] = field(default_factory=no_headers, repr=False)
    raw: Mapping[str, object] | None = field(default=None, repr=False)
    trace_parent: str | None = None

    @property
    def is_interaction(self) -> bool:
        """Whether this belongs to the interactions lane."""
        return self.event_type.startswith(INTERACTION_PREFIX)
