"""The way out for whatever gp does not model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_NEEDS_COMPONENTS_V2: Final = frozenset({9, 10, 11, 12, 13, 14, 17})
"""Discord's types section, text display, thumbnail, media gallery, file, separator and container."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A component as Discord's own object, sent as it is.

    Attributes:
        data: JSON object with at least ``type``; gp checks none of its limits.
    """

    data: Mapping[str, object] = field(hash=False)

    @property
    def needs_components_v2(self) -> bool:
        """Whether a message with it must carry the flag IS_COMPONENTS_V2."""
        return self.data.get("type") in _NEEDS_COMPONENTS_V2
