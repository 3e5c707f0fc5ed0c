"""Discord's snowflakes and the event ids that gp derives.

A snowflake is an unsigned 64-bit number, written as a decimal string, whose upper 42 bits count
milliseconds since 2015-01-01 (Discord, reference, "Snowflakes"). The creation time inside an
interaction's id is the only clock that both Discord and gp agree on.
"""

from hashlib import sha1
from typing import Final
from uuid import UUID

DISCORD_EPOCH_MS: Final = 1_420_070_400_000
"""Milliseconds between the Unix epoch and Discord's."""

GP_NAMESPACE: Final = UUID("6f2f1c4e-7a0b-5d6c-9b57-3f0d2f6c8a11")
"""Namespace of every derived event id. Changing it would make running fleets process twice."""

_NAMESPACE: Final = GP_NAMESPACE.bytes
_SHORTEST: Final = 17
_LONGEST: Final = 20
LARGEST_SNOWFLAKE: Final = str(2**64 - 1)


def is_snowflake(text: str) -> bool:
    """Tell whether ``text`` can be the id of something on Discord (17 to 20 ASCII digits)."""
    # Every id of every message comes by here: this takes a third of the time of a pattern and a number.
    if not (_SHORTEST <= len(text) <= _LONGEST and text.isdigit() and text.isascii()) or text[0] == "0":
        return False
    return len(text) < _LONGEST or text <= LARGEST_SNOWFLAKE


def created_at_ms(snowflake: str) -> int:
    """Return when the thing with this id was created, in milliseconds since the Unix epoch."""
    return (int(snowflake) >> 22) + DISCORD_EPOCH_MS


def snowflake_at(unix_ms: int, sequence: int = 0) -> str:
    """Mint an id as Discord would at ``unix_ms``; ``sequence`` (0 to 2**22 - 1) tells ids of one millisecond apart."""
    return str((unix_ms - DISCORD_EPOCH_MS) << 22 | sequence)


def interaction_event_id(interaction_id: str) -> str:
    """Return the event id that every publisher of this interaction agrees on."""
    return _named(f"interaction:{interaction_id}")


def dispatch_event_id(dispatch: str, shard_id: int, sequence: int, body_sha256: str) -> str:
    """Return the event id that every publisher of this gateway dispatch agrees on.

    Args:
        dispatch: Discord's event name, such as ``GUILD_MEMBER_ADD``.
        shard_id: The shard that received it.
        sequence: The gateway's ``s``; 0 if the publisher lost it.
        body_sha256: Hex digest of the canonical JSON of ``d``.
    """
    return _named(f"dispatch:{dispatch}:{shard_id}:{sequence}:{body_sha256}")


def _named(name: str) -> str:
    """Return what ``str(uuid5(GP_NAMESPACE, name))`` is (RFC 9562, 5.5), in a third of its time."""
    octets = bytearray(sha1(_NAMESPACE + name.encode(), usedforsecurity=False).digest()[:16])
    octets[6] = octets[6] & 0x0F | 0x50
    octets[8] = octets[8] & 0x3F | 0x80
    digits = octets.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
