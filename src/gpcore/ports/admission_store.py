"""Limits and cooldowns, decided for the whole fleet."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from gpcore.domain.limit_rules import Decision, Rule


class AdmissionStore(ABC):
    """Decides a list of limits and cooldowns, all or nothing.

    Guarantees:
        - One decision is atomic: either every rule takes its units or none does.
        - A refusal changes nothing, neither state nor any expiry.
        - Windows and cooldowns remember a use by its ``nonce``: asking again inside the window is
          allowed and counts nothing, and ``refund`` gives back exactly what this ``nonce`` took.
        - Time is the store's own; a clock stepping back never admits more than the limit.

    No guarantee:
        - Counters and even rates remember no use: one that is asked again counts again, a lost reply
          may cost one use, and ``refund`` leaves them as they are.
        - A store that loses its last writes (failover) may grant a window again.
        - A Redis Cluster decides the rules of one ``entity`` in one step, but not those of several: for
          a moment units may be taken that are given back when another entity's rule refuses. It
          never admits more than a limit.
    """

    __slots__ = ()

    @abstractmethod
    async def admit(self, rules: Sequence[Rule], *, nonce: str) -> Decision:
        """Take the units of every rule if all of them admit.

        Args:
            rules: One to ten rules with different keys.
            nonce: Identifies the use: an interaction's or event's id, so that a redelivery is not refused
                by itself, else anything unique.

        Raises:
            ValueError: No rules or too many, a key twice, a nonce that is empty or too long, or a number out of bounds.
            PortUnavailableError: The store did not answer; units may have been taken once.
        """

    @abstractmethod
    async def peek(self, rules: Sequence[Rule]) -> Decision:
        """Return what ``admit`` would decide now, changing nothing.

        Raises:
            ValueError: As for ``admit``.
            PortUnavailableError: The store did not answer.
        """

    @abstractmethod
    async def refund(self, rules: Sequence[Rule], *, nonce: str) -> None:
        """Give back the units that ``nonce`` took; harmless if it took none.

        Raises:
            ValueError: As for ``admit``.
            PortUnavailableError: The store did not answer; the units may be back or not.
        """

    @abstractmethod
    async def reset(self, rules: Sequence[Rule]) -> None:
        """Forget everything about these rules' keys.

        Raises:
            ValueError: As for ``admit``.
            PortUnavailableError: The store did not answer.
        """
