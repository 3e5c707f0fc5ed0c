"""How much is measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """How long a run takes.

    Attributes:
        rounds: How often everything is measured.
        share: What part of the usual number of messages; at least a handful are always taken.
    """

    rounds: int = 5
    share: float = 1.0

    def count(self, usual: int) -> int:
        """Return how many messages to take where ``usual`` are usual."""
        return max(20, int(usual * self.share))


QUICK = Scale(rounds=1, share=0.01)
"""Enough to see that everything runs."""
