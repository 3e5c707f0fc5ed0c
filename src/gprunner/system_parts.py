"""What the runner needs of parts that it knows by what they can do."""

from typing import Any, Protocol, runtime_checkable


class Startable(Protocol):
    """Has to be started before the system works."""

    async def start(self) -> object:
        """Start."""

    async def close(self) -> None:
        """Stop."""


class Answered(Protocol):
    """An interaction as a stand-in Discord knows it.

    Attributes:
        first: The first answer's type, ``None`` before it.
        answer: Its data.
        original: Discord's object of the message of the first answer.
        loading: Whether that only says "thinking".
    """

    first: int | None
    answer: dict[str, Any]
    original: dict[str, Any] | None
    loading: bool


class Simulator(Startable, Protocol):
    """A stand-in Discord."""

    def register_interaction(
        self, interaction_id: str, token: str | None = None, *, kind: int | None = None, from_message: bool = False
    ) -> None:
        """Make an interaction known, so that only what is legal for its kind is accepted."""

    def interaction(self, interaction_id: str) -> Answered | None:
        """Return what is known of an interaction."""

    def messages(self) -> list[dict[str, Any]]:
        """Return the bot's messages in channels, oldest first."""


@runtime_checkable
class Closable(Protocol):
    """Holds connections."""

    async def close(self) -> None:
        """Close them."""


@runtime_checkable
class Metrics(Protocol):
    """Telemetry that can be scraped."""

    def render(self) -> tuple[bytes, str]:
        """Return the exposition and its content type."""
