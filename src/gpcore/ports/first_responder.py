"""The first answer to an interaction, inside Discord's three seconds."""

from abc import ABC, abstractmethod

from gpcore.domain.messages import Callback
from gpcore.domain.secrets import Secret


class FirstResponder(ABC):
    """Sends callbacks, authorised by the interaction's token alone.

    Guarantees:
        - No bot token is ever sent.
        - One call makes at most one request and returns or raises within ``timeout``.
        - An id or token that could change the request's path is refused before any request.

    No guarantee:
        - After ``PortTimeoutError`` or ``PortUnavailableError`` Discord may have accepted it;
          repeating it then raises ``AlreadyAcknowledgedError``.
    """

    __slots__ = ()

    @abstractmethod
    async def respond(self, interaction_id: str, token: Secret, callback: Callback, *, timeout: float) -> None:
        """Send the first answer.

        Args:
            interaction_id: Snowflake.
            token: The interaction's token.
            callback: What to answer.
            timeout: Seconds, above 0.

        Raises:
            AlreadyAcknowledgedError: Discord has a first answer already (40060).
            InteractionExpiredError: Too late, or Discord does not know it (10062).
            PortTimeoutError: No reply in time.
            PortThrottledError: Discord asks to wait.
            PortUnavailableError: The network or Discord failed (5xx).
            PortRejectedError: Discord refused the answer itself.
        """
