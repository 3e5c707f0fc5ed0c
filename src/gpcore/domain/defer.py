"""When an interaction is deferred."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LATEST_AUTO: Final = 2.5
"""Seconds after receipt beyond which an automatic defer could miss Discord's three."""


class DeferMode(StrEnum):
    """The three policies."""

    NEVER = "never"
    ALWAYS = "always"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Defer:
    """A handler's defer policy; use the constructors ``never``, ``always`` and ``auto``.

    Attributes:
        mode: Which policy.
        after: For ``auto``: seconds from receipt after which gp defers by itself.
        ephemeral: Whether the deferred answer is visible to the user alone; fixed by the defer.
    """

    mode: DeferMode
    after: float = 0.0
    ephemeral: bool = False

    @classmethod
    def never(cls) -> "Defer":
        """The handler answers by itself within three seconds; needed to open a modal."""
        return cls(DeferMode.NEVER)

    @classmethod
    def always(cls, *, ephemeral: bool = False) -> "Defer":
        """Defer on delivery, before the handler starts."""
        return cls(DeferMode.ALWAYS, ephemeral=ephemeral)

    @classmethod
    def auto(cls, after: float = 1.0, *, ephemeral: bool = False) -> "Defer":
        """Defer only if the handler has not answered ``after`` seconds (0 to 2.5) after receipt.

        Raises:
            ValueError: ``after`` is out of bounds.
        """
        if not 0 <= after <= LATEST_AUTO:
            msg = f"Defer.auto(after={after}): give 0 to {LATEST_AUTO} seconds, Discord waits only 3"
            raise ValueError(msg)
        return cls(DeferMode.AUTO, after, ephemeral)
