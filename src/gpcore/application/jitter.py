"""Randomness that only spreads load."""

import random


def unit() -> float:
    """Return a number in [0, 1)."""
    return random.random()  # noqa: S311 - spreads load, guards nothing
